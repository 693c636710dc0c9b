"""Orders and keys that wait for the security module: put off, and taken up when it is back.

An order that is put off stays as it was placed: nothing of it was signed or written.
"""

import logging
from datetime import datetime

from django.db import transaction

from cairn.platform import outbox
from cairn.signing.models import PostponedOrder, SigningOrder, WantedKey

_log = logging.getLogger(__name__)


def put_off(order: SigningOrder, problem: str, now: datetime) -> None:
    """Let `order` wait until its keys can be reached again."""
    _log.warning("signing order %s waits: %s", order.id, problem)
    PostponedOrder.objects.get_or_create(order=order, defaults={"problem": problem, "since": now})


@transaction.atomic
def ask_again(now: datetime) -> bool:
    """Have the signer look whether it can go on; whether anything waits.  Two queries if not.

    For a schedule: it may run in a process that can't reach the module.
    """
    waiting = PostponedOrder.objects.values_list("order_id", flat=True).first()
    wanted = WantedKey.objects.exclude(problem="").values_list("id", flat=True).first()
    subject_id = waiting or wanted
    if subject_id is None:
        return False
    outbox.emit("signing.waits", organisation_id=None, subject_id=subject_id, at=now)
    return True


@transaction.atomic
def take_up(now: datetime) -> int:
    """Order all that was put off anew; how many orders that were."""
    found = PostponedOrder.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = list(found.select_related("order").order_by("since"))
    for postponed in waiting:
        order = postponed.order
        outbox.emit(
            "signing.ordered",
            organisation_id=order.organisation_id,
            subject_id=order.id,
            at=now,
            kind=order.kind,
        )
    PostponedOrder.objects.filter(pk__in=[each.pk for each in waiting]).delete()
    return len(waiting)
