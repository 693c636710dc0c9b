"""How long a credential holds: whole months, to the end of a day where the issuer is."""

import calendar
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

_LAST_SECOND = time(23, 59, 59)


def end_of_validity(valid_from: datetime, months: int, time_zone: str) -> datetime:
    """The last second of the day `months` after that of `valid_from`, in `time_zone`.

    A month that is too short ends it: 31 January and one month is the end of February.
    """
    zone = ZoneInfo(time_zone)
    start = valid_from.astimezone(zone).date()
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    last = datetime.combine(start.replace(year=year, month=month + 1, day=day), _LAST_SECOND, zone)
    return last.astimezone(UTC)
