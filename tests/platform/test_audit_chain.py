"""The seals upon the audit: whoever changes the database by hand is found (trust.md, F16)."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.codec.jcs import canonicalize
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.platform import audit, audit_sealing
from cairn.platform import audit_verification as verification
from cairn.platform.audit_chain import INSTALLATION, Entry, Head, canonical, differing, seal_of
from cairn.platform.models import AuditEntry, AuditSeal
from tests.world import NOW

ORGANISATION = UUID("11111111-1111-4111-8111-111111111111")
OTHER = UUID("22222222-2222-4222-8222-222222222222")
SOON = NOW + timedelta(minutes=1)
_SEALS, _ENTRIES = "platform_auditseal", "platform_auditentry"


def _record(
    organisation_id: UUID | None = ORGANISATION, at: datetime = NOW, **details: str
) -> AuditEntry:
    with transaction.atomic():
        return audit.record(
            "award.create",
            organisation_id=organisation_id,
            actor_id=uuid4(),
            subject_kind="award",
            subject_id=uuid4(),
            at=at,
            **details,
        )


def _by_hand(*statements: str) -> None:
    """What somebody with the password of the database can do: the triggers are out of the way."""
    with connection.cursor() as cursor:
        for table in (_SEALS, _ENTRIES):
            for event in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_refuses_{event}{on}")
        for statement in statements:
            cursor.execute(statement)


def _findings(kept: dict[UUID, Head] | None = None) -> list[verification.Finding]:
    found = [
        each for chain in verification.chains() for each in verification.check_chain(chain, kept)
    ]
    return found + list(verification.check_unsealed())


def _five() -> list[AuditEntry]:
    entries = [_record(reason=str(number)) for number in range(5)]
    audit_sealing.seal_recent(SOON)
    return entries


pytestmark = pytest.mark.django_db


def test_an_audit_as_it_was_written_has_nothing_wrong() -> None:
    _record(None)
    _five()
    _record(OTHER, tag="émile “x”")
    audit_sealing.seal_all(SOON)
    assert _findings() == []
    assert verification.count_waiting() == 0
    assert verification.chains() == [INSTALLATION, ORGANISATION, OTHER]


def test_each_entry_is_sealed_once_and_in_a_row() -> None:
    _five()
    assert audit_sealing.seal_recent(SOON) == audit_sealing.seal_all(SOON) == 0
    _record()
    assert audit_sealing.seal_recent(SOON + timedelta(minutes=1)) == 1
    places = AuditSeal.objects.order_by("id").values_list("sequence", flat=True)
    assert list(places) == [1, 2, 3, 4, 5, 6]


def test_an_entry_that_is_committed_late_with_a_low_id_is_sealed_all_the_same() -> None:
    first = _record()
    with transaction.atomic():
        late = _record()
        AuditEntry.objects.filter(pk=first.pk)  # the id is drawn, the row not seen by others
    seals = [first.id, late.id]
    # As another process saw it: `first` was not committed when `late` was sealed.
    assert audit_sealing._seal(audit_sealing.unsealed().filter(pk=late.pk), SOON) == 1
    assert audit_sealing.seal_recent(SOON + timedelta(minutes=1)) == 1
    assert [seal.entry_id for seal in AuditSeal.objects.order_by("sequence")] == seals[::-1]
    assert _findings() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "'award.withdraw'"),
        ("actor_id", "NULL"),
        ("at", "'2020-01-01 00:00:00+00:00'"),
        ("details", '\'{"reason": "9"}\''),
        ("subject_kind", "'batch'"),
    ],
)
def test_an_entry_that_was_altered_is_named_with_what_differs(column: str, value: str) -> None:
    entries = _five()
    name = connection.ops.quote_name(column)
    _by_hand(f"UPDATE {_ENTRIES} SET {name} = {value} WHERE id = {entries[2].id}")  # noqa: S608
    (found,) = _findings()
    assert (found.entry_id, found.sequence, found.at) == (entries[2].id, 3, NOW)
    assert found.what == f"was altered: {column}"


def test_an_entry_that_was_moved_to_another_organisation_is_named() -> None:
    entries = _five()
    other = OTHER.hex if connection.vendor == "sqlite" else OTHER
    _by_hand(f"UPDATE {_ENTRIES} SET organisation_id = '{other}' WHERE id = {entries[0].id}")  # noqa: S608
    assert [found.what for found in _findings()] == ["was altered: organisation_id"]


def test_entries_that_were_swapped_are_both_named() -> None:
    one, two, *_ = (entry.id for entry in _five())
    _by_hand(
        f"UPDATE {_ENTRIES} SET id = -1 WHERE id = {one}",  # noqa: S608
        f"UPDATE {_ENTRIES} SET id = {one} WHERE id = {two}",  # noqa: S608
        f"UPDATE {_ENTRIES} SET id = {two} WHERE id = -1",  # noqa: S608
    )
    assert [found.entry_id for found in _findings()] == [one, two]


def test_an_entry_that_is_gone_is_named_with_its_time() -> None:
    entries = _five()
    _by_hand(f"DELETE FROM {_ENTRIES} WHERE id = {entries[1].id}")  # noqa: S608
    (found,) = _findings()
    assert (found.entry_id, found.at, found.what) == (entries[1].id, NOW, "is missing")


def test_an_entry_that_is_gone_with_its_seal_leaves_a_gap() -> None:
    entries = _five()
    _by_hand(
        f"DELETE FROM {_ENTRIES} WHERE id = {entries[1].id}",  # noqa: S608
        f"DELETE FROM {_SEALS} WHERE entry_id = {entries[1].id}",  # noqa: S608
    )
    (found,) = _findings()
    assert (found.sequence, found.what) == (2, "the seals 2 to 2 are missing")


def test_entries_gone_from_the_end_are_named_while_their_seals_stand() -> None:
    entries = _five()
    _by_hand(f"DELETE FROM {_ENTRIES} WHERE id > {entries[2].id}")  # noqa: S608
    assert [found.entry_id for found in _findings()] == [entries[3].id, entries[4].id]


def test_an_entry_put_in_later_is_named_before_and_after_it_is_sealed() -> None:
    _five()
    later = NOW + timedelta(days=2)
    _record(at=later)
    audit_sealing.seal_recent(later)
    put_in = _record(at=NOW + timedelta(hours=2))
    assert [(found.entry_id, found.sequence) for found in _findings()] == [(put_in.id, 0)]
    audit_sealing.seal_recent(later + timedelta(minutes=1))
    (found,) = _findings()
    assert (found.entry_id, found.sequence) == (put_in.id, 7)
    assert found.what.startswith("was put in afterwards")


def test_entries_that_waited_while_no_job_ran_are_nothing_wrong() -> None:
    _five()
    _record(at=NOW + timedelta(days=1))
    assert verification.count_waiting() == 1
    assert _findings() == []
    _record(at=NOW + timedelta(days=3))
    audit_sealing.seal_recent(NOW + timedelta(days=4))
    assert _findings() == []


def test_a_seal_that_was_altered_is_named() -> None:
    entries = _five()
    _by_hand(f"UPDATE {_SEALS} SET sha256 = '{'ab' * 32}' WHERE entry_id = {entries[3].id}")  # noqa: S608
    found = _findings()
    assert found[0].entry_id == entries[3].id
    assert found[0].what == "fits, but its seal was altered"


def test_a_chain_that_was_rewritten_whole_is_found_by_a_kept_head() -> None:
    entries = _five()
    kept = {head.chain: head for head in audit_sealing.heads()}
    _by_hand(
        f"UPDATE {_ENTRIES} SET details = '{{}}' WHERE id = {entries[1].id}",  # noqa: S608
        f"DELETE FROM {_SEALS}",  # noqa: S608
    )
    audit_sealing.seal_all(SOON)
    assert _findings() == []  # by itself it looks whole
    (found,) = _findings(kept)
    assert found.what == "has another seal than the kept head: it was rewritten"


def test_a_tail_that_was_cut_off_is_found_by_a_kept_head() -> None:
    entries = _five()
    kept = {head.chain: head for head in audit_sealing.heads()}
    _by_hand(
        f"DELETE FROM {_ENTRIES} WHERE id > {entries[2].id}",  # noqa: S608
        f"DELETE FROM {_SEALS} WHERE entry_id > {entries[2].id}",  # noqa: S608
    )
    assert _findings() == []
    (found,) = _findings(kept)
    assert found.what == "the kept head is missing: the chain ends at 3"


def test_a_kept_head_still_fits_when_the_chain_has_grown() -> None:
    _five()
    kept = {head.chain: Head.read(f"{head} university-1") for head in audit_sealing.heads()}
    _record()
    audit_sealing.seal_recent(SOON + timedelta(minutes=1))
    assert _findings(kept) == []


@pytest.mark.parametrize(
    "line",
    ["", "cairn-audit-v1", f"other {ORGANISATION} 1 {'0' * 64}", f"cairn-audit-v1 x 1 {'0' * 64}"],
)
def test_what_is_no_head_is_refused(line: str) -> None:
    with pytest.raises(Malformed, match="no head"):
        Head.read(line)


def _entry(**changes: object) -> Entry:
    values = {
        "id": 7,
        "organisation_id": ORGANISATION,
        "actor_id": None,
        "action": "award.create",
        "subject_kind": "award",
        "subject_id": OTHER,
        "at": NOW,
        "details": {"reason": "error"},
        **changes,
    }
    return Entry(**values)  # type: ignore[arg-type]  # by name


def test_a_seal_has_the_spelling_that_the_docs_give() -> None:
    text = (
        '{"chain":"11111111-1111-4111-8111-111111111111","entry":{"action":"award.create",'
        '"actor_id":null,"at":"2026-06-01T12:00:00.000000+00:00","details":{"reason":"error"},'
        '"id":7,"organisation_id":"11111111-1111-4111-8111-111111111111",'
        '"subject_id":"22222222-2222-4222-8222-222222222222","subject_kind":"award"},'
        '"sealed_at":"2026-06-01T12:01:00.000000+00:00","sequence":1}'
    )
    expected = hashlib.sha256(b"cairn audit seal v1\n" + bytes(32) + text.encode()).hexdigest()
    sealed = seal_of(_entry(), chain=ORGANISATION, sequence=1, before="0" * 64, sealed_at=SOON)
    assert sealed == expected


@given(
    column=st.sampled_from(["actor_id", "action", "subject_kind", "subject_id", "at", "details"]),
    data=st.data(),
)
def test_whatever_column_changes_changes_the_seal_and_is_the_one_named(
    column: str, data: st.DataObject
) -> None:
    other = {
        "actor_id": st.uuids(),
        "subject_id": st.uuids(),
        "action": st.text("abc.", max_size=9),
        "subject_kind": st.text("abc", max_size=9),
        "at": st.timedeltas(min_value=timedelta(microseconds=1)).map(lambda gap: _later(gap)),
        "details": st.dictionaries(st.text("abc", max_size=3), st.integers(0, 9)),
    }
    changed, was = _entry(**{column: data.draw(other[column])}), _entry()
    place = {"chain": ORGANISATION, "sequence": 1, "before": "0" * 64, "sealed_at": SOON}
    assert (changed == was) is (seal_of(changed, **place) == seal_of(was, **place))  # type: ignore[arg-type]
    assert differing(changed, was.marks()) == ([column] if changed != was else [])


def _later(gap: timedelta) -> datetime:
    return NOW + min(gap, timedelta(days=10_000))


@pytest.mark.parametrize("change", ["sequence", "chain", "before", "sealed_at"])
def test_a_seal_holds_for_its_place_alone(change: str) -> None:
    place: dict[str, object] = {
        "chain": ORGANISATION,
        "sequence": 1,
        "before": "0" * 64,
        "sealed_at": SOON,
    }
    other = {"chain": OTHER, "sequence": 2, "before": "1" * 64, "sealed_at": NOW}
    seal: Callable[..., str] = seal_of
    assert seal(_entry(), **place) != seal(_entry(), **{**place, change: other[change]})


_PLAIN = (
    st.none() | st.booleans() | st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(0, 1e9)
)


@given(st.recursive(_PLAIN, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=4)))
def test_the_fast_writer_writes_what_the_standard_says(value: Json) -> None:
    assert canonical(value) == canonicalize(value)
