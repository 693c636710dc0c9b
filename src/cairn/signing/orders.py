"""Orders to sign: rooms place them, only the signer job carries them out."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import outbox
from cairn.signing.models import SigningOrder

Kind = Literal[
    "credential", "status_list", "register", "batch_chunk", "batch_tokens", "reissue_chunk"
]


def place(
    *,
    organisation: Organisation,
    kind: Kind,
    subject_id: UUID,
    requester: User | None,
    now: datetime,
) -> SigningOrder:
    """An order to sign what the subject says when the signer comes to it.

    The room has checked that the requester may (None: the system asks).  Call it in the
    transaction that changes the subject, after the change.  An order for the same subject that
    nobody has begun is given back instead of a second one: several withdrawals, one signing.
    """
    # An order that the signer works on is locked and so passed over: it may have read the subject
    # before this change.  Waiting for it instead could deadlock, for it waits for the subject.
    waiting = (
        SigningOrder.objects.select_for_update(skip_locked=True)
        .filter(
            organisation=organisation,
            kind=kind,
            subject_id=subject_id,
            state=SigningOrder.State.PLACED,
        )
        .first()
    )
    if waiting is not None:
        return waiting
    order = SigningOrder.objects.create(
        organisation=organisation,
        kind=kind,
        subject_id=subject_id,
        requester_id=requester.id if requester else None,
        placed_at=now,
    )
    outbox.emit(
        "signing.ordered",
        organisation_id=organisation.id,
        subject_id=order.id,
        at=now,
        kind=kind,
    )
    return order
