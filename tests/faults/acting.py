"""What `tests.faults.acts` does: acts of people, by the services of the rooms; and answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from cairn.catalogue.selectors import awardable_versions
from cairn.core.codec import strict_json
from cairn.core.status.credential import read_list
from cairn.issuing import services as issuing
from cairn.issuing.batches import planning
from cairn.issuing.batches import services as batches
from cairn.issuing.models import Award, Batch, BatchRow, StatusList
from cairn.jobs import queue
from cairn.jobs.worker import run_until_idle
from cairn.organisations import clients
from cairn.organisations.models import Organisation, Role, Scope
from cairn.people.models import User
from cairn.platform import audit_sealing
from cairn.signing.models import SigningKey
from tests import world
from tests.faults import auditing

Answer = dict[str, Any]
NAME = "Zoë “Ada” Ndiaye"


def now() -> datetime:
    """Real time: the workers live in it."""
    return datetime.now(UTC).replace(microsecond=0)


def seed(rows: str) -> Answer:
    """An issuer and an approved batch of so many rows; nothing is planned or signed yet."""
    issuer = world.organisation()
    awarder, registrar = (world.member(issuer, role) for role in (Role.AWARDER, Role.REGISTRAR))
    version = world.published_version(issuer)
    domain = f"{uuid4().hex}.example"
    people = "".join(f"{NAME} {n},p{n}@{domain}\n" for n in range(int(rows)))
    batch = batches.upload(
        issuer=issuer,
        version=version,
        offering=None,
        language="en",
        data=f"name,email\n{people}".encode(),
        file_name="people.csv",
        actor=awarder,
        now=now(),
    )
    run_until_idle(now())
    batches.submit(batch_id=batch.id, actor=awarder, now=now())
    batches.approve(batch_id=batch.id, actor=registrar, now=now())
    return {"batch": str(batch.id), "issuer": str(issuer.id), "registrar": str(registrar.id)}


def audit(batch: str) -> Answer:
    """Everything that must hold of a batch that is done: what does not, in words."""
    return {"problems": auditing.audit(Batch.objects.get(pk=batch), now())}


def withdraw(issuer: str, actor: str, *numbers: str) -> Answer:
    """Withdraw the awards with these places in the order of their ids, one after the other."""
    awards = Award.objects.filter(issuer_id=UUID(issuer)).order_by("id")
    for number in numbers:
        issuing.withdraw_award(
            award=awards[int(number)],
            reason=Award.Reason.ERROR,
            note="",
            actor=User.objects.get(pk=actor),
            now=now(),
        )
    return {}


def spoil(batch: str) -> Answer:
    """Put into one planned award what can't be signed; its row."""
    row = BatchRow.objects.filter(batch_id=UUID(batch), state=BatchRow.State.PLANNED).first()
    assert row is not None
    Award.objects.filter(pk=row.id).update(recipient_name="\x00\ufdd0")
    return {"row": row.number}


def plan(batch: str) -> Answer:
    """Plan the batch, and sign nothing."""
    planning.plan_batch(batch_id=UUID(batch), now=now())
    return {}


def program(issuer: str) -> Answer:
    """A program that may upload tables: its token, and where it sends them."""
    organisation = Organisation.objects.get(pk=issuer)
    awarder = world.member(organisation, Role.OWNER, Role.AWARDER)
    _, token = clients.create(
        organisation=organisation,
        name="Faults",
        scopes=[Scope.READ_BATCHES, Scope.WRITE_BATCHES],
        actor=awarder,
        now=now(),
    )
    version = awardable_versions(organisation).first()
    assert version is not None
    return {
        "token": token,
        "host": settings.CAIRN.host,
        "path": reverse("issuing:api_batches", args=[organisation.id]),
        "query": urlencode({"version": str(version.id), "language": "en"}),
    }


def hide_keys(issuer: str) -> Answer:
    """Take the organisation's keys out of its reach, as a security module does that is gone."""
    SigningKey.objects.filter(organisation_id=UUID(issuer), state="active").update(state="retired")
    return {}


def show_keys(issuer: str) -> Answer:
    """Bring them back, and have what was given up tried again."""
    SigningKey.objects.filter(organisation_id=UUID(issuer), state="retired").update(state="active")
    queue.retry([delivery.id for delivery in queue.failed()], now())
    return {}


def seal() -> Answer:
    """Seal all that was audited."""
    audit_sealing.seal_all(now())
    return {}


def published(issuer: str) -> Answer:
    """How many withdrawals the published lists tell of."""
    count = 0
    for status_list in StatusList.objects.filter(issuer_id=UUID(issuer), purpose="revocation"):
        read = strict_json.read(bytes(status_list.body))
        count += read_list(read, list_url=read["id"]).statuses.count()  # type: ignore[arg-type,call-overload,index]
    return {"withdrawn": count}


ACTS: dict[str, Callable[..., Answer]] = {
    act.__name__: act
    for act in (
        seed,
        audit,
        withdraw,
        spoil,
        plan,
        program,
        hide_keys,
        show_keys,
        seal,
        published,
    )
}
