"""The pure rules of issuing: how long it holds, whom it may be sent to."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.issuing.recipients import clean_email, clean_name
from cairn.issuing.validity import end_of_validity

ZONES = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]


@pytest.mark.parametrize(
    ("start", "months", "zone", "end"),
    [
        ("2026-05-14T10:00", 12, "UTC", "2027-05-14T23:59:59"),
        ("2026-01-31T10:00", 1, "UTC", "2026-02-28T23:59:59"),
        ("2027-11-30T10:00", 3, "UTC", "2028-02-29T23:59:59"),
        ("2026-12-31T23:30", 1, "Europe/Paris", "2027-02-01T22:59:59"),  # there it is 2027
        ("2026-03-31T00:00", 11, "America/New_York", "2027-03-01T04:59:59"),  # there it is the 30th
    ],
)
def test_it_holds_to_the_end_of_a_day_there(start: str, months: int, zone: str, end: str) -> None:
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert end_of_validity(moment, months, zone).isoformat() == f"{end}+00:00"


@given(
    st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.integers(1, 1200),
    st.sampled_from(ZONES),
)
def test_it_ends_with_a_last_second_in_the_right_month(
    start: datetime, months: int, zone: str
) -> None:
    end = end_of_validity(start, months, zone)
    there, begun = end.astimezone(ZoneInfo(zone)), start.astimezone(ZoneInfo(zone))
    passed = (there.year - begun.year) * 12 + there.month - begun.month
    assert passed == months
    assert there.day <= begun.day
    assert (end + timedelta(seconds=1)).astimezone(ZoneInfo(zone)).day != there.day


@pytest.mark.parametrize(
    "name",
    ["Ada Lovelace", "José Ñíguez", "می‌خواهم", "李小龍", "O’Brien-Ωmega", "राम", "N’Guyễn", "X"],
)
def test_names_of_people_are_taken_as_they_are(name: str) -> None:
    assert clean_name(f" {name} ") == name


@pytest.mark.parametrize(
    "char", ["\n", "\r", "\x00", "\x1b", "\u202e", "\u2067", "\u200b", "\ufeff"]
)
def test_no_name_and_no_address_hides_a_character(char: str) -> None:
    with pytest.raises(Malformed):
        clean_name(f"Ada{char}Lovelace")
    with pytest.raises(Malformed):
        clean_email(f"ada{char}@example.org")
    with pytest.raises(Malformed):
        clean_email(f"ada@example.org{char}")


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ada@ex..org",
     "a,b@example.org", "<ada@example.org>", "ada@exаmple.org", f"{'a' * 250}@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Malformed) as refusal:
        clean_email(address)
    assert refusal.value.path == "/email"


@given(st.text(max_size=60))
def test_an_address_that_is_taken_is_one_plain_line(text: str) -> None:
    try:
        address = clean_email(text)
    except Malformed:
        return
    assert address == address.strip().lower() == clean_email(address)
    assert address.isprintable()
    assert address.count("@") == 1
