"""`cairn.core.openbadges.table`, `headings` and `columns`: from a spreadsheet to awards."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import Award, email_identity
from cairn.core.openbadges.columns import Rows, read_rows
from cairn.core.openbadges.headings import FIELDS
from cairn.core.openbadges.parts import Criteria
from cairn.core.openbadges.results import ResultDescription, RubricCriterionLevel
from cairn.core.openbadges.table import Problem, Table, decode_table

NOON = "2026-05-14T12:00:00Z"
GRADE = ResultDescription("urn:x-r:1", "Final grade", "LetterGrade", ("C", "B", "A"))
EXAM = ResultDescription("urn:x-r:2", "Exam", "Percent", value_min="0", value_max="100")
LEVELS = (
    RubricCriterionLevel("urn:x-l:1", "Basic", level="1"),
    RubricCriterionLevel("urn:x-l:2", "Advanced", level="2"),
)
PRACTICE = ResultDescription(
    "urn:x-r:3", "Practice", "RubricCriterionLevel", rubric_criterion_level=LEVELS
)
STATE = ResultDescription("urn:x-r:4", "State", "Status")


def achievement(*described: ResultDescription) -> Achievement:
    return Achievement(
        "https://x.example/a",
        "Data",
        "Reading data.",
        Criteria(narrative="A project."),
        result_description=described,
    )


def salts() -> Callable[[], str]:
    counter = itertools.count()
    return lambda: f"salt-{next(counter):04}"


def rows(text: str, *described: ResultDescription, **mapping: str) -> Rows:
    table = decode_table(text.encode())
    assert table.problems == ()
    return read_rows(
        table.rows,
        table.header,
        achievement=achievement(*described),
        valid_from=NOON,
        salt=salts(),
        mapping=mapping,
    )


def only(text: str, *described: ResultDescription) -> Award:
    read = rows(text, *described)
    assert read.problems == ()
    (row,) = read.awards
    return row.award


def problem(text: str, *described: ResultDescription) -> Problem:
    read = rows(text, *described)
    (found,) = read.problems
    assert found.problem
    assert found.mend
    return found


def test_a_name_and_an_email_are_enough() -> None:
    read = rows("Name,E-mail\nAda Lovelace, Ada@Example.org \n")
    (row,) = read.awards
    assert (row.row, row.name, row.email) == (2, "Ada Lovelace", "Ada@Example.org")
    assert row.award.valid_from == NOON
    assert row.award.identifier[1] == email_identity("ada@example.org", "salt-0000")


@pytest.mark.parametrize("field", [name for name in FIELDS if not name.endswith(":")])
def test_every_field_takes_its_own_example(field: str) -> None:
    example = FIELDS[field].example.replace("…", "hBz")
    head, cells = ("name", "Ada"), (field, example)
    pairs = (cells,) if field == "name" else (head, cells)
    text = "\t".join(pair[0] for pair in pairs) + "\n" + "\t".join(pair[1] for pair in pairs)
    assert rows(text, GRADE).problems == ()


@pytest.mark.parametrize(
    ("heading", "cell", "term", "value"),
    [
        ("valid_from", "2026-01-31", "valid_from", "2026-01-31T00:00:00Z"),
        ("Valid until", "2029-01-31", "valid_until", "2029-01-31T23:59:59Z"),
        ("EXPIRES", "2029-01-31T10:00:00+02:00", "valid_until", "2029-01-31T08:00:00Z"),
        ("Awarded-on", "2026-01-31", "awarded_date", "2026-01-31T00:00:00Z"),
        ("activity start", "2026-01-31", "activity_start_date", "2026-01-31T00:00:00Z"),
        ("End date", "2026-01-31", "activity_end_date", "2026-01-31T00:00:00Z"),
        ("Credits", "3", "credits_earned", 3),
        ("ECTS", "2.5", "credits_earned", 2.5),
        ("ECTS", '"2,5"', "credits_earned", 2.5),
        ("Role", "Lead", "role", "Lead"),
        ("semester", "Spring", "term", "Spring"),
        ("License number", "A-1", "license_number", "A-1"),
        ("Narrative", "Well done.", "narrative", "Well done."),
        ("DID", "did:key:z6Mk", "id", "did:key:z6Mk"),
    ],
)
def test_a_column_fills_its_term(heading: str, cell: str, term: str, value: object) -> None:
    award = only(f"name,{heading}\nAda,{cell}\n")
    assert getattr(award, term) == value


def test_a_number_of_the_learner_is_hashed() -> None:
    award = only("name,Student number\nAda,4711\n")
    assert award.identifier[1].hashed
    assert award.identifier[1].identity_type == "identifier"
    assert "4711" not in award.identifier[1].identity_hash


def test_several_pieces_of_evidence() -> None:
    award = only(
        "name,evidence_url,evidence_name,Evidence 2 narrative,evidence5_genre\n"
        "Ada,https://x.example/1,Report,A talk.,Video\n"
    )
    assert [entry.name or entry.narrative or entry.genre for entry in award.evidence] == [
        *("Report", "A talk.", "Video"),
    ]


@pytest.mark.parametrize(
    ("heading", "cell", "described", "term", "value"),
    [
        ("Grade", "B", GRADE, "value", "B"),
        ("result", "B", GRADE, "value", "B"),
        ("Final grade", "B", GRADE, "value", "B"),
        ("result:final-grade", "B", GRADE, "value", "B"),
        ("result:urn:x-r:1", "B", GRADE, "value", "B"),
        ("exam", "87.5", EXAM, "value", "87.5"),
        ("exam", '"87,5"', EXAM, "value", "87.5"),
        ("status:Exam", "in progress", EXAM, "status", "InProgress"),
        ("grade", "completed", STATE, "status", "Completed"),
        ("grade", "advanced", PRACTICE, "achieved_level", "urn:x-l:2"),
        ("grade", "1", PRACTICE, "achieved_level", "urn:x-l:1"),
        ("level:practice", "urn:x-l:2", PRACTICE, "achieved_level", "urn:x-l:2"),
    ],
)
def test_a_result_is_read_by_its_description(
    heading: str, cell: str, described: ResultDescription, term: str, value: str
) -> None:
    (result,) = only(f"name,{heading}\nAda,{cell}\n", described).result
    assert result.result_description == described.id
    assert getattr(result, term) == value


def test_results_of_several_descriptions_stand_side_by_side() -> None:
    award = only("name,Final grade,Exam,Practice\nAda,A,,Basic\n", GRADE, EXAM, PRACTICE)
    assert [result.result_description for result in award.result] == ["urn:x-r:1", "urn:x-r:3"]


@pytest.mark.parametrize(
    ("text", "described", "row", "column", "value", "words"),
    [
        ("name,email\nAda,ada\n", (), 2, "email", "ada", "e-mail address"),
        ("name,email\n\nA\x07da,a@x.org\n", (), 3, "name", "A\x07da", "U+0007"),
        ("name,email\n,a@x.org\n,A@x.ORG\n", (), 3, "email", "A@x.ORG", "row 2"),
        ("name,role\n,Lead\n", (), 2, "", "", "names nobody"),
        ("name,valid_from\nAda,14/05/2026\n", (), 2, "valid_from", "14/05/2026", "not a date"),
        ("name,valid_from\nAda,2026-02-30\n", (), 2, "valid_from", "2026-02-30", "not a date"),
        ("name,expires\nAda,2020-01-01\n", (), 2, "expires", "2020-01-01", "not after"),
        ("name,start,end\nA,2026-02-02,2026-02-01\n", (), 2, "end", "2026-02-01", "before"),
        ("name,credits\nAda,many\n", (), 2, "credits", "many", "not a number"),
        ("name,credits\nAda,1e3\n", (), 2, "credits", "1e3", "not a number"),
        ("name,credits\nAda,-1\n", (), 2, "credits", "-1", "below zero"),
        ("name,credits\nAda,9007199254740993\n", (), 2, "credits", "9007199254740993", "signed"),
        ("name,did\nAda,z6Mk\n", (), 2, "did", "z6Mk", "not a DID"),
        ("name,did\nAda,did:X\n", (), 2, "did", "did:X", "IRI"),
        ("name,evidence\nAda,x.example\n", (), 2, "evidence", "x.example", "web address"),
        ("name,evidence\nAda,http://\n", (), 2, "evidence", "http://", "web address"),
        ("name,evidence\nA,http://x/{}\n", (), 2, "evidence", "http://x/{}", "IRI"),
        ("name,grade\nAda,D\n", (GRADE,), 2, "grade", "D", "not allowed"),
        ("name,exam\nAda,101\n", (EXAM,), 2, "exam", "101", "above"),
        ("name,exam\nAda,-1\n", (EXAM,), 2, "exam", "-1", "below"),
        ("name,exam\nAda,A\n", (EXAM,), 2, "exam", "A", "not a number"),
        ("name,practice\nAda,Expert\n", (PRACTICE,), 2, "practice", "Expert", "no level"),
        ("name,level:exam\nAda,Expert\n", (EXAM,), 2, "level:exam", "Expert", "no level"),
        ("name,grade\nAda,Passed\n", (STATE,), 2, "grade", "Passed", "not on the list"),
        ("name,shoe size\nAda,39\n", (), 1, "shoe size", "", "not a field"),
        ("name,,role\nAda,x,y\n", (), 1, "", "", "without a heading"),
        ("name,Full name\nAda,Ada\n", (), 1, "Full name", "", "the same as"),
        ("name,grade\nAda,B\n", (), 1, "grade", "", "describes none"),
        ("name,grade\nAda,B\n", (GRADE, EXAM), 1, "grade", "", "which result"),
        ("name,result:Oral\nAda,B\n", (GRADE,), 1, "result:Oral", "", "which result"),
    ],
)
def test_a_bad_value_is_a_problem_with_its_place(
    text: str, described: Any, row: int, column: str, value: str, words: str
) -> None:
    found = problem(text, *described)
    assert (found.row, found.column, found.value) == (row, column, value)
    assert words in f"{found.problem}; {found.mend}"


def test_a_table_must_name_its_people() -> None:
    read = rows("role\nLead\n")
    assert [found.row for found in read.problems] == [1, 2]
    assert read.awards == ()


def test_all_problems_are_found_at_once_and_good_rows_kept() -> None:
    read = rows("name,email,credits\nA,a,x\nB,b@x.org,2\nC,c@x.org,y\n")
    assert [(found.row, found.column) for found in read.problems] == [
        *((2, "email"), (2, "credits"), (4, "credits")),
    ]
    assert [row.row for row in read.awards] == [3]


def test_headings_can_be_mapped_or_left_out() -> None:
    read = rows("Wer,Schuhgröße\nAda,39\n", Wer="name", schuhgröße="-")
    assert read.problems == ()
    assert read.awards[0].name == "Ada"


def test_each_hash_has_a_salt_of_its_own() -> None:
    read = rows("email,student_id\na@x.org,1\nb@x.org,2\n")
    found = [identity.salt for row in read.awards for identity in row.award.identifier]
    assert len(set(found)) == 4


@pytest.mark.parametrize(
    ("data", "encoding", "separator"),
    [
        ("name,rôle\nÄda,x\n".encode(), "utf-8", ","),
        ("name,rôle\nÄda,x\n".encode("utf-8-sig"), "utf-8", ","),
        ("name;rôle\r\nÄda;x\r\n".encode("cp1252"), "cp1252", ";"),
        ("name\trôle\nÄda\tx\n".encode("utf-16"), "utf-16", "\t"),
        (b"\xfe\xff" + "name\trôle\nÄda\tx\n".encode("utf-16-be"), "utf-16", "\t"),
        ("name|rôle\nÄda|x".encode(), "utf-8", "|"),
        ("sep=;\nname;rôle\nÄda;x".encode(), "utf-8", ";"),
        ('"name";"rôle"\n"Äda";"x"'.encode(), "utf-8", ";"),
        ('"na,,,me";rôle\nÄda;x'.encode(), "utf-8", ";"),
    ],
)
def test_what_spreadsheets_write_is_decoded(data: bytes, encoding: str, separator: str) -> None:
    table = decode_table(data)
    assert (table.encoding, table.separator) == (encoding, separator)
    assert table.header[1] == "rôle"
    assert table.rows[0].cells == ("Äda", "x")


def test_blank_rows_are_skipped_but_counted() -> None:
    table = decode_table(b"\nname,role\n\nAda,x\n,,\n \nBob,y\n")
    assert [row.number for row in table.rows] == [4, 7]


def test_rows_of_another_width_are_problems() -> None:
    table = decode_table(b"name,role\nAda\nBob,x,y\nCy,x,,\nDee,x\n")
    assert [found.row for found in table.problems] == [2, 3]
    assert [row.number for row in table.rows] == [4, 5]


def test_quoted_cells_keep_separators_and_line_ends() -> None:
    table = decode_table(b'name,narrative\n"Ada, ""A""","two\nlines"\nBob,x\n')
    assert table.rows[0].cells == ('Ada, "A"', "two\nlines")
    assert table.rows[1].number == 3


def test_a_cell_over_the_bound_is_a_problem() -> None:
    (found,) = decode_table(b"name\n" + b"x" * 10_001 + b"\n").problems
    assert (found.row, found.column) == (2, "name")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n , \n", "empty"),
        (b'name\n"Ada\n', "row 2"),
        (b'name\n"A"da\n', "row 2"),
        (b"name\n\x81\x8d\n", "not text"),
        (b"\xff\xfen", "utf-16"),
        (b"n\x00a\x00\xff\x00", "UTF-8"),
        (b"PK\x03\x04\x81\x00\x00", "no workbook"),
        (",".join("abc" for _ in range(201)).encode(), "201 columns"),
        (b"name\n" + b"x\n" * 100_001, "100000 rows"),
        (b"name\n" + b"x" * 200_000, "row 2"),
    ],
)
def test_what_is_no_table_is_malformed(data: bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        decode_table(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_malformed(data: bytes) -> None:
    try:
        table = decode_table(data)
    except Malformed:
        return
    assert isinstance(table, Table)
    assert all(len(row.cells) == len(table.header) for row in table.rows)


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=4))
def test_any_cells_are_awards_or_problems(cells: list[list[str]]) -> None:
    text = "name\temail\tcredits\n" + "\n".join(
        "\t".join(cell.translate({9: 32, 10: 32, 13: 32, 34: 39}) for cell in row) for row in cells
    )
    try:
        table = decode_table(text.encode(errors="surrogatepass"))
    except Malformed:
        return
    read = read_rows(
        table.rows, table.header, achievement=achievement(), valid_from=NOON, salt=salts()
    )
    bad = {found.row for found in read.problems}
    assert bad | {row.row for row in read.awards} == {row.number for row in table.rows}
    assert not bad & {row.row for row in read.awards}
