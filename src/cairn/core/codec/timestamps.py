"""Moments as text: read every strict form in use, write one.

Source: XML Schema 1.1 part 2, `dateTimeStamp` (a zone is required), which VC Data Model 2.0,
section 4.9, asks for.  A signature covers the characters and not the moment, so that what we sign
has one form: `2026-05-14T10:00:00Z`, UTC, whole seconds.
"""

import re
from datetime import UTC, datetime

from cairn.core.errors import Malformed

_STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?P<fraction>\.[0-9]{1,30})?"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
)
_WHOLE_SECONDS = len("2026-05-14T10:00:00")
_SHOWN = 40  # characters of what was found


def parse(text: str) -> datetime:
    """The moment `text` names, in UTC; fractions beyond a microsecond are cut.

    Raises `Malformed` for any other form, for days and hours that do not exist, among them leap
    seconds and 24:00, and for moments outside the years 1 to 9999.
    """
    found = _STAMP.fullmatch(text)
    if found is None:
        raise Malformed(
            f"{text[:_SHOWN]!r} is not a date and time with a zone; write it as "
            "2026-05-14T10:00:00Z"
        )
    fraction = found["fraction"] or ""
    micros = fraction[:7].ljust(7, "0") if fraction else ""
    try:
        moment = datetime.fromisoformat(text.replace(fraction, micros, 1) if fraction else text)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as err:
        raise Malformed(f"{text[:_SHOWN]!r} does not exist ({err}); correct the date") from err


def write(moment: datetime) -> str:
    """`moment` in the one form that is signed; fractions of a second are cut.

    Raises `Malformed` if it has no zone: such a time is another moment in each country.
    """
    if moment.tzinfo is not UTC:
        moment = _in_utc(moment)
    return moment.isoformat("T", "seconds")[:_WHOLE_SECONDS] + "Z"


def is_written(text: str) -> bool:
    """Whether `text` is the form that `write` gives."""
    try:
        return write(parse(text)) == text
    except Malformed:
        return False


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise Malformed(f"{moment.isoformat()} has no time zone; give it one")
    try:
        return moment.astimezone(UTC)
    except OverflowError as err:
        raise Malformed(f"{moment.isoformat()} is outside the years 1 to 9999") from err
