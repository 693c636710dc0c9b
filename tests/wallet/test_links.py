"""`cairn.wallet.qr` and `linkedin`: codes that read back, an address that fills in a form."""

import io
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import zxingcpp
from PIL import Image

from cairn.wallet import qr
from cairn.wallet.linkedin import add_to_profile_url

LINK = (
    "https://cairn.test/c/8b3f7f4e-1111-4222-8333-123456789abc?key=abcdefghijklmnopqrstuvwxyz012345"
)


def test_a_code_reads_back_as_its_link_at_error_correction_m() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr.png(LINK))))
    assert found.text == LINK
    assert found.ec_level == "M"


def test_a_drawing_has_the_quiet_zone_and_no_style() -> None:
    drawing = ET.fromstring(qr.svg(LINK))  # noqa: S314 - of our own making
    box = [int(each) for each in drawing.attrib["viewBox"].split()]
    assert box[2] == box[3]
    assert (box[2] - 8 - 17) % 4 == 0  # modules of some version, and four on each side
    assert "style" not in qr.svg(LINK)


def _values(expires: datetime | None) -> dict[str, list[str]]:
    address = add_to_profile_url(
        title="Air & Quality #1",
        organisation="Université d’Été",
        issued=datetime(2026, 6, 1, tzinfo=UTC),
        expires=expires,
        link=LINK,
        credential_id="8b3f7f4e",
    )
    parts = urlsplit(address)
    assert (parts.netloc, parts.path) == ("www.linkedin.com", "/profile/add")
    assert "+" not in parts.query
    return parse_qs(parts.query, strict_parsing=True)


def test_linkedin_gets_each_value_encoded() -> None:
    assert _values(datetime(2029, 5, 14, tzinfo=UTC)) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Air & Quality #1"],
        "organizationName": ["Université d’Été"],
        "issueYear": ["2026"],
        "issueMonth": ["6"],
        "expirationYear": ["2029"],
        "expirationMonth": ["5"],
        "certUrl": [LINK],
        "certId": ["8b3f7f4e"],
    }


def test_without_an_end_no_expiry_is_sent() -> None:
    assert not {name for name in _values(None) if name.startswith("expiration")}
