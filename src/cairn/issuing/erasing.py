"""Take a person out of awards: erase, or restrict to the register.  The rows stay and are counted.

Each runs in the transaction of its caller, who has locked the awards (`acts.locked`) and checked
that it may.  What the wallet knows goes by the wallet's own module; the learner by `people`.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from cairn.core.codec import strict_json
from cairn.issuing import bits, status_lists
from cairn.issuing.changes import Change
from cairn.issuing.models import Award, BatchRow, Credential, Removal, SignedForm, StatusList
from cairn.organisations.models import Organisation
from cairn.people.erasing import nobody
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.signing.models import SigningOrder

# What an award says of a person, and what stands there afterwards.
_PERSONAL: dict[str, object] = {
    "recipient_name": "",
    "narrative": "",
    "evidence_url": "",
    "evidence_name": "",
    "results": [],
    "student_number": "",
    "terms": {},
    "withdrawn_note": "",
}
_AT_ONCE = 200  # awards in one statement
_STANDING = (Award.State.PLANNED, Award.State.ISSUED, Award.State.SUSPENDED)


def erase(
    awards: Sequence[Award], *, origin: Removal.Origin, actor: User | None, now: datetime
) -> None:
    """Empty what these awards say of a person; delete what was signed, with its salt.

    At the learner's request those that stood are withdrawn, publicly for that reason: an issuer who
    can't look it up any more can't stand by it.  Where only the time of keeping is over they are
    not, and a file that the learner saved goes on counting.  Entries of status lists stay taken.
    """
    ids = [award.id for award in awards]
    credentials = list(Credential.objects.filter(award__in=ids).values_list("id", flat=True))
    ending = _STANDING if origin == Removal.Origin.REQUEST else (Award.State.PLANNED,)
    standing = [award.id for award in awards if award.state in ending]
    lists = _revoke(standing, now)
    someone = nobody(now)
    for award in awards:
        award.learner = someone
        for name, empty in _PERSONAL.items():
            setattr(award, name, empty)
        if award.id in standing:
            award.state, award.withdrawn_at = Award.State.WITHDRAWN, now
            award.withdrawn_reason = Award.Reason.REQUEST
    fields = ["learner", "state", "withdrawn_at", "withdrawn_reason", *_PERSONAL]
    _save_apart(awards, fields, now)
    SignedForm.objects.filter(credential__in=credentials).delete()
    Credential.objects.filter(pk__in=credentials).update(salt="")
    Change.objects.filter(award__in=ids).delete()  # their notes speak of the person
    SigningOrder.objects.filter(subject_id__in=credentials).update(problem="")
    BatchRow.objects.filter(pk__in=ids).update(
        email="", name="", student_number="", said={}, cells=[], problems=[]
    )
    for status_list in lists:
        status_lists.order_list(status_list, requester=actor, now=now)
    _remove(awards, Removal.Kind.ERASED, origin, actor, now)


def restrict(
    awards: Sequence[Award], *, origin: Removal.Origin, actor: User | None, now: datetime
) -> None:
    """Take these awards out of sight; what was signed and what they say stays as it is."""
    _remove(awards, Removal.Kind.RESTRICTED, origin, actor, now)


def rows_about(
    issuer: Organisation, *, emails: Iterable[str], names: Iterable[str], numbers: Iterable[str]
) -> Iterator[BatchRow]:
    """Rows of uploaded tables that speak of a person and became no award.

    By address or student number; by name alone where a row says no address: two people may have
    one name, and a row of somebody else is not ours to delete.
    """
    mails, called, numbered = frozenset(emails), frozenset(names), frozenset(numbers)
    for row in _candidates(issuer, mails | called | numbered):
        cells = {str(cell).strip() for cell in row.cells}
        said = {cell.lower() for cell in cells} | {row.email.lower()}
        has_address = any("@" in each for each in said)
        if (
            said & mails
            or (cells | {row.student_number}) & numbered
            or (not has_address and (cells | {row.name}) & called)
        ):
            yield row


def earlier_names(awards: Iterable[Award]) -> set[str]:
    """What signed documents of these awards call the learner, those that were replaced too."""
    signed = SignedForm.objects.filter(
        credential__award__in=[award.id for award in awards], form=SignedForm.Form.DATA_INTEGRITY
    )
    return {name for body in signed.values_list("body", flat=True) for name in _names(bytes(body))}


def _names(body: bytes) -> Iterator[str]:
    document = strict_json.read(body)
    subject = document.get("credentialSubject") if isinstance(document, dict) else None
    found = subject.get("identifier", []) if isinstance(subject, dict) else []
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict) and each.get("identityType") == "name":
            yield str(each.get("identityHash", ""))


def _candidates(issuer: Organisation, words: frozenset[str]) -> QuerySet[BatchRow]:
    # The databases keep JSON as text each in its own way: letters as they are, or escaped.
    found = Q(pk__in=())
    for word in words - {""}:
        spelt = json.dumps(word)[1:-1]
        found |= Q(email__iexact=word) | Q(name=word) | Q(student_number=word)
        found |= Q(text__icontains=word) | Q(text__icontains=spelt)
    rows = BatchRow.objects.filter(issuer=issuer).exclude(state=BatchRow.State.ISSUED)
    return rows.annotate(text=Cast("cells", TextField())).filter(found).order_by("id")


def _revoke(award_ids: Sequence[UUID], now: datetime) -> list[StatusList]:
    credentials = Credential.objects.filter(award__in=award_ids).values_list("id", flat=True)
    return bits.write(credentials, status_lists.REVOCATION, is_set=True, now=now)


def _save_apart(awards: Sequence[Award], fields: list[str], now: datetime) -> None:
    """Save them, each of the same version and run with a learner of its own: one award a run."""
    seen: set[tuple[UUID, UUID | None]] = set()
    for award in awards:
        place = (award.version_id, award.offering_id)
        if place in seen:
            award.learner = nobody(now)
        seen.add(place)
    Award.objects.bulk_update(awards, fields, batch_size=_AT_ONCE)


def _remove(
    awards: Sequence[Award],
    kind: Removal.Kind,
    origin: Removal.Origin,
    actor: User | None,
    now: datetime,
) -> None:
    ids = [award.id for award in awards]
    Removal.objects.filter(award__in=ids).delete()  # what was restricted may be erased
    Removal.objects.bulk_create(
        Removal(award=award, kind=kind, origin=origin, at=now) for award in awards
    )
    name = "award.erase" if kind == Removal.Kind.ERASED else "award.restrict"
    told = [(award_id, {"origin": str(origin)}) for award_id in ids]
    audit.record_each(
        name,
        organisation_id=awards[0].issuer_id,
        actor_id=actor.id if actor else None,
        subject_kind="award",
        subjects=told,
        at=now,
    )
    outbox.emit_each(f"{name}d", organisation_id=awards[0].issuer_id, subjects=told, at=now)
