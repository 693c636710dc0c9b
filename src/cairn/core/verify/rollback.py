"""An older document, validly signed, is a rollback: it could undo a withdrawal or bring a key back.

Source: the product's rule for status lists, DID documents and registers: remember the newest
version of each that was seen, and take no older one.
"""

from cairn.core.codec import timestamps
from cairn.core.errors import Unobtainable
from cairn.core.verify.ports import Memory


class RolledBack(Unobtainable):
    """A newer version was seen before; both versions as `YYYY-MM-DDTHH:MM:SSZ`."""

    def __init__(self, seen: str, got: str) -> None:
        super().__init__(f"what is published now is of {got}, but one of {seen} was seen before")
        self.seen = seen
        self.got = got


def take_newest(url: str, moment: str | None, memory: Memory) -> None:
    """Remember the version of `url`; without a moment there is none, and nothing to compare.

    Raises `RolledBack` if it is older than one seen, `Malformed` if `moment` is no time.
    """
    if moment is None:
        return
    version = timestamps.write(timestamps.parse(moment))
    newest = memory.seen(url)
    if newest and version < newest:
        raise RolledBack(newest, version)
    memory.remember(url, version)
