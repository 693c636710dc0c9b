"""The handlers of a batch's signing orders; the signer job calls them with an open signer.

A chunk is signed in one transaction, and may be begun twice: it is locked, and the second time it
is found done.  A row that can't be signed is parked with its reason and stops nobody; its award,
which nobody has seen, is taken back, so that the mended row can be uploaded again.

A chunk writes its rows by the statement, not one by one, and tells of all its credentials at once:
one row of the audit, one event (`batch.chunk_signed`).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cairn.core.errors import Conflict
from cairn.issuing import status_lists
from cairn.issuing.batches import approval
from cairn.issuing.batches.planned import (
    Entries,
    awards_of,
    entries_of,
    locked_chunk,
    planned_rows,
    rows_of,
)
from cairn.issuing.batches.rows_signing import Outcome, RowsSigner
from cairn.issuing.batches.twins import sign_tokens as sign_tokens  # a handler too
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
from cairn.issuing.slots import Key, Row
from cairn.platform import audit, outbox
from cairn.platform.bulk_rows import insert_rows
from cairn.signing import orders
from cairn.signing.bulk import BulkSigner, Signed
from cairn.signing.models import SigningOrder
from cairn.signing.signer import Signer

_WITHDRAWN = "it was withdrawn before it was signed"
_State = BatchRow.State


@transaction.atomic
def sign_chunk(order: SigningOrder, signer: Signer, now: datetime) -> None:
    """Sign the chunk of `order`, unless that was done."""
    chunk = locked_chunk(order)
    if chunk.done_at is not None:
        return
    rows, entries = planned_rows(chunk), entries_of(chunk)
    _publish_new_lists(entries, signer, now)
    refused = approval.refused(chunk, rows, now)
    if refused:
        outcome = Outcome(parked=refused)
    else:
        outcome = RowsSigner(chunk.batch, entries, BulkSigner(signer, now)).sign(rows)
    withdrawn = _withdrawn(chunk, rows)
    _park(chunk, outcome.parked, now)
    _note(chunk, dict.fromkeys(withdrawn, _WITHDRAWN), now)
    _issue(chunk, outcome, signer, now)
    orders.place(
        organisation=order.organisation,
        kind="batch_tokens",
        subject_id=chunk.id,
        requester=None,
        now=now,
    )
    _finish(chunk, now)


def _publish_new_lists(entries: Entries, signer: Signer, now: datetime) -> None:
    # A credential whose list cannot be had is "not checked" to everyone who looks.
    list_ids = {list_id for found in entries.values() for list_id, _index, _purpose in found}
    new = StatusList.objects.filter(pk__in=list_ids, version=0).order_by("purpose", "id")
    for status_list in new.select_for_update():
        status_lists.publish(status_list, signer, now)


def _withdrawn(chunk: BatchChunk, rows: Sequence[Row]) -> set[UUID]:
    """The planned rows of `chunk` whose award is not to be signed any more."""
    planned = rows_of(chunk, _State.PLANNED)
    if planned.count() == len(rows):
        return set()
    return set(planned.values_list("pk", flat=True)) - {row.award_id for row in rows}


def _park(chunk: BatchChunk, parked: Mapping[UUID, str], now: datetime) -> None:
    """Take back the awards that can't be signed, and say why in their rows."""
    if not parked:
        return
    StatusEntry.objects.filter(credential__award__in=parked).delete()
    Credential.objects.filter(award__in=parked).delete()
    Award.objects.filter(pk__in=parked).delete()
    _note(chunk, parked, now)


def _note(chunk: BatchChunk, parked: Mapping[UUID, str], now: datetime) -> None:
    for award_id, reason in parked.items():
        problem = {"column": "", "value": "", "problem": reason, "mend": "upload it anew"}
        BatchRow.objects.filter(pk=award_id).update(state=_State.PARKED, problems=[problem])
    audit.record_each(
        "batch.park",
        organisation_id=chunk.issuer_id,
        actor_id=None,
        subject_kind="award",
        subjects=[(award_id, {"batch": str(chunk.batch_id)}) for award_id in parked],
        at=now,
    )


def _issue(chunk: BatchChunk, outcome: Outcome, signer: Signer, now: datetime) -> None:
    """Store what was signed; what is still planned in the chunk is exactly that."""
    insert_rows(
        SignedForm,
        ("credential_id", "form", "body", "sha256"),
        _forms(outcome.signed),
        alike={
            "issuer_id": chunk.issuer_id,
            "key_fragment": signer.document_fragment,
            "signed_at": now,
        },
    )
    awards, planned = awards_of(chunk), rows_of(chunk, _State.PLANNED)
    credentials = Credential.objects.filter(
        award__in=awards.values("pk"), is_current=True, signed_at=None
    )
    # What was said of a person stands in the award from now on.
    emptied = {"cells": [], "said": {}, "email": "", "name": "", "student_number": ""}
    counted = (
        credentials.update(signed_at=now),
        awards.update(state=Award.State.ISSUED),
        planned.update(state=_State.ISSUED, **emptied),
    )
    if set(counted) != {len(outcome.signed)}:
        raise Conflict(f"chunk {chunk.id} changed while it was signed; it is signed again")
    _tell(chunk, len(outcome.signed), now)


def _tell(chunk: BatchChunk, count: int, now: datetime) -> None:
    batch_id = str(chunk.batch_id)
    audit.record(
        "batch.sign_chunk",
        organisation_id=chunk.issuer_id,
        actor_id=None,
        subject_kind="chunk",
        subject_id=chunk.id,
        at=now,
        batch=batch_id,
        awards=count,
        first_row=chunk.first_row,
        last_row=chunk.last_row,
    )
    outbox.emit(
        "batch.chunk_signed",
        organisation_id=chunk.issuer_id,
        subject_id=chunk.id,
        at=now,
        batch=batch_id,
        awards=count,
    )


def _forms(signed: Sequence[tuple[Row, Signed]]) -> Iterator[tuple[Key, str, bytes, str]]:
    document_form, token_form = SignedForm.Form.DATA_INTEGRITY.value, SignedForm.Form.VC_JWT.value
    for row, (document, token) in signed:
        key = row.credential_key
        yield key, document_form, document, hashlib.sha256(document).hexdigest()
        yield key, token_form, token, hashlib.sha256(token).hexdigest()


def _finish(chunk: BatchChunk, now: datetime) -> None:
    chunk.done_at = now
    chunk.save(update_fields=["done_at"])
    # Under the lock of the batch, so that of the last two chunks one sees the other's end.
    batch = Batch.objects.select_for_update().get(pk=chunk.batch_id)
    if batch.chunks.filter(done_at=None).exists():
        return
    batch.state, batch.done_at = Batch.State.DONE, now
    approval.forget_rows(batch)
    batch.save(update_fields=["state", "done_at"])
    outbox.emit("batch.done", organisation_id=batch.issuer_id, subject_id=batch.id, at=now)
