"""Documents a credential refers to, the schema it names, and names that mislead."""

import base64
import hashlib
from typing import Any

import pytest

from cairn.core.codec import base64url, multibase, strict_json
from cairn.core.rdf.contexts import VC_2, shipped_bytes
from cairn.core.vc.credential import read_credential
from cairn.core.verify.displayed_names import check_names
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Facts, Outcome, Reason, Result
from cairn.core.verify.resources import MAX_FETCHES, check_resources, check_schemas
from tests.core.badges import badge
from tests.core.issuing import NOW, VOCABULARY, Published, own_badge, published, signed

URL = "https://uni.example/rules.pdf"
DATA = b"the rules"


def sri(data: bytes, name: str = "sha384") -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def multihash(data: bytes, name: str = "sha256", base: str = "u") -> str:
    prefix = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}[name]
    digest = prefix + hashlib.new(name, data).digest()
    if base == "u":
        return "u" + base64url.encode(digest)
    return multibase.encode_base58btc(digest)


def checks(*resources: dict[str, Any], documents: dict[str, bytes] | None = None) -> list[Check]:
    credential = read_credential({**badge(), "relatedResource": list(resources)})
    sources = Sources(documents=Published({URL: DATA} if documents is None else documents))
    return list(check_resources(credential, sources, NOW))


@pytest.mark.parametrize(
    "digests",
    [
        {"digestSRI": sri(DATA, "sha256")},
        {"digestSRI": sri(DATA)},
        {"digestSRI": sri(DATA, "sha512")},
        {"digestSRI": sri(DATA).rstrip("=")},
        {"digestSRI": f"{sri(b'old')}  {sri(DATA)}"},
        {"digestSRI": f"{sri(b'other', 'sha256')} {sri(DATA)}"},  # the strongest decides
        {"digestSRI": f"md5-AAAA {sri(DATA)}"},
        {"digestMultibase": multihash(DATA)},
        {"digestMultibase": multihash(DATA, "sha512", "z")},
        {"digestMultibase": [multihash(DATA), multihash(DATA, "sha384")]},
        {"digestSRI": sri(DATA), "digestMultibase": multihash(DATA)},
    ],
    ids=str,
)
def test_a_document_that_fits_its_digest_is_unchanged(digests: dict[str, Any]) -> None:
    (found,) = checks({"id": URL, **digests})
    assert (found.reason, found.result) == (Reason.RESOURCES_MATCH, Result.PASS)


@pytest.mark.parametrize(
    "digests",
    [
        pytest.param({"digestSRI": sri(b"other")}, id="another document"),
        pytest.param({"digestSRI": f"{sri(DATA, 'sha256')} {sri(b'x')}"}, id="a weaker one fits"),
        pytest.param({"digestMultibase": multihash(b"other")}, id="another document, multibase"),
        pytest.param(
            {"digestSRI": sri(DATA), "digestMultibase": multihash(b"x")}, id="one of two kinds"
        ),
        pytest.param({"digestMultibase": [multihash(DATA), multihash(b"x")]}, id="one of two"),
        pytest.param({"digestMultibase": multihash(DATA)[:-8]}, id="a prefix of the digest"),
        pytest.param({"digestSRI": "sha256-" + "A" * 4}, id="a short digest"),
        pytest.param({"digestMultibase": "u" + base64url.encode(b"\x12\x20")}, id="no digest"),
    ],
)
def test_attack_of_another_document_under_the_address(digests: dict[str, Any]) -> None:
    (found,) = checks({"id": URL, **digests})
    assert (found.reason, found.result) == (Reason.RESOURCE_DIFFERS, Result.FAIL)


@pytest.mark.parametrize(
    "digests",
    [
        pytest.param({"digestSRI": "md5-1B2M2Y8AsgTpgAmY7PhCfg=="}, id="a broken hash"),
        pytest.param({"digestSRI": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, id="another broken hash"),
        pytest.param({"digestSRI": "SHA384-xxxx"}, id="upper case"),
        pytest.param({"digestSRI": "sha256"}, id="no digest"),
        pytest.param({"digestSRI": "sha256-A"}, id="no base64"),
        pytest.param({"digestMultibase": "uEQB"}, id="sha1"),
        pytest.param({"digestMultibase": "u"}, id="nothing"),
        pytest.param({"digestMultibase": "f1220"}, id="another base"),
        pytest.param({"digestMultibase": "z" + "1" * 300}, id="endless"),
    ],
)
def test_attack_of_a_digest_that_says_nothing(digests: dict[str, Any]) -> None:
    (found,) = checks({"id": URL, **digests})
    assert (found.reason, found.result) == (Reason.RESOURCE_NOT_CHECKED, Result.NOT_CHECKED)


def test_a_document_that_cannot_be_had_is_not_checked() -> None:
    (found,) = checks({"id": URL, "digestSRI": sri(DATA)}, documents={})
    assert found.result is Result.NOT_CHECKED


def test_a_context_is_compared_with_what_is_shipped_and_never_fetched() -> None:
    data = shipped_bytes(VC_2) or b""
    (found,) = checks({"id": VC_2, "digestSRI": sri(data)}, documents={VC_2: b"something else"})
    assert found.result is Result.PASS


def test_the_number_of_addresses_asked_is_bounded() -> None:
    resources: Any = [
        {"id": f"{URL}?{number}", "digestSRI": sri(DATA)} for number in range(MAX_FETCHES + 2)
    ]
    documents = Published({resource["id"]: DATA for resource in resources})
    credential = read_credential({**badge(), "relatedResource": resources})
    found = check_resources(credential, Sources(documents=documents), NOW)
    assert len(documents.asked) == MAX_FETCHES
    assert [check.result for check in found].count(Result.NOT_CHECKED) == 2


def _report(*resources: dict[str, Any], sign: bool = True) -> tuple[Outcome, list[str]]:
    document = own_badge(relatedResource=list(resources))
    documents = published()
    documents.documents[URL] = DATA
    sources = Sources(documents=documents, vocabulary=VOCABULARY)
    data = strict_json.write(signed(document) if sign else document)
    return verify(data, sources, now=NOW).outcome, documents.asked


def test_a_changed_document_holds_the_answer_back_and_accuses_nobody() -> None:
    assert _report({"id": URL, "digestSRI": sri(DATA)})[0] is Outcome.IN_FORCE
    assert _report({"id": URL, "digestSRI": sri(b"x")})[0] is Outcome.NOT_CHECKED


def test_attack_of_having_an_address_asked_by_an_unsigned_document() -> None:
    assert URL not in _report({"id": URL, "digestSRI": sri(DATA)}, sign=False)[1]


def test_withdrawn_stays_withdrawn_whatever_became_of_a_document() -> None:
    differs = Check(CheckId.RESOURCES, Result.FAIL, Reason.RESOURCE_DIFFERS)
    revoked = Check(CheckId.STATUS, Result.FAIL, Reason.STATUS_REVOKED)
    assert outcome_of([differs, revoked]) is Outcome.WITHDRAWN


def test_a_schema_is_told_and_never_fetched() -> None:
    schema: Any = {"id": "https://x.example/s", "type": "JsonSchema"}
    (found,) = check_schemas(read_credential({**badge(), "credentialSchema": schema}))
    assert found.facts == {"type": "JsonSchema", "url": "https://x.example/s"}
    assert found.result is Result.NOT_CHECKED


# Names


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Harvard\u202eytisrevinU", Reason.NAME_BIDI),
        ("\u2066Harvard\u2069", Reason.NAME_BIDI),
        ("Har\u200bvard", Reason.NAME_ZERO_WIDTH),
        ("Har\u200dvard", Reason.NAME_ZERO_WIDTH),
        ("Harvard\ufe0f", Reason.NAME_ZERO_WIDTH),
        ("Harvard\u3164", Reason.NAME_ZERO_WIDTH),
        ("Harvard\U000e0041", Reason.NAME_ZERO_WIDTH),
        ("Harvard\nverified", Reason.NAME_UNREADABLE),
        ("Harvard\ue000", Reason.NAME_UNREADABLE),
        ("H\u0430rvard", Reason.NAME_MIXED_SCRIPTS),
        ("Harv\u0391rd", Reason.NAME_MIXED_SCRIPTS),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("field", ["issuer_name", "title", "recipient"])
def test_attack_of_a_name_that_looks_like_another(field: str, name: str, reason: Reason) -> None:
    given: Any = {field: name}
    found = check_names(Facts(**given))
    assert reason in {check.reason for check in found}
    assert all(check.result is Result.WARNING for check in found)


@pytest.mark.parametrize(
    "name", ["Universität Zürich", "可信大学", "МГУ", "می\u200cخواهم", "O’Brien & Søn", ""]
)
def test_a_plain_name_is_no_warning(name: str) -> None:
    assert check_names(Facts(issuer_name=name, title=name)) == ()


def test_a_misleading_name_is_in_the_report() -> None:
    document = own_badge()
    document["credentialSubject"]["achievement"]["name"] = "Data\u200banalysis"
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    report = verify(strict_json.write(signed(document)), sources, now=NOW)
    assert Reason.NAME_ZERO_WIDTH in {check.reason for check in report.checks}
    assert report.outcome is Outcome.IN_FORCE
