"""Bits of many credentials at once: each status list is locked, written and ordered once.

The lists are locked by purpose and id, as `status_lists` says.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from cairn.core.status.bitstring import StatusList as Bits
from cairn.core.status.credential import Purpose
from cairn.issuing.models import StatusEntry, StatusList
from cairn.issuing.status_lists import order_list
from cairn.people.models import User


def write(
    credentials: Iterable[UUID], purpose: Purpose, *, is_set: bool, now: datetime
) -> list[StatusList]:
    """Set or clear the bits of `credentials`; the lists that have to be ordered."""
    indices: dict[UUID, list[int]] = defaultdict(list)
    entries = StatusEntry.objects.filter(
        credential__in=list(credentials), status_list__purpose=purpose
    )
    for list_id, index in entries.values_list("status_list_id", "index"):
        indices[list_id].append(index)
    lists = StatusList.objects.select_for_update(of=("self",)).select_related("issuer")
    found = list(lists.filter(pk__in=indices).order_by("id"))
    for status_list in found:
        bits, places = Bits(bytes(status_list.bits)), indices[status_list.id]
        status_list.bits = (bits.marked(places) if is_set else bits.cleared(places)).bits
        status_list.is_changed, status_list.changed_at = True, now
        status_list.save(update_fields=["bits", "is_changed", "changed_at"])
    return found


def order(lists: Iterable[StatusList], *, requester: User, now: datetime) -> None:
    """Have `lists` signed and published; call it after all that must be signed before."""
    for status_list in lists:
        order_list(status_list, requester=requester, now=now)
