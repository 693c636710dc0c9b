"""`cairn.core.openbadges.workbook`: XLSX as a table, held against another reader and attackers."""

import contextlib
import io
import random
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from cairn.core.errors import Malformed
from cairn.core.openbadges import workbook, worksheet
from cairn.core.openbadges.table import Problem, ReadAs, TableRow, decode_table, open_table

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def filled(*rows: list[Any], formats: Mapping[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    return saved(book)


def parts(sheet: str, **changes: str) -> dict[str, str]:
    """The members of a workbook whose only sheet has the rows `sheet`."""
    related = f'<Relationships xmlns="{PACKAGE}">{{}}</Relationships>'
    one = f'<Relationship Id="r1" Type="{REL}/{{}}" Target="{{}}"/>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": related.format(one.format("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": related.format(
            one.format("worksheet", "/xl/worksheets/a.xml")
        ),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:q="{REL}">'
        '<sheets><sheet name="S" q:id="r1"/></sheets></workbook>',
        "xl/worksheets/a.xml": f"<worksheet {MAIN}><sheetData>{sheet}</sheetData></worksheet>",
        **changes,
    }


def packed(members: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in decode_table(data).rows]


def problems(data: bytes) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.problem) for each in decode_table(data).problems]


def test_cells_are_read_as_their_reader_sees_them() -> None:
    data = filled(
        ["name", "number", "mark", "day", "moment", "share", "yes"],
        ["Zoë", 417, 87.0, date(2026, 5, 14), datetime(2026, 5, 14, 10, 30), 0.875, True],  # noqa: DTZ001 - a cell has no zone
        [None, 20260417, 0.1 + 0.2, time(9, 5), 1e20, 12, False],
        formats={"B2": "000000", "F2": "0.0%", "F3": "0.00 %"},
    )
    assert cells(data) == [
        ("Zoë", "000417", "87", "2026-05-14", "2026-05-14T10:30:00", "87.5%", "true"),
        ("", "20260417", "0.3", "9:05:00", "100000000000000000000", "1200%", "false"),
    ]


def test_rows_are_counted_as_the_sheet_counts_and_short_ones_are_filled() -> None:
    data = filled(["name", "email"], [], ["Ada"], [None, None], ["Bob", "b@x.org"])
    assert decode_table(data).rows == (TableRow(3, ("Ada", "")), TableRow(5, ("Bob", "b@x.org")))
    assert problems(filled(["name"], ["Ada", "more"]))[0][:2] == (2, "")


def test_the_first_sheet_is_read_or_the_one_that_is_chosen() -> None:
    book = Workbook()
    hidden, first, second = book.active, book.create_sheet("Spring"), book.create_sheet("Autumn")
    assert hidden is not None
    hidden.sheet_state = "hidden"
    first.append(["name"])
    second.append(["email"])
    file = io.BytesIO(saved(book))
    assert open_table(file).sheets == ("Spring", "Autumn", "Sheet")
    assert open_table(file).header == ("name",)
    assert open_table(file, ReadAs(sheet="Autumn")).header == ("email",)
    with pytest.raises(Malformed, match="choose another"):
        open_table(file, ReadAs(sheet="Winter"))


def test_a_formula_gives_the_value_that_was_saved_and_else_a_problem() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="str"><v>mark</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>B1</f><v>Ada</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><f>B1</f></c></row>'
        '<row r="4"><c r="A4" t="e"><v>#REF!</v></c></row>'
        '<row r="5"><c r="A5"><v>x</v></c></row>'
    )
    data = packed(parts(rows))
    assert cells(data) == [("Ada", "2")]
    assert problems(data) == [
        (3, "name", "is a formula without its value"),
        (4, "name", "is an error of a formula"),
        (5, "name", "is no number"),
    ]


def test_places_may_be_left_out_and_what_is_read_aloud_is_no_text() -> None:
    rows = (
        "<row><c t='inlineStr'><is><r><t>na</t></r><r><t>me</t></r></is></c></row>"
        "<row><c t='inlineStr'><is><t>山田</t><rPh sb='0' eb='1'><t>ヤマダ</t></rPh></is></c></row>"
    )
    table = decode_table(packed(parts(rows)))
    assert (table.header, table.rows) == (("name",), (TableRow(2, ("山田",)),))


def test_days_count_from_1904_where_the_workbook_says_so_and_else_from_1900() -> None:
    styles = f'<styleSheet {MAIN}><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'
    rows = '<row><c t="str"><v>day</v></c></row>' + "".join(
        f"<row><c s='0'><v>{serial}</v></c></row>" for serial in (1, 59, 61, 46156)
    )
    members = parts(rows, **{"xl/styles.xml": styles})
    related = members["xl/_rels/workbook.xml.rels"]
    more = f'<Relationship Id="r2" Type="{REL}/styles" Target="styles.xml"/></Relationships>'
    members["xl/_rels/workbook.xml.rels"] = related.replace("</Relationships>", more)
    days = ["1900-01-01", "1900-02-28", "1900-03-01", "2026-05-14"]
    assert [row[0] for row in cells(packed(members))] == days
    later = members["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    members["xl/workbook.xml"] = later
    assert cells(packed(members))[0] == ("1904-01-02",)


def test_other_kinds_of_file_are_refused_with_what_to_do() -> None:
    ods = packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for data, words in (
        (ods, r"OpenDocument file \(.ods\); save it as an Excel"),
        (ole, r"old kind \(.xls\); save it as an Excel"),
        (ole + "EncryptedPackage".encode("utf-16-le"), "password; take the password off"),
        (packed({"Index/Document.iwa": ""}), "Numbers document; export it"),
        (packed({"a.txt": "hello"}), "an archive"),
        (filled(["name"], ["Ada"])[:-60], "cut short"),
        (packed({}), "archive"),
    ):
        with pytest.raises(Malformed, match=words):
            decode_table(data)


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "name", "x"
    with pytest.raises(Malformed, match="beyond column"):
        decode_table(saved(book))


def test_a_bomb_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    row = "<row><c t='str'><v>a</v></c></row>"
    bomb = packed(parts(row * 2 + " " * 2**23))
    with pytest.raises(Malformed, match="too tightly"):
        decode_table(bomb)
    monkeypatch.setattr(workbook, "MAX_INFLATED_BYTES", 2000)
    with pytest.raises(Malformed, match="over 0 MB"):
        decode_table(packed(parts(row * 100)))


def test_members_and_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"x{number}": "" for number in range(workbook.MAX_MEMBERS)}
    with pytest.raises(Malformed, match="2000 members"):
        decode_table(packed({**parts("<row/>"), **names}))
    many = {f"x{number:0200}": "" for number in range(5000)}
    with pytest.raises(Malformed, match="too many members"):
        decode_table(packed(many))
    monkeypatch.setattr(worksheet, "MAX_STRINGS", 3)
    assert worksheet.shared_strings([b"<sst>" + b"<si/>" * 3 + b"</sst>"]) == [""] * 3
    with pytest.raises(Malformed, match="more than 3 texts"):
        worksheet.shared_strings([b"<sst>" + b"<si/>" * 4 + b"</sst>"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("<row><c t='s'><v>9</v></c></row>", "a heading in row 1 names a text"),
        ("<row r='2'/><row r='1'/>", "twice"),
        ("<row><c r='AAAA1'/></row>", "no place"),
        ("<row><c r='XFE1'/></row>", "wider"),
        ("<row r='x'/>", "damaged"),
        ("<row>", "damaged"),
    ],
)
def test_a_damaged_sheet_is_malformed(rows: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        decode_table(packed(parts(rows)))


def test_a_document_type_is_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    members = parts("")
    members["xl/worksheets/a.xml"] = laughs + members["xl/worksheets/a.xml"]
    with pytest.raises(Malformed, match="document type"):
        decode_table(packed(members))


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_a_damaged_file_is_a_table_or_malformed(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - where the damage is
    data = bytearray(filled(["name", "mark"], ["Ada", 1], ["Bob", date(2026, 1, 1)]))
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    with contextlib.suppress(Malformed):
        decode_table(bytes(data))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=8)
VALUES = st.one_of(
    TEXTS,
    st.integers(-(10**12), 10**12),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.booleans(),
)


@settings(max_examples=40)
@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=6))
def test_another_reader_sees_the_same(rows: list[list[Any]]) -> None:
    data = filled(["a", "b", "c"], *rows)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    seen = [tuple(map(written, row)) for row in sheet.to_python(skip_empty_area=False)[1:]]
    file = list(open_table(io.BytesIO(data)).rows)
    read = {row.number: row.cells for row in file if isinstance(row, TableRow)}
    assert not [row for row in file if isinstance(row, Problem) and "formula" not in row.problem]
    for number, expected in enumerate(seen, start=2):
        if any(expected) and number in read:
            assert read[number] == expected


def written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).date().isoformat()
    return str(value).strip()
