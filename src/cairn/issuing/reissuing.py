"""Give up a key, and issue again what it signed: the same awards, new credentials, another key.

The plan is one transaction: which awards, their new credentials with ids, salts and status entries,
the old ones marked as replaced.  The signer job then signs chunk by chunk; a chunk may be begun
twice and is signed once.  Lock order as in `status_lists`; awards in the order of their ids.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from cairn.core.status.credential import Purpose
from cairn.issuing import acts, bits, status_lists
from cairn.issuing.acts import Order
from cairn.issuing.changes import KEY_GIVEN_UP, Act
from cairn.issuing.models import Award, Credential, SignedForm, StatusEntry
from cairn.issuing.reissues import Reissue, ReissueChunk
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import audit, outbox
from cairn.signing import orders
from cairn.signing.services import mark_compromised

CHUNK_AWARDS = 100
_AT_ONCE = 500  # rows of one statement
_SALT_BYTES = 16
_IN_FORCE = (Award.State.ISSUED, Award.State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Reach:
    """What giving up a key touches."""

    credentials: int  # that it signed, in any form
    awards: int  # in force or suspended, whose credential it signed: they can be issued again
    learners: int  # to whom those were awarded


def reach_of(organisation: Organisation, fragment: str) -> Reach:
    """What giving up this key of `organisation` touches: 3 queries."""
    signed = SignedForm.objects.filter(issuer=organisation, key_fragment=fragment)
    awards = _signed_awards(organisation, fragment)
    return Reach(
        signed.values("credential").distinct().count(),
        awards.count(),
        awards.values("learner").distinct().count(),
    )


@transaction.atomic
def give_up_key(
    *, organisation: Organisation, fragment: str, is_reissued: bool, actor: User, now: datetime
) -> Reissue | None:
    """Give up a key, and order what it signed anew unless `is_reissued` is false.

    Raises as `signing.services.mark_compromised`; then nothing has changed.
    """
    mark_compromised(organisation=organisation, fragment=fragment, actor=actor, now=now)
    if not is_reissued:
        return None
    reissue = Reissue.objects.create(
        issuer=organisation, key_fragment=fragment, ordered_by=actor, ordered_at=now
    )
    audit.record(
        "reissue.order",
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind="reissue",
        subject_id=reissue.id,
        at=now,
        fragment=fragment,
    )
    outbox.emit("reissue.ordered", organisation_id=organisation.id, subject_id=reissue.id, at=now)
    return reissue


@transaction.atomic
def plan(*, reissue_id: UUID, now: datetime) -> int:
    """Fix all of the new credentials but their signatures, and order them; how many there are.

    Planned once: a second call finds it done.
    """
    reissue = (
        Reissue.objects.select_for_update(of=("self",))
        .select_related("issuer", "ordered_by")
        .get(pk=reissue_id)
    )
    if reissue.planned_at is not None:
        return reissue.awards
    found = _signed_awards(reissue.issuer, reissue.key_fragment).select_related("version")
    awards = list(found.select_for_update(of=("self",)).order_by("id"))
    reissue.planned_at, reissue.awards = now, len(awards)
    if not awards:
        reissue.done_at = now
    reissue.save(update_fields=["planned_at", "awards", "done_at"])
    if awards:
        _replace(reissue, awards, now)
    return len(awards)


def progress_of(organisation: Organisation) -> list[tuple[Reissue, int]]:
    """The re-issues of `organisation`, newest first, each with how many awards are signed."""
    found = Reissue.objects.filter(issuer=organisation).order_by("-ordered_at")
    return [
        (
            reissue,
            sum(
                len(ids)
                for ids in reissue.chunks.exclude(done_at=None).values_list("award_ids", flat=True)
            ),
        )
        for reissue in found.select_related("ordered_by")
    ]


def _signed_awards(organisation: Organisation, fragment: str) -> QuerySet[Award]:
    """The awards in force or suspended whose current credential this key signed, in any form."""
    by_key = Credential.objects.filter(
        issuer=organisation, is_current=True, forms__key_fragment=fragment
    )
    return Award.objects.filter(
        issuer=organisation, state__in=_IN_FORCE, pk__in=by_key.values("award")
    )


def _replace(reissue: Reissue, awards: Sequence[Award], now: datetime) -> None:
    """Put a planned credential in the place of each current one, and order the chunks."""
    ids = [award.id for award in awards]
    old = {
        award_id: credential_id
        for part in _parts(ids)
        for award_id, credential_id in Credential.objects.filter(
            award__in=part, is_current=True
        ).values_list("award_id", "id")
    }
    lists = bits.write(old.values(), status_lists.REVOCATION, is_set=True, now=now)
    new = _plan_credentials(reissue, awards, list(old.values()), now)
    suspended = [new[award.id] for award in awards if award.state == Award.State.SUSPENDED]
    lists += bits.write(suspended, status_lists.SUSPENSION, is_set=True, now=now)
    for part in _parts([award.id for award in awards if award.state == Award.State.ISSUED]):
        Award.objects.filter(pk__in=part).update(state=Award.State.PLANNED)
    _order_chunks(reissue, ids, now)
    # After the new ones: while an old one is published as revoked, there is something newer.
    bits.order(lists, requester=reissue.ordered_by, now=now)
    acts.record(
        awards,
        Order(Act.REPLACE, reissue.id, KEY_GIVEN_UP),
        reissue.ordered_by,
        now,
        {award_id: (old[award_id], new[award_id]) for award_id in ids},
    )


def _plan_credentials(
    reissue: Reissue, awards: Sequence[Award], old: Sequence[UUID], now: datetime
) -> dict[UUID, UUID]:
    """The new credential of each award, with its entries; the old ones stop being current."""
    for part in _parts(old):
        Credential.objects.filter(pk__in=part).update(is_current=False)
    credentials = {
        award.id: Credential(
            issuer=reissue.issuer, award=award, salt=secrets.token_hex(_SALT_BYTES), planned_at=now
        )
        for award in awards
    }
    Credential.objects.bulk_create(credentials.values(), batch_size=_AT_ONCE)
    _enter(reissue.issuer, list(credentials.values()), status_lists.REVOCATION, now)
    suspendable = [credentials[one.id] for one in awards if one.version.is_suspendable]
    _enter(reissue.issuer, suspendable, status_lists.SUSPENSION, now)
    return {award_id: credential.id for award_id, credential in credentials.items()}


def _enter(
    issuer: Organisation, credentials: Sequence[Credential], purpose: Purpose, now: datetime
) -> None:
    taken = status_lists.take_many(issuer, purpose, len(credentials), now)
    StatusEntry.objects.bulk_create(
        [
            StatusEntry(issuer=issuer, credential=each, status_list_id=list_id, index=index)
            for each, (list_id, index) in zip(credentials, taken, strict=True)
        ],
        batch_size=_AT_ONCE,
    )


def _order_chunks(reissue: Reissue, award_ids: Sequence[UUID], now: datetime) -> None:
    for number, start in enumerate(range(0, len(award_ids), CHUNK_AWARDS)):
        chunk = ReissueChunk.objects.create(
            issuer=reissue.issuer,
            reissue=reissue,
            number=number,
            award_ids=[str(each) for each in award_ids[start : start + CHUNK_AWARDS]],
        )
        orders.place(
            organisation=reissue.issuer,
            kind="reissue_chunk",
            subject_id=chunk.id,
            requester=reissue.ordered_by,
            now=now,
        )


def _parts(items: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
