"""The achievements and people that `cairn tour` ships: they read without a single problem."""

import csv
import itertools
import json
from importlib import resources
from pathlib import Path

import pytest

from cairn.core.codec import strict_json
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.achievement_file import read_achievement
from cairn.core.openbadges.columns import Rows, read_rows
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.headings import FIELDS
from cairn.core.openbadges.table import decode_table
from cairn.core.openbadges.terms import to_json
from tests.reference import reference

DATA = resources.files("cairn.cli") / "demo_data"
ACHIEVEMENTS = sorted(Path(str(DATA / "achievements")).glob("*.json"))


def achievement(file: Path) -> Achievement:
    read = read_achievement(strict_json.read(file.read_bytes()))
    assert (read.not_carried, read.carried_as) == ((), ())
    return read.achievement


def people(name: str, awarded: Achievement) -> Rows:
    table = decode_table((DATA / name).read_bytes())
    assert (table.problems, table.encoding, table.separator) == ((), "utf-8", ",")
    counter = itertools.count()
    return read_rows(
        table.rows,
        table.header,
        achievement=awarded,
        valid_from="2026-06-30T12:00:00Z",
        salt=lambda: f"salt-{next(counter):06}",
    )


@pytest.mark.parametrize("file", ACHIEVEMENTS, ids=lambda file: file.stem)
def test_everyone_can_be_awarded_everything(file: Path) -> None:
    awarded = achievement(file)
    assert awarded.creator is not None
    read = people("people.csv", awarded)
    assert read.problems == ()
    assert len(read.awards) == 200
    for row in read.awards[:5]:
        url = f"https://cairn.example/c/{row.row}"
        assert achievement_credential(awarded, row.award, awarded.creator, credential_id=url)


def test_the_graded_people_are_graded() -> None:
    (file,) = (file for file in ACHIEVEMENTS if file.stem == "data-literacy")
    read = people("people_graded.csv", achievement(file))
    assert read.problems == ()
    assert all(row.award.result for row in read.awards)


def test_the_catalogue_is_varied() -> None:
    catalogue = [achievement(file) for file in ACHIEVEMENTS]
    assert len(catalogue) == 8
    assert {each.in_language[:2] for each in catalogue} == {"en", "fr", "de"}
    assert len({each.id for each in catalogue}) == 8
    kinds = {kind.result_type for each in catalogue for kind in each.result_description}
    assert len(kinds) >= 5
    assert any(each.credits_available is None for each in catalogue)


def test_the_files_are_what_they_read_as() -> None:
    for file in ACHIEVEMENTS:
        assert json.loads(file.read_bytes()) == to_json(achievement(file))


def test_every_skill_is_in_esco() -> None:
    with reference("skills/esco/skills_joined.csv").open(encoding="utf-8", newline="") as rows:
        known = {row["conceptUri"] for row in csv.DictReader(rows)}
    found = [each.target_url for file in ACHIEVEMENTS for each in achievement(file).alignment]
    skills = {url for url in found if "/esco/skill/" in url}
    assert len(skills) >= 12
    assert skills <= known


def test_no_heading_of_the_people_is_a_secret_name() -> None:
    table = decode_table((DATA / "people.csv").read_bytes())
    assert len(table.header) <= len(FIELDS)
    assert all(cells.cells[1].endswith("@example.org") for cells in table.rows)
