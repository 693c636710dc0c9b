"""What a number in a workbook looks like to its reader: a number, a day, a share of a hundred.

Source: ECMA-376 part 1, sections 18.8.30 (built-in number formats), 18.8.31 (codes) and 18.17.4
(dates: days since 1900 or 1904).
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from cairn.core.errors import Malformed


class Look(StrEnum):
    """How a number is shown."""

    NUMBER = "number"
    MOMENT = "moment"
    PERCENT = "percent"
    ZEROS = "zeros"  # filled with zeros to a width, as registers write their numbers


_MOMENTS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {9, 10}
_TEXTS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what a code shows as it stands; colours
_ZEROS = re.compile(r"0{2,50}")
_FIRST = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - no zone in it
_MAX_SERIAL = 2_958_465  # 31 December 9999


def look_of(number: int, code: str) -> tuple[Look, int]:
    """How cells of format `number` look, whose own code is `code`; and the width of ZEROS."""
    if number in _MOMENTS:
        return Look.MOMENT, 0
    if number in _PERCENTS:
        return Look.PERCENT, 0
    plain = _TEXTS.sub("", code.partition(";")[0]).lower()
    if _ZEROS.fullmatch(plain):
        return Look.ZEROS, len(plain)
    if "%" in plain:
        return Look.PERCENT, 0
    is_moment = plain != "general" and any(letter in plain for letter in "dmyhs")
    return (Look.MOMENT if is_moment else Look.NUMBER), 0


def shown(text: str, look: Look, width: int, *, since_1904: bool) -> str:
    """The number `text` as its reader sees it, days as 2026-05-14.  Raises `Malformed`."""
    try:
        number = float(text)
    except ValueError as err:
        raise Malformed("is no number; type the cell again") from err
    if number != number or abs(number) == float("inf"):
        raise Malformed("is no number; type the cell again")
    if look is Look.MOMENT:
        return _moment(number, since_1904)
    if look is Look.PERCENT:
        return f"{_plain(number * 100)}%"
    plain = _plain(number)
    return plain.zfill(width) if look is Look.ZEROS and plain.isdecimal() else plain


def _plain(number: float) -> str:
    """As a spreadsheet shows it: 15 digits, no exponent, no point where nothing follows it."""
    text = f"{number:.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def _moment(serial: float, since_1904: bool) -> str:
    if not 0 <= serial <= _MAX_SERIAL:
        raise Malformed("is no date; write it as 2026-05-14")
    days, seconds = divmod(round(serial * 86_400), 86_400)
    if not days and not since_1904:
        return str(timedelta(seconds=seconds))
    if not since_1904 and days < 61:  # the 29th of February 1900, which never was, is day 60
        days += 1
    moment = _FIRST[since_1904] + timedelta(days=days, seconds=seconds)
    return moment.isoformat() if seconds else moment.date().isoformat()
