"""The handler of the signing orders of re-issued credentials; the signer job calls it.

A chunk is signed in one transaction and may be begun twice: it is locked, and the second time it is
found done.  An award that was withdrawn meanwhile is not signed.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.issuing import status_lists
from cairn.issuing.documents import Described, Entry
from cairn.issuing.models import Award, Credential, SignedForm, StatusEntry, StatusList
from cairn.issuing.reissues import Reissue, ReissueChunk
from cairn.platform import audit, outbox
from cairn.signing.bulk import BulkSigner
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer

_SIGNABLE = (Award.State.PLANNED, Award.State.SUSPENDED)
_Form = SignedForm.Form


@transaction.atomic
def sign_reissue_chunk(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign the chunk of `order`, unless that was done."""
    chunk = ReissueChunk.objects.select_for_update(of=("self",)).get(
        pk=order.subject_id, issuer=order.organisation
    )
    if chunk.done_at is not None:
        return
    credentials = _credentials(chunk)
    entries = _entries(credentials)
    _publish_new_lists(entries, signer, now)
    SignedForm.objects.bulk_create(_forms(credentials, entries, signer, now), batch_size=300)
    _issue(chunk, credentials, now)
    _finish(chunk, now)


def _credentials(chunk: ReissueChunk) -> list[Credential]:
    """What is to be signed, with its award; awards and credentials are locked by their ids."""
    related = Award.objects.select_for_update(of=("self",)).select_related(
        "issuer", "version__achievement__creator", "learner"
    )
    awards = {
        award.id: award
        for award in related.filter(
            issuer=chunk.issuer_id, pk__in=chunk.award_ids, state__in=_SIGNABLE
        ).order_by("id")
    }
    found = list(
        Credential.objects.select_for_update(of=("self",))
        .filter(award__in=awards, is_current=True, signed_at=None)
        .order_by("id")
    )
    for credential in found:
        credential.award = awards[credential.award_id]
    return found


def _entries(credentials: Sequence[Credential]) -> Mapping[UUID, list[Entry]]:
    """The entries of each, by purpose.  The lists are not read: their bits are long."""
    found: dict[UUID, list[Entry]] = {credential.id: [] for credential in credentials}
    told = StatusEntry.objects.filter(credential__in=found).order_by("status_list__purpose")
    for credential_id, list_id, index, purpose in told.values_list(
        "credential_id", "status_list_id", "index", "status_list__purpose"
    ):
        found[credential_id].append((list_id, index, purpose))
    return found


def _publish_new_lists(
    entries: Mapping[UUID, Sequence[Entry]], signer: Signer, now: datetime
) -> None:
    # A credential whose list cannot be had is "not checked" to everyone who looks.
    list_ids = {entry[0] for found in entries.values() for entry in found}
    new = StatusList.objects.filter(pk__in=list_ids, version=0).order_by("purpose", "id")
    for status_list in new.select_for_update():
        status_lists.publish(status_list, signer, now)


def _forms(
    credentials: Sequence[Credential],
    entries: Mapping[UUID, Sequence[Entry]],
    signer: Signer,
    now: datetime,
) -> Iterator[SignedForm]:
    bulk, described = BulkSigner(signer, now), _Described()
    for credential in credentials:
        award = credential.award
        document = described.of(award).document(
            award, credential.id, credential.salt, entries[credential.id]
        )
        proved, token = bulk.sign(document)
        twin = signer.sign_open_badge_jwt(document)
        for form, fragment, body in (
            (_Form.DATA_INTEGRITY, signer.document_fragment, proved),
            (_Form.OPEN_BADGES_JWT, signer.token_fragment, twin),
            (_Form.VC_JWT, signer.document_fragment, token),
        ):
            yield SignedForm(
                issuer_id=credential.issuer_id,
                credential=credential,
                form=form,
                body=body,
                sha256=hashlib.sha256(body).hexdigest(),
                key_fragment=fragment,
                signed_at=now,
            )


class _Described:
    """What awards of one version and language share, worked out once a chunk."""

    def __init__(self) -> None:
        self._found: dict[tuple[UUID, str], Described] = {}

    def of(self, award: Award) -> Described:
        kind = (award.version_id, award.language)
        if kind not in self._found:
            self._found[kind] = Described.of(award.version, award.language, award.issuer)
        return self._found[kind]


def _issue(chunk: ReissueChunk, credentials: Sequence[Credential], now: datetime) -> None:
    Credential.objects.filter(pk__in=[each.pk for each in credentials]).update(signed_at=now)
    Award.objects.filter(
        pk__in=[each.award_id for each in credentials], state=Award.State.PLANNED
    ).update(state=Award.State.ISSUED)
    audit.record(
        "reissue.sign_chunk",
        organisation_id=chunk.issuer_id,
        actor_id=None,
        subject_kind="reissue",
        subject_id=chunk.reissue_id,
        at=now,
        chunk=chunk.number,
        awards=len(credentials),
    )
    outbox.emit_each(
        "credential.issued",
        organisation_id=chunk.issuer_id,
        subjects=[(each.award_id, {"credential": str(each.id)}) for each in credentials],
        at=now,
    )


def _finish(chunk: ReissueChunk, now: datetime) -> None:
    chunk.done_at = now
    chunk.save(update_fields=["done_at"])
    # Under the lock of the re-issue, so that of the last two chunks one sees the other's end.
    reissue = Reissue.objects.select_for_update().get(pk=chunk.reissue_id)
    if not reissue.chunks.filter(done_at=None).exists():
        reissue.done_at = now
        reissue.save(update_fields=["done_at"])
