"""As much as a bound allows, and one more: those that no file beside this one holds.

The table in ARCHITECTURE.md lists them all.
"""

from typing import Any

import pytest
from PIL import Image

from cairn.core.codec.strict_json import Json
from cairn.core.containers import qr
from cairn.core.containers.recognise import Kind
from cairn.core.did import syntax
from cairn.core.errors import Malformed
from cairn.core.openbadges import table
from cairn.core.proofs import data_integrity
from cairn.core.rdf import outline as outlines
from cairn.core.rdf.contexts import VC_2, shipped
from cairn.core.status.bitstring import MAX_STATUS_SIZE
from cairn.core.status.credential import StatusEntry, UnsupportedStatus, read_entries
from cairn.core.verify import files
from tests.core.badges import badge
from tests.core.container_files import qr_image, saved
from tests.core.issuing import published
from tests.core.test_files import answers


def outlined(**members: Json) -> None:
    outlines.outline({"@context": VC_2, **members}, shipped())


def levels(count: int) -> Json:
    """Objects and arrays in turn, `count` of them."""
    inner: Json = "x"
    for number in range(count):
        inner = [inner] if number % 2 else {"name": inner}
    return inner


def test_nesting() -> None:
    outlined(issuer=levels(outlines.MAX_DEPTH - 1))  # the root is the first
    with pytest.raises(Malformed, match="nested deeper than 32"):
        outlined(issuer=levels(outlines.MAX_DEPTH))


def test_objects() -> None:
    def evidence(count: int) -> Json:
        return [{"name": f"{number}"} for number in range(count)]

    outlined(evidence=evidence(outlines.MAX_OBJECTS - 1))
    with pytest.raises(Malformed, match="more than 1000 objects"):
        outlined(evidence=evidence(500), alignment=evidence(500))


def test_leaves() -> None:
    def tags(count: int) -> dict[str, Json]:
        """In arrays of fifty, so that entries to compare are few."""
        return {
            f"tag{start}": list(range(start, min(start + 50, count)))
            for start in range(0, count, 50)
        }

    outlined(**tags(outlines.MAX_LEAVES))
    with pytest.raises(Malformed, match="more than 10000 values"):
        outlined(**tags(outlines.MAX_LEAVES + 1))


def test_entries_to_compare() -> None:
    outlined(tag=list(range(1000)))
    with pytest.raises(Malformed, match="arrays are too long"):
        outlined(tag=list(range(1001)))
    with pytest.raises(Malformed, match="too many"):
        outlined(tag=list(range(999)), alignment=list(range(50)))


def test_types() -> None:
    outlined(type=[f"T{number}" for number in range(outlines.MAX_TYPES)])
    with pytest.raises(outlines.Uncovered, match="1 to 8 names"):
        outlined(type=[f"T{number}" for number in range(outlines.MAX_TYPES + 1)])


def test_proofs() -> None:
    proof: dict[str, Json] = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": "did:example:1#key",
        "proofPurpose": "assertionMethod",
        "proofValue": "z1",
    }
    most = data_integrity.MAX_PROOFS
    assert len(data_integrity.read_proofs({**badge(), "proof": [proof] * most})) == most
    with pytest.raises(Malformed, match="more than 8 proofs"):
        data_integrity.read_proofs({**badge(), "proof": [proof] * (most + 1)})


def test_codes_of_a_picture() -> None:
    page = Image.new("L", (1200, 1200), 255)
    for number in range(qr.MAX_CODES + 1):
        code = qr_image(f"https://x.example/{number}").resize((300, 300))
        page.paste(code, (50 + 380 * (number % 3), 50 + 380 * (number // 3)))
    assert len(qr.codes_in(saved(page, "PNG"), Kind.PNG)) == qr.MAX_CODES
    page.paste(255, (800, 800, 1200, 1200))
    assert len(qr.codes_in(saved(page, "PNG"), Kind.PNG)) == qr.MAX_CODES


def test_links_that_are_followed() -> None:
    links = [f"https://uni.example/c/{number}" for number in range(files.MAX_FOLLOWED + 1)]
    documents = published()
    answers(" ".join(links).encode(), documents)
    assert documents.asked == links[: files.MAX_FOLLOWED]


def test_characters_of_a_did() -> None:
    start = "did:web:"
    syntax.require_did(start + "a" * (syntax.MAX_LENGTH - len(start)))
    with pytest.raises(Malformed, match="at most 2048"):
        syntax.require_did(start + "a" * (syntax.MAX_LENGTH - len(start) + 1))
    fragment = "did:web:a#"
    syntax.base_did(fragment + "a" * (syntax.MAX_LENGTH - len(fragment)))
    with pytest.raises(Malformed, match="at most 2048"):
        syntax.base_did(fragment + "a" * (syntax.MAX_LENGTH - len(fragment) + 1))


def test_bits_of_a_status() -> None:
    def read(size: int) -> Any:
        entry: dict[str, Json] = {
            "type": "BitstringStatusListEntry",
            "statusPurpose": "message",
            "statusListIndex": "7",
            "statusListCredential": "https://uni.example/s/1",
            "statusSize": size,
            "statusMessage": [
                {"status": hex(value), "message": f"{value}"} for value in range(2**size)
            ],
        }
        (found,) = read_entries(entry, "")
        return found

    assert isinstance(read(MAX_STATUS_SIZE), StatusEntry)
    assert isinstance(read(MAX_STATUS_SIZE + 1), UnsupportedStatus)


def test_rows_and_columns_of_a_table() -> None:
    def rows(count: int) -> bytes:
        return b"name\n" + b"x\n" * count

    def columns(count: int) -> bytes:
        return ",".join(f"c{number}" for number in range(count)).encode() + b"\n"

    assert len(table.decode_table(rows(table.MAX_ROWS)).rows) == table.MAX_ROWS
    with pytest.raises(Malformed, match="more than 100000 rows"):
        table.decode_table(rows(table.MAX_ROWS + 1))
    assert len(table.decode_table(columns(table.MAX_COLUMNS)).header) == table.MAX_COLUMNS
    with pytest.raises(Malformed, match="201 columns"):
        table.decode_table(columns(table.MAX_COLUMNS + 1))


def test_characters_of_a_cell() -> None:
    def problems(length: int) -> int:
        return len(table.decode_table(b"name\n" + b"x" * length + b"\n").problems)

    assert problems(table.MAX_CELL) == 0
    assert problems(table.MAX_CELL + 1) == 1


def test_bytes_of_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 100)  # the real one takes a while to read
    assert len(table.decode_table(b"name\n" + b"x" * 95).rows) == 1
    with pytest.raises(Malformed, match="at most"):
        table.decode_table(b"name\n" + b"x" * 96)
