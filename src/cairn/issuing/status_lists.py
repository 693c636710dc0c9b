"""Entries of status lists: handed out at random, marked for good, published by the signer job.

Lock order, in all of this room: award, credential, then status lists by purpose ("revocation"
before "suspension").  Whoever keeps to it waits and never deadlocks.
"""

import secrets
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from cairn.core.codec import strict_json, timestamps
from cairn.core.errors import Conflict
from cairn.core.status.allocation import MAX_FILL, allocate
from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.status.credential import Purpose, read_list, status_list_credential
from cairn.issuing.addresses import status_list_url
from cairn.issuing.models import Credential, StatusEntry, StatusList
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.platform import outbox
from cairn.signing import orders
from cairn.signing.signer import Signer

REVOCATION: Purpose = "revocation"
SUSPENSION: Purpose = "suspension"
LIFETIME = timedelta(days=7)  # of a signed list: how long one signer may be out of order
RENEW_BEFORE = timedelta(days=4)  # its end
TTL_SECONDS = 60  # a withdrawal is seen that soon


def take_entries(credential: Credential, *, is_suspendable: bool, now: datetime) -> None:
    """Give `credential` a random entry of its issuer's list of each purpose that it needs."""
    purposes = (REVOCATION, SUSPENSION) if is_suspendable else (REVOCATION,)
    for purpose in purposes:
        status_list, index = _take(credential.issuer, purpose, now)
        StatusEntry.objects.create(
            issuer=credential.issuer, credential=credential, status_list=status_list, index=index
        )


def take_many(
    issuer: Organisation, purpose: Purpose, count: int, now: datetime
) -> list[tuple[UUID, int]]:
    """Random entries for `count` credentials, of the open list and as many more as it takes."""
    found: list[tuple[UUID, int]] = []
    while len(found) < count:
        status_list = _open_list(issuer, purpose, now)
        taken = Bits(bytes(status_list.taken))
        room = int(len(taken) * MAX_FILL) - taken.count()
        if room <= 0:
            status_list.is_open = False
            status_list.save(update_fields=["is_open"])
            continue
        indices = allocate(taken, min(room, count - len(found)), secrets.randbelow)
        status_list.taken = taken.marked(indices).bits
        status_list.save(update_fields=["taken"])
        found += [(status_list.id, index) for index in indices]
    return found


def mark(
    credential: Credential, purpose: Purpose, *, requester: User | None, now: datetime
) -> None:
    """Set the bit of `credential`, and have its list signed anew."""
    entry = credential.status_entries.get(status_list__purpose=purpose)
    status_list = StatusList.objects.select_for_update().get(pk=entry.status_list_id)
    status_list.bits = Bits(bytes(status_list.bits)).marked([entry.index]).bits
    status_list.is_changed, status_list.changed_at = True, now
    status_list.save(update_fields=["bits", "is_changed", "changed_at"])
    order_list(status_list, requester=requester, now=now)


def order_list(status_list: StatusList, *, requester: User | None, now: datetime) -> None:
    """Have the list signed and published; one order, however many changes wait for it."""
    orders.place(
        organisation=status_list.issuer,
        kind="status_list",
        subject_id=status_list.id,
        requester=requester,
        now=now,
    )


def publish(status_list: StatusList, signer: Signer, now: datetime) -> None:
    """Sign what the list says now, as the next version; the caller holds its lock.

    Raises `Conflict` if a revocation that was published is not in the bits any more, as after a
    restored backup: then a person must look.
    """
    _refuse_lost_revocations(status_list)
    # Nobody who remembers the last version takes an older one.
    since = max(now, status_list.signed_at or now)
    document = status_list_credential(
        list_url=status_list_url(status_list.id),
        issuer_id=signer.did,
        purpose=cast(Purpose, status_list.purpose),
        statuses=Bits(bytes(status_list.bits)),
        valid_from=timestamps.write(since),
        valid_until=timestamps.write(since + LIFETIME),
        ttl_ms=TTL_SECONDS * 1000,
    )
    status_list.body = signer.sign_document(document, now=since)
    status_list.version += 1
    status_list.signed_at, status_list.valid_until = since, since + LIFETIME
    status_list.is_changed = False
    status_list.save(update_fields=["body", "version", "signed_at", "valid_until", "is_changed"])
    outbox.emit(
        "status_list.changed",
        organisation_id=status_list.issuer_id,
        subject_id=status_list.id,
        at=now,
        version=status_list.version,
    )


def _take(issuer: Organisation, purpose: Purpose, now: datetime) -> tuple[StatusList, int]:
    status_list = _open_list(issuer, purpose, now)
    try:
        (index,) = allocate(Bits(bytes(status_list.taken)), 1, secrets.randbelow)
    except Conflict:
        status_list.is_open = False
        status_list.save(update_fields=["is_open"])
        return _take(issuer, purpose, now)
    status_list.taken = Bits(bytes(status_list.taken)).marked([index]).bits
    status_list.save(update_fields=["taken"])
    return status_list, index


def _open_list(issuer: Organisation, purpose: Purpose, now: datetime) -> StatusList:
    # Two at once: one makes the list, the other waits for it at the unique constraint and gets it.
    empty = Bits.empty().bits
    found, _ = StatusList.objects.select_for_update().get_or_create(
        issuer=issuer,
        purpose=purpose,
        is_open=True,
        defaults={"bits": empty, "taken": empty, "changed_at": now},
    )
    return found


def _refuse_lost_revocations(status_list: StatusList) -> None:
    if status_list.purpose != REVOCATION or not status_list.body:
        return
    document = strict_json.read(bytes(status_list.body))
    if not isinstance(document, dict):
        raise Conflict(f"the published status list {status_list.id} is no object")
    url = status_list_url(status_list.id)
    published = int.from_bytes(read_list(document, list_url=url).statuses.bits, "big")
    if published & ~int.from_bytes(bytes(status_list.bits), "big"):
        raise Conflict(
            f"status list {status_list.id} has lost a revocation that it published; restore it"
        )
