"""Jobs about keys that ask the security module: they run where the signer runs."""

from datetime import datetime

from cairn.platform.models import OutboxEvent
from cairn.signing import postponing
from cairn.signing.making import make_wanted_key
from cairn.signing.models import WantedKey
from cairn.signing.security_module import KeysAway, security_module


def make_key(event: OutboxEvent, now: datetime) -> None:
    """Make a key that was asked for; what waited for it is taken up."""
    if make_wanted_key(wanted_id=event.subject_id, now=now):
        postponing.take_up(now)


def go_on(event: OutboxEvent, now: datetime) -> None:
    """Take up what waits for the module, if it answers again."""
    try:
        security_module().probe()
    except KeysAway:
        return
    for wanted_id in WantedKey.objects.exclude(problem="").values_list("id", flat=True):
        make_wanted_key(wanted_id=wanted_id, now=now)
    postponing.take_up(now)
