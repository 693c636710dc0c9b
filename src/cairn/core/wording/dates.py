"""Dates that cannot be misread: day, name of the month, four-digit year, time and zone.

Always in UTC: a reader's own zone is not known here, and a verdict must read the same everywhere.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from cairn.core.wording.entries import N_

DATE = N_("{day} {month} {year}, {time} UTC")
DATE_ON_THE_FIRST = N_("1 {month} {year}, {time} UTC")  # its own text: French says "1er mai"
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
# fromisoformat alone takes more shapes than a credential may use, such as week dates
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def readable_date(text: str, translate: Callable[[str], str]) -> str | None:
    """`text` (2026-05-14T10:00:00Z) as "14 May 2026, 10:00 UTC"; None if it is no such moment.

    Seconds are left out, not rounded: "until 23:59" must not become the next day.
    """
    if not _MOMENT.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # 30 February; year 1 east of Greenwich
        return None
    template = DATE_ON_THE_FIRST if moment.day == 1 else DATE
    return translate(template).format(
        day=moment.day,
        month=translate(MONTHS[moment.month - 1]),
        year=f"{moment.year:04}",
        time=f"{moment.hour:02}:{moment.minute:02}",
    )
