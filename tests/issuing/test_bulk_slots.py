"""What is signed from the leaves of rows is what is signed one by one, byte for byte."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cairn.core.errors import CairnError
from cairn.issuing.batches.rows_signing import RowsSigner
from cairn.issuing.documents import Described, Entry
from cairn.issuing.models import Batch
from cairn.issuing.slots import Row, Slots
from cairn.signing.bulk import Alike, BulkSigner
from cairn.signing.opening import open_signer
from cairn.signing.signer import Signer
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
GRADE = {"name": "Grade", "resultType": "Result", "valueMin": "0", "valueMax": "100"}
LIST, OTHER_LIST = UUID(int=7), UUID(int=8)
AWARDED = datetime(2026, 5, 14, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class House:
    """A batch without rows, and the keys of its issuer."""

    batch: Batch
    signer: Signer
    grade: str  # id of its result description


@pytest.fixture
def house() -> House:
    issuer = world.organisation(country="IE")
    version = world.published_version(issuer, result_descriptions=[GRADE])
    batch = Batch(issuer=issuer, version=version, language="en")
    (grade,) = Described.of(version, "en", issuer).achievement.result_description
    return House(batch, open_signer(issuer, NOW), grade.id)


# Plain text, what JSON and N-Quads escape, and what no signature covers.
texts = st.one_of(
    st.sampled_from(
        ["", "Ada", 'Zoë "Q" \\ \t', "line\nline", "a\x7fb", "\x85", " ", "\ufdd0", "𝔸"]
    ),
    st.text(max_size=12).filter(lambda text: "\x00" not in text and _is_utf8(text)),
)
addresses = st.sampled_from(
    ["", "https://e.example/1", "https://e.example/ä", "no address", "https://cairn.test/c/x"]
)


def _is_utf8(text: str) -> bool:
    return text.encode("utf-8", "ignore").decode() == text


def rows_of(grade: str) -> SearchStrategy[list[Row]]:
    results = st.sampled_from(
        [
            [],
            [{"type": ["Result"], "value": "87"}],
            [{"type": ["Result"], "resultDescription": grade, "value": "7"}],
            [{"type": ["Result"], "resultDescription": grade, "value": "870"}],  # out of bounds
            [{"type": ["Result"], "status": "Completed"}, {"type": ["Result"], "value": 'A"\\'}],
            [{"type": ["Result"], "value": "1"}, {"type": ["Result"], "value": "1"}],  # a twin
        ]
    )
    terms = st.sampled_from(
        [
            {},
            {"role": "Lead", "creditsEarned": 2.5},
            {"role": "Aide", "creditsEarned": 2},
            {"creditsEarned": 2.0, "licenseNumber": 'L-"9'},
            {"awardedDate": "2026-05-12T00:00:00Z", "term": "Spring"},
            {"evidence": [{"type": ["Evidence"], "id": "https://e.example/3", "name": "x"}]},
            {"evidence": [{"type": ["Evidence"], "narrative": "**bold**"}]},
            {"unheard": "of"},
        ]
    )
    return st.lists(
        st.builds(
            Row,
            award_key=st.uuids(version=4),
            credential_key=st.uuids(version=4).flatmap(lambda one: st.sampled_from([one, one.hex])),
            salt=st.sampled_from(["0123456789abcdef" * 2, "fedcba9876543210", "salt"]),
            email=st.sampled_from(["ada@example.org", "Bob@example.org ", "zoë@example.org", "no"]),
            name=texts,
            student_number=texts,
            narrative=texts,
            evidence_url=addresses,
            evidence_name=texts,
            results=results.map(json.dumps),
            terms=terms.map(json.dumps),
            valid_from=st.sampled_from([AWARDED, AWARDED + timedelta(days=1)]),
            valid_until=st.sampled_from([None, AWARDED, AWARDED + timedelta(days=900)]),
            awarded_at=st.just(AWARDED),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row.credential_id,
    ).map(_with_twins)


def _with_twins(rows: list[Row]) -> list[Row]:
    """Each row and three like it, so that there are kinds of several rows."""
    found = []
    for row in rows:
        for number in range(4):
            key = UUID(int=row.credential_id.int ^ number)
            name = row.name and f"{row.name}{number}"
            found.append(row._replace(credential_key=key, award_key=key, name=name))
    return list({row.credential_id: row for row in found}.values())


def entries_of(rows: list[Row], purposes: int) -> dict[UUID | str, tuple[Entry, ...]]:
    said = ("revocation", "suspension")[:purposes]
    return {
        row.credential_key: tuple(
            ((LIST, OTHER_LIST)[number % 2], number + 10 * place, purpose)
            for place, purpose in enumerate(said)
        )
        for number, row in enumerate(rows)
    }


def one_by_one(
    house: House, rows: list[Row], entries: dict[UUID | str, tuple[Entry, ...]]
) -> Iterator[tuple[UUID, tuple[bytes, bytes] | None]]:
    batch, signer = house.batch, house.signer
    described = Described.of(batch.version, batch.language, batch.issuer)
    for row in rows:
        try:
            document = described.document(
                row.award(batch.version, batch.language),
                row.credential_id,
                row.salt,
                entries[row.credential_key],
            )
            signed = signer.sign_document(document, now=NOW), signer.sign_vc_jwt(document)
        except CairnError:
            yield row.award_id, None
        else:
            yield row.award_id, signed


def test_rows_are_signed_as_they_are_one_by_one_or_parked_alike(house: House) -> None:
    @given(rows_of(house.grade), st.sampled_from([1, 2]))
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    def check(rows: list[Row], purposes: int) -> None:
        entries = entries_of(rows, purposes)
        bulk = BulkSigner(house.signer, NOW)
        outcome = RowsSigner(house.batch, entries, bulk).sign(rows)
        found = {row.award_id: tuple(signed) for row, signed in outcome.signed}
        expected = dict(one_by_one(house, rows, entries))
        assert found == {award: signed for award, signed in expected.items() if signed}
        assert outcome.parked.keys() == {a for a, signed in expected.items() if signed is None}

    check()


PLAIN = Row(
    award_key=UUID(int=1),
    credential_key=UUID(int=2),
    salt="0123456789abcdef",
    email="ada@example.org",
    name="Ada",
    student_number="S-7",
    narrative="Led it.\n\n- **well**",
    evidence_url="https://e.example/1",
    evidence_name="Report",
    results='[{"type": ["Result"], "value": "87"}]',
    terms='{"role": "Lead", "creditsEarned": 2.5}',
    valid_from=AWARDED,
    valid_until=AWARDED + timedelta(days=9),
    awarded_at=AWARDED,
)


def test_plain_rows_go_the_short_way(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [PLAIN._replace(credential_key=UUID(int=n), name=f"Ada {n}") for n in range(1, 20)]
    taken = []
    sign = Alike.sign

    def noted(self: Alike, values: tuple[str, ...]) -> object:
        taken.append(sign(self, values))
        return taken[-1]

    monkeypatch.setattr(Alike, "sign", noted)
    RowsSigner(house.batch, entries_of(rows, 1), BulkSigner(house.signer, NOW)).sign(rows)
    assert len(taken) == len(rows)
    assert None not in taken


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a\x85b"},
        {"email": "nobody"},
        {"salt": "short"},
        {"narrative": " "},
        {"evidence_url": "no address"},
        {"evidence_name": "\ufffe"},
        {"valid_until": AWARDED},
        {"results": '[{"type": ["Result"]}]'},
        {"terms": '{"unheard": "of"}'},
        {"terms": '{"evidence": [{"type": ["Evidence"], "narrative": "x"}]}'},
    ],
)
def test_a_row_that_is_not_plainly_in_order_is_laid_out(
    house: House, changes: dict[str, Any]
) -> None:
    batch = house.batch
    slots = Slots(Described.of(batch.version, "en", batch.issuer), names_learner=True)
    assert slots.of(PLAIN, ((LIST, 1, "revocation"),)) is not None
    assert slots.of(PLAIN._replace(**changes), ((LIST, 1, "revocation"),)) is None
