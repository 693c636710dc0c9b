"""`cairn.core.codec.timestamps`: every strict form is read, one is written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec.timestamps import is_written, parse, write
from cairn.core.errors import Malformed

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
EARLIEST, LATEST = datetime(2, 1, 1), datetime(9998, 12, 30)  # noqa: DTZ001  Hypothesis adds zones
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-14T12:00:00Z", NOON),
        ("2026-05-14T14:00:00+02:00", NOON),
        ("2026-05-14T12:00:00+00:00", NOON),
        ("2026-05-14T12:00:00-00:00", NOON),
        ("2026-05-15T02:00:00+14:00", NOON),
        ("2026-05-14T12:00:00.5Z", NOON.replace(microsecond=500_000)),
        ("2026-05-14T12:00:00.123456789Z", NOON.replace(microsecond=123_456)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_forms_in_use_are_read(text: str, moment: datetime) -> None:
    assert parse(text) == moment
    assert parse(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-14",
        "2026-05-14T12:00:00",
        "2026-05-14 12:00:00Z",
        "2026-05-14t12:00:00z",
        "2026-05-14T12:00Z",
        "2026-05-14T12:00:00+0200",
        "2026-05-14T12:00:00+02",
        "2026-05-14T12:00:00+14:30",
        "2026-05-14T12:00:00.Z",
        "2026-05-14T12:00:00,5Z",
        "2026-5-14T12:00:00Z",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-05-14T24:00:00Z",
        "2026-05-14T12:60:00Z",
        "2026-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "12026-05-14T12:00:00Z",
        "-2026-05-14T12:00:00Z",
        "２０２６-05-14T12:00:00Z",
        "2026-05-14T12:00:00Z\n",
        " 2026-05-14T12:00:00Z",
        "20260514T120000Z",
        "2026-W20-4T12:00:00Z",
    ],
)
def test_what_is_no_moment_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        parse(text)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Malformed, match="no time zone"):
        write(NOON.replace(tzinfo=None))


def test_fractions_of_a_second_are_cut() -> None:
    assert write(NOON.replace(microsecond=999_999)) == "2026-05-14T12:00:00Z"


@given(st.datetimes(EARLIEST, LATEST, timezones=zones))
def test_what_is_written_is_read_back(moment: datetime) -> None:
    text = write(moment)
    assert parse(text) == moment.replace(microsecond=0)
    assert is_written(text)


@pytest.mark.parametrize("text", ["2026-05-14T12:00:00+00:00", "2026-05-14T12:00:00.0Z", "x"])
def test_only_one_form_counts_as_written(text: str) -> None:
    assert not is_written(text)
