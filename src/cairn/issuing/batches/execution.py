"""The handlers of a batch's signing orders; the signer job calls them with an open signer.

A chunk is signed in one transaction, and may be begun twice: it is locked, and the second time it
is found done.  A row that can't be signed is parked with its reason and stops nobody; its award,
which nobody has seen, is taken back, so that the mended row can be uploaded again.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed
from cairn.core.rdf.outline import Uncovered
from cairn.issuing import status_lists
from cairn.issuing.documents import Described, Entry
from cairn.issuing.models import (
    Award,
    Batch,
    BatchChunk,
    BatchRow,
    Credential,
    SignedForm,
    StatusEntry,
    StatusList,
)
from cairn.platform import audit, outbox
from cairn.signing import orders
from cairn.signing.bulk import BulkSigner
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer

_WITHDRAWN = "it was withdrawn before it was signed"


@transaction.atomic
def sign_chunk(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign the chunk of `order`, unless that was done."""
    chunk = _locked(order)
    if chunk.done_at is not None:
        return
    rows = _rows(chunk, BatchRow.State.PLANNED)
    awards = _planned_awards(chunk, rows)
    credentials = list(
        Credential.objects.select_for_update(of=("self",))
        .filter(award__in=awards, is_current=True, signed_at=None)
        .order_by("id")
    )
    entries = _entries(credentials)
    _publish_new_lists({entry[0] for found in entries.values() for entry in found}, signer, now)
    signed, parked = _sign(chunk.batch, awards, credentials, entries, signer, now)
    parked |= dict.fromkeys(rows.keys() - awards.keys(), _WITHDRAWN)
    _issue(chunk, credentials, signed, signer, now)
    _park(chunk, rows, parked, awards, now)
    orders.place(
        organisation=order.organisation,
        kind="batch_tokens",
        subject_id=chunk.id,
        requester=None,
        now=now,
    )
    _finish(chunk, now)


@transaction.atomic
def sign_tokens(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign the RS256 twins of a chunk that was signed: ten times the work, so nobody waits for it.

    The document is taken from the signed JSON, so that both forms say the same.
    """
    chunk = _locked(order)
    form = SignedForm.Form
    issued = SignedForm.objects.filter(
        credential__award__in=_rows(chunk, BatchRow.State.ISSUED), form=form.DATA_INTEGRITY
    ).exclude(credential__forms__form=form.OPEN_BADGES_JWT)
    twins = []
    for twin_of in issued.order_by("credential_id"):
        document = strict_json.read(bytes(twin_of.body))
        if isinstance(document, dict):
            del document["proof"]
            body = signer.sign_open_badge_jwt(document)
            fragment = signer.token_fragment
            twins.append(
                _form(
                    chunk.issuer_id,
                    twin_of.credential_id,
                    form.OPEN_BADGES_JWT,
                    body,
                    fragment,
                    now,
                )
            )
    SignedForm.objects.bulk_create(twins)


def _locked(order: SigningOrder) -> BatchChunk:
    found = BatchChunk.objects.select_for_update(of=("self",)).select_related(
        "batch__issuer", "batch__version__achievement__creator"
    )
    return found.get(pk=order.subject_id, issuer=order.organisation)


def _rows(chunk: BatchChunk, state: str) -> dict[UUID, BatchRow]:
    found = BatchRow.objects.filter(
        batch=chunk.batch, number__range=(chunk.first_row, chunk.last_row), state=state
    )
    return {row.id: row for row in found.only("id", "number")}


def _planned_awards(chunk: BatchChunk, rows: Mapping[UUID, BatchRow]) -> dict[UUID, Award]:
    found = (
        Award.objects.select_for_update(of=("self",))
        .select_related("learner")
        .filter(issuer=chunk.issuer_id, pk__in=rows, state=Award.State.PLANNED)
        .order_by("id")
    )
    awards = {award.id: award for award in found}
    for award in awards.values():
        award.version, award.issuer = chunk.batch.version, chunk.batch.issuer
    return awards


def _entries(credentials: Sequence[Credential]) -> dict[UUID, list[Entry]]:
    """The entries of each, by purpose.  The lists are not read: their bits are long."""
    found: dict[UUID, list[Entry]] = {credential.id: [] for credential in credentials}
    told = StatusEntry.objects.filter(credential__in=found).order_by("status_list__purpose")
    for credential_id, list_id, index, purpose in told.values_list(
        "credential_id", "status_list_id", "index", "status_list__purpose"
    ):
        found[credential_id].append((list_id, index, purpose))
    return found


def _publish_new_lists(list_ids: set[UUID], signer: Signer, now: datetime) -> None:
    # A credential whose list cannot be had is "not checked" to everyone who looks.
    new = StatusList.objects.filter(pk__in=list_ids, version=0).order_by("purpose", "id")
    for status_list in new.select_for_update():
        status_lists.publish(status_list, signer, now)


def _sign(
    batch: Batch,
    awards: Mapping[UUID, Award],
    credentials: Sequence[Credential],
    entries: Mapping[UUID, Sequence[Entry]],
    signer: Signer,
    now: datetime,
) -> tuple[dict[UUID, tuple[bytes, bytes]], dict[UUID, str]]:
    """The forms of each credential by its id, and why an award can't be signed by its own."""
    described = Described.of(batch.version, batch.language, batch.issuer)
    bulk = BulkSigner(signer, now)
    signed: dict[UUID, tuple[bytes, bytes]] = {}
    parked: dict[UUID, str] = {}
    for credential in credentials:
        award = awards[credential.award_id]
        try:
            document = described.document(
                award, credential.id, credential.salt, entries[credential.id]
            )
            signed[credential.id] = bulk.sign(document)
        except (Malformed, Uncovered) as err:
            parked[award.id] = str(err)
    return signed, parked


def _issue(
    chunk: BatchChunk,
    credentials: Sequence[Credential],
    signed: Mapping[UUID, tuple[bytes, bytes]],
    signer: Signer,
    now: datetime,
) -> None:
    issuer_id = chunk.issuer_id
    issued = [credential for credential in credentials if credential.id in signed]
    award_ids = [credential.award_id for credential in issued]
    SignedForm.objects.bulk_create(_forms(issuer_id, signed, signer.document_fragment, now))
    Credential.objects.filter(pk__in=signed).update(signed_at=now)
    Award.objects.filter(pk__in=award_ids).update(state=Award.State.ISSUED)
    # What was said of a person stands in the award from now on.
    BatchRow.objects.filter(pk__in=award_ids).update(
        state=BatchRow.State.ISSUED, cells=[], said={}, email="", name="", student_number=""
    )
    told = [(found.award_id, {"credential": str(found.id)}) for found in issued]
    audit.record_each(
        "credential.sign",
        organisation_id=issuer_id,
        actor_id=None,
        subject_kind="award",
        subjects=told,
        at=now,
    )
    outbox.emit_each("credential.issued", organisation_id=issuer_id, subjects=told, at=now)


def _forms(
    issuer_id: UUID, signed: Mapping[UUID, tuple[bytes, bytes]], fragment: str, now: datetime
) -> Iterator[SignedForm]:
    for credential_id, (document, token) in signed.items():
        kinds = SignedForm.Form
        yield _form(issuer_id, credential_id, kinds.DATA_INTEGRITY, document, fragment, now)
        yield _form(issuer_id, credential_id, kinds.VC_JWT, token, fragment, now)


def _form(
    issuer_id: UUID, credential_id: UUID, form: str, body: bytes, fragment: str, now: datetime
) -> SignedForm:
    return SignedForm(
        issuer_id=issuer_id,
        credential_id=credential_id,
        form=form,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        key_fragment=fragment,
        signed_at=now,
    )


def _park(
    chunk: BatchChunk,
    rows: Mapping[UUID, BatchRow],
    parked: Mapping[UUID, str],
    awards: Mapping[UUID, Award],
    now: datetime,
) -> None:
    for award_id, reason in parked.items():
        row = rows[award_id]
        row.state = BatchRow.State.PARKED
        row.problems = [{"column": "", "value": "", "problem": reason, "mend": "upload it anew"}]
        row.save(update_fields=["state", "problems"])
    taken_back = [award_id for award_id in parked if award_id in awards]
    StatusEntry.objects.filter(credential__award__in=taken_back).delete()
    Credential.objects.filter(award__in=taken_back).delete()
    Award.objects.filter(pk__in=taken_back).delete()
    audit.record_each(
        "batch.park",
        organisation_id=chunk.issuer_id,
        actor_id=None,
        subject_kind="award",
        subjects=[(award_id, {"batch": str(chunk.batch_id)}) for award_id in parked],
        at=now,
    )


def _finish(chunk: BatchChunk, now: datetime) -> None:
    chunk.done_at = now
    chunk.save(update_fields=["done_at"])
    # Under the lock of the batch, so that of the last two chunks one sees the other's end.
    batch = Batch.objects.select_for_update().get(pk=chunk.batch_id)
    if batch.chunks.filter(done_at=None).exists():
        return
    batch.state, batch.done_at = Batch.State.DONE, now
    batch.save(update_fields=["state", "done_at"])
    outbox.emit("batch.done", organisation_id=batch.issuer_id, subject_id=batch.id, at=now)
