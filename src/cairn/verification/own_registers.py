"""The registers that organisations of this installation keep, as a check asks them.

Their standing entries count as they are in the database; the signed register that is published at
/registers/<uuid> is for others.
"""

import time
from uuid import UUID

from django.db import connection

from cairn.core.verify.ports import Register
from cairn.organisations.models import RegisterEntry

_Stamp = tuple[tuple[object, str, str, int], ...]  # id, name, operator, revision
_REGISTERS = """
    SELECT kept.id, kept.name, keeper.name, kept.revision
    FROM organisations_register kept
    JOIN organisations_organisation keeper ON keeper.id = kept.operator_id
    ORDER BY kept.created_at, kept.id
"""


class RegistersOfHere:
    """The registers that organisations of this installation keep, with their standing entries.

    Kept until the revision, name or operator of one changes: asking for those is one small query,
    made at most once in `max_age_seconds`.
    """

    def __init__(self, max_age_seconds: float = 0.2) -> None:
        self._max_age_seconds = max_age_seconds
        self._asked_at = -max_age_seconds
        self._kept: tuple[_Stamp, tuple[Register, ...]] = ((), ())

    def read(self) -> tuple[Register, ...]:
        """The registers as they are now, or were a moment ago."""
        now = time.monotonic()
        if now - self._asked_at < self._max_age_seconds:
            return self._kept[1]
        with connection.cursor() as cursor:  # the ORM would cost more than the query
            cursor.execute(_REGISTERS)
            stamp = tuple(cursor.fetchall())
        known, registers = self._kept
        if stamp != known:
            registers = _read_registers(stamp)
            self._kept = stamp, registers
        self._asked_at = now
        return registers


def _read_registers(stamp: _Stamp) -> tuple[Register, ...]:
    # A change between the two queries is seen by the next check, for the stamp is the older.
    names: dict[str, dict[str, str]] = {}
    standing = RegisterEntry.objects.filter(removed_at=None)
    for register_id, did, name in standing.values_list("register_id", "issuer_did", "name"):
        names.setdefault(register_id.hex, {})[did] = name
    return tuple(
        Register(name, operator, names.get(UUID(str(register_id)).hex, {}), is_own=True)
        for register_id, name, operator, _ in stamp
    )
