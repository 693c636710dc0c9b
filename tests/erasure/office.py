"""A registrar, a learner with an award that went through everything, and their case."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import TestCase

from cairn.erasure import cases, selectors
from cairn.erasure.cases import Request, Ruling
from cairn.erasure.choices import Decision, Identity
from cairn.erasure.models import Case
from cairn.issuing.acts import Order, act_on
from cairn.issuing.batches import services as batches
from cairn.issuing.changes import Act
from cairn.issuing.models import Award
from cairn.issuing.replacing import Correction, replace_award
from cairn.issuing.services import Achieved
from cairn.organisations.models import Organisation, Role
from cairn.people.models import User
from cairn.wallet import services as wallet
from cairn.wallet.models import Wish
from tests import world
from tests.world import NOW

NAME, EMAIL, NUMBER = "Zoë Quillfeather", "zoe.quillfeather@example.net", "SN-4711-77"
SECRETS = ("quillfeather", "zoë", "4711-77", "owl pellets", "zq-portfolio", "half-blind")
SOON = NOW + timedelta(minutes=1)


def registrar_of(organisation: Organisation) -> User:
    """A person who decides."""
    return world.member(organisation, Role.REGISTRAR)


def storied_award(organisation: Organisation, **changes: Any) -> Award:
    """An award of Zoë's that was corrected, with a note on her, and mailed."""
    version = world.published_version(organisation, is_suspendable=True)
    actor = registrar_of(organisation)
    award = world.issued_award(organisation, version, **{"name": NAME, "email": EMAIL, **changes})
    with TestCase.captureOnCommitCallbacks(execute=True):
        wallet.prepare_claim(award_id=award.id, now=NOW)
    Award.objects.filter(pk=award.pk).update(student_number=NUMBER)
    correction = Correction(
        version,
        f"{NAME} II",
        Achieved("She dissected owl pellets.", "https://example.net/zq-portfolio", "ZQ-Portfolio"),
        award.valid_from,
        award.valid_until,
    )
    order = Order(Act.REPLACE, uuid4(), "name", "She is half-blind.")
    replace_award(award=award, correction=correction, order=order, actor=actor, now=NOW)
    world.sign_orders()
    with TestCase.captureOnCommitCallbacks(execute=True):
        wallet.prepare_claim(award_id=award.id, now=NOW)
    award.refresh_from_db()
    Wish.objects.create(
        organisation=organisation, award=award, by=actor, kind="name", name=NAME, made_at=NOW
    )
    return award


def suspended(award: Award, note: str) -> None:
    """Suspend an award, with a note."""
    order = Order(Act.SUSPEND, uuid4(), "review", note)
    act_on(
        issuer=award.issuer,
        award_ids=[award.id],
        order=order,
        actor=registrar_of(award.issuer),
        now=NOW,
    )


def uploaded(organisation: Organisation, text: str) -> None:
    """A table that stays a draft."""
    batches.upload(
        issuer=organisation,
        version=world.published_version(organisation),
        offering=None,
        language="en",
        data=text.encode(),
        file_name="people.csv",
        actor=registrar_of(organisation),
        now=NOW,
    )


def entered(organisation: Organisation, **changes: Any) -> Case:
    """A request that came by mail."""
    values = {
        "email": EMAIL,
        "received_at": NOW,
        "wants": Decision.ERASE,
        "identity": Identity.DOCUMENT,
        "wish": f"I am {NAME}; forget me.",
        "identity_note": f"Passport of {NAME}",
        **changes,
    }
    return cases.enter(
        organisation=organisation,
        request=Request(**values),
        actor=registrar_of(organisation),
        now=SOON,
    )


def decided(case: Case, decision: Decision = Decision.ERASE, **changes: Any) -> Case:
    """The decision on a case, with its letter sent."""
    bases = {Decision.ERASE: "consent", Decision.RESTRICT: "asked", Decision.REFUSE: "public_task"}
    values = {
        "decision": decision,
        "basis": bases[decision],
        "reasons": "The law of universities says so.",
        "identity": Identity.DOCUMENT,
        **changes,
    }
    now: datetime = values.pop("now", SOON)
    digest = selectors.digest_of(selectors.awards_of_case(case))
    with TestCase.captureOnCommitCallbacks(execute=True):
        return cases.decide(
            case_id=case.id,
            ruling=Ruling(**values),
            digest=digest,
            actor=registrar_of(case.organisation),
            now=now,
        )
