"""Approval of a batch with a passkey, and the check of it by the job that signs.

A question fixes what is approved (`plan_digest`); the passkey signs it; before each chunk is signed
the signer works it out anew from what it is about to sign.  It trusts no page and no column that
says "approved".
"""

import json
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode

from cairn.core.errors import Conflict, Malformed, NotAllowed, Unverifiable
from cairn.issuing import permissions
from cairn.issuing.approvals import ApprovedPart, ApproverKey, BatchApproval
from cairn.issuing.approver_keys import keys_that_may_approve, may_approve
from cairn.issuing.assertions import Assertion, Site, check_assertion, read_assertion
from cairn.issuing.batches import plan_digest as digests
from cairn.issuing.batches.rows import award_of
from cairn.issuing.high_stakes import needs_signed_approval
from cairn.issuing.models import Batch, BatchChunk, BatchRow
from cairn.issuing.slots import Row
from cairn.organisations.access import require
from cairn.people.models import Learner, User
from cairn.platform import audit

ANSWER_WITHIN = timedelta(minutes=5)
PLANNED_WITHIN = timedelta(days=7)  # a plan made later is of another time than its approval
_AT_ONCE = 100
_log = logging.getLogger(__name__)


def is_needed(batch: Batch, now: datetime) -> bool:
    """Whether `batch` is approved with a passkey or not at all: 1 query."""
    return needs_signed_approval(batch.issuer_id, batch.version.achievement_id, now)


@transaction.atomic
def begin_approval(*, batch_id: UUID, actor: User, now: datetime) -> dict[str, Any]:
    """Ask `actor` to approve: the options of `navigator.credentials.get`, for five minutes.

    Reads all rows: about 2 s for 100,000.  Raises `NotAllowed` without a key that may approve, and
    `Conflict` for a batch that doesn't wait for approval.
    """
    batch = _batch(batch_id)
    require(actor, permissions.APPROVE_BATCH, batch.issuer)
    if batch.state != Batch.State.SUBMITTED:
        raise Conflict(_("it does not wait for approval; look at it again"))
    keys = keys_that_may_approve(actor, batch.issuer, now)
    if not keys:
        raise NotAllowed(
            _("you have no passkey that may approve; register one, and have an owner confirm it")
        )
    BatchApproval.objects.filter(batch=batch, approver=actor, answered_at=None).delete()
    question = _ask(batch, actor, now)
    known = [{"type": "public-key", "id": websafe_encode(bytes(key.credential_id))} for key in keys]
    return {
        "publicKey": {
            "challenge": websafe_encode(_challenge(batch, question)),
            "rpId": _site().rp_id,
            "allowCredentials": known,
            "userVerification": "required",
            "timeout": round(ANSWER_WITHIN.total_seconds() * 1000),
        }
    }


@transaction.atomic
def finish_approval(*, batch_id: UUID, answer: str, actor: User, now: datetime) -> BatchApproval:
    """Keep the answer of the passkey, if it is one to the question that was asked last.

    Raises `Malformed`, `NotAllowed` for another's passkey, `Conflict` if nothing was asked or it
    took too long, and `Unverifiable` if the signature is none of exactly this.
    """
    batch = _batch(batch_id)
    require(actor, permissions.APPROVE_BATCH, batch.issuer)
    question = (
        BatchApproval.objects.select_for_update()
        .filter(batch=batch, approver=actor, answered_at=None)
        .first()
    )
    if question is None or now >= question.asked_at + ANSWER_WITHIN:
        raise Conflict(_("too much time went by, or it was answered; start the approval again"))
    assertion = read_assertion(answer)
    key = _key(assertion, keys_that_may_approve(actor, batch.issuer, question.asked_at))
    count = _check(batch, question, key, assertion)
    _refuse_copies(key, count)
    question.key, question.sign_count, question.answered_at = key, count, now
    question.client_data = assertion.client_data
    question.authenticator_data = assertion.authenticator_data
    question.signature = assertion.signature
    question.save()
    audit.record(
        permissions.SIGN_APPROVAL.name,
        organisation_id=batch.issuer_id,
        actor_id=actor.id,
        subject_kind="batch",
        subject_id=batch.id,
        at=now,
        key=str(key.id),
        rows=question.row_count,
    )
    return question


def require_given(batch: Batch, actor: User, now: datetime) -> None:
    """Raise `NotAllowed` if `batch` needs a signed approval and `actor` gave none."""
    given = BatchApproval.objects.filter(batch=batch, approver=actor, answered_at__isnull=False)
    if is_needed(batch, now) and not given.exists():
        raise NotAllowed(_("its awards are approved with a passkey; open it in a browser"))


def refused(chunk: BatchChunk, rows: Sequence[Row], now: datetime) -> dict[UUID, str]:
    """Why the awards of `chunk` may not be signed; none of them may, or all: then it is empty."""
    try:
        require_valid_approval(chunk, rows, now)
    except (Unverifiable, Malformed) as err:
        reason = f"its approval does not hold: {err.args[0]}"
        _log.error("chunk %s is not signed: %s", chunk.id, reason)
        audit.record(
            "batch.approval_refused",
            organisation_id=chunk.issuer_id,
            actor_id=None,
            subject_kind="batch",
            subject_id=chunk.batch_id,
            at=now,
            reason=str(err.args[0]),
            first_row=chunk.first_row,
            last_row=chunk.last_row,
        )
        return {row.award_id: reason for row in rows}
    return {}


def require_valid_approval(chunk: BatchChunk, rows: Sequence[Row], now: datetime) -> None:
    """Raise `Unverifiable`, saying why, unless each of `rows` says what was approved.

    A batch that needs no signed approval and has none passes.  8 queries, 2 for one that does.
    """
    batch = chunk.batch
    found = (
        BatchApproval.objects.select_related("key").filter(batch=batch, answered_at__isnull=False)
    ).first()
    if found is None or found.key is None or found.answered_at is None:
        if is_needed(batch, now):
            raise Unverifiable("nobody approved it with a passkey")
        return
    if found.approver_id != batch.approved_by_id or found.key.user_id != found.approver_id:
        raise Unverifiable("another person approved it than the batch says")
    if found.key.issuer_id != batch.issuer_id or not may_approve(found.key, at=found.asked_at):
        raise Unverifiable("the passkey was not confirmed by an owner, or it was withdrawn")
    assertion = Assertion(
        bytes(found.key.credential_id),
        bytes(found.client_data),
        bytes(found.authenticator_data),
        bytes(found.signature),
    )
    _check(batch, found, found.key, assertion)
    _check_rows(chunk, found, rows)


def forget_rows(batch: Batch) -> None:
    """Drop what was kept to check rows; afterwards it would only help to guess who they were."""
    ApprovedPart.objects.filter(approval__batch=batch).delete()


def _check_rows(chunk: BatchChunk, approval: BatchApproval, rows: Sequence[Row]) -> None:
    approved = _approved_rows(chunk, approval)
    said = BatchRow.objects.filter(pk__in=[row.award_id for row in rows], batch=chunk.batch_id)
    by_id = {one.id: one for one in said.only(*digests.COLUMNS)}
    for row in rows:
        own = by_id.get(row.award_id)
        if own is None or digests.row_digest(own) not in approved:
            which = f"row {own.number}" if own else "a row that is gone"
            raise Unverifiable(f"{which} is not what was approved")
        if not _says_the_same(own, row, chunk.batch, approval):
            raise Unverifiable(f"the award of row {own.number} is not what was approved")


def _approved_rows(chunk: BatchChunk, approval: BatchApproval) -> set[bytes]:
    """The digests of the rows of `chunk` that were asked about."""
    size = digests.DIGEST_BYTES
    listed = bytes(approval.part_digests)
    touched = approval.parts.filter(first_row__lte=chunk.last_row, last_row__gte=chunk.first_row)
    approved: set[bytes] = set()
    for part in touched:
        start, own = part.position * size, bytes(part.row_digests)
        if listed[start : start + size] != digests.part_digest(own):
            raise Unverifiable("the list of approved rows was changed")
        approved |= {own[at : at + size] for at in range(0, len(own), size)}
    return approved


def _says_the_same(own: BatchRow, row: Row, batch: Batch, approval: BatchApproval) -> bool:
    asked_at = approval.asked_at.replace(microsecond=0)
    if not asked_at <= row.awarded_at <= asked_at + PLANNED_WITHIN:
        return False
    wanted = award_of(own, batch, Learner(email=own.email), row.awarded_at)
    return (
        row.email,
        row.name,
        row.student_number,
        row.narrative,
        row.evidence_url,
        row.evidence_name,
        row.valid_from,
        row.valid_until,
        _spelt(json.loads(row.results)),
        _spelt(json.loads(row.terms)),
    ) == (
        own.email,
        wanted.recipient_name,
        wanted.student_number,
        wanted.narrative,
        wanted.evidence_url,
        wanted.evidence_name,
        wanted.valid_from,
        wanted.valid_until,
        _spelt(wanted.results),
        _spelt(wanted.terms),
    )


def _spelt(value: object) -> str:
    return json.dumps(value, sort_keys=True)  # 1 and 1.0 are equal, and are signed differently


def _ask(batch: Batch, actor: User, now: datetime) -> BatchApproval:
    question = BatchApproval.objects.create(
        issuer=batch.issuer,
        batch=batch,
        approver=actor,
        nonce=secrets.token_hex(16),
        row_count=0,
        part_digests=b"",
        asked_at=now.replace(microsecond=0),
    )
    listed, count = [], 0
    for position, part in enumerate(digests.parts_of(batch)):
        ApprovedPart.objects.create(
            approval=question,
            position=position,
            first_row=part.first_row,
            last_row=part.last_row,
            row_digests=part.row_digests,
        )
        listed.append(part.digest)
        count += len(part.row_digests) // digests.DIGEST_BYTES
    question.part_digests, question.row_count = b"".join(listed), count
    question.save(update_fields=["part_digests", "row_count"])
    return question


def _challenge(batch: Batch, question: BatchApproval) -> bytes:
    plan = digests.plan_digest(
        batch, row_count=question.row_count, part_digests=bytes(question.part_digests)
    )
    return digests.challenge(
        plan,
        approver_id=question.approver_id,
        nonce=question.nonce,
        asked_at=question.asked_at,
    )


def _check(batch: Batch, question: BatchApproval, key: ApproverKey, assertion: Assertion) -> int:
    return check_assertion(
        assertion,
        public_key=bytes(key.public_key),
        challenge=_challenge(batch, question),
        site=_site(),
    )


def _key(assertion: Assertion, keys: Sequence[ApproverKey]) -> ApproverKey:
    for key in keys:
        if bytes(key.credential_id) == assertion.credential_id:
            return key
    raise NotAllowed(_("this passkey may not approve; use one that an owner confirmed for you"))


def _refuse_copies(key: ApproverKey, count: int) -> None:
    # A device that counts never says a number twice; a copy of its key would.
    used = BatchApproval.objects.filter(key=key, sign_count__gte=max(count, 1))
    if used.exists():
        raise NotAllowed(_("this passkey counts backwards, as a copy of it would; withdraw it"))


def _site() -> Site:
    return Site(settings.CAIRN.base_url, settings.CAIRN.host.partition(":")[0])


def _batch(batch_id: UUID) -> Batch:
    found = Batch.objects.select_related("issuer", "version__achievement__creator")
    return found.select_for_update(of=("self",)).get(pk=batch_id)
