"""`cairn.core.vc`: what the data models ask of each property, with the path of what is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cairn.core.errors import Malformed
from cairn.core.rdf.contexts import OB_3_0_3, VC_1, VC_2
from cairn.core.vc.credential import read_credential
from cairn.core.vc.shapes import MAX_RESOURCES, RelatedResource
from tests.core.badges import Badge, badge

SRI = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"
RESOURCE = {"id": "https://uni.example/r", "digestSRI": SRI}


def changed(**changes: Any) -> Badge:
    return {**badge(), **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": VC_2},
        {"@context": [VC_2, {"x": "urn:x"}]},  # read here; refused where words are given meaning
        {"type": "VerifiableCredential"},
        {"name": {"@value": "Data", "@language": "en"}},
        {"name": [{"@value": "Data"}, {"@value": "Daten", "@language": "de"}]},
        {"description": {"@value": "x", "@language": "ar", "@direction": "rtl"}},
        {"issuer": "https://uni.example/1"},
        {"issuer": {"id": "did:x:1", "name": {"@value": "N", "@language": "en"}}},
        {"validFrom": "2026-01-01T00:00:00+02:00"},
        {"validFrom": "2028-01-01T00:00:00Z"},  # the very end
        {"credentialStatus": {"type": "X"}},
        {"credentialSchema": [{"id": "https://x.example/s", "type": "JsonSchema"}]},
        {"evidence": {"type": "Evidence"}},
        {"termsOfUse": [{"type": "T"}, {"id": "https://x.example/t", "type": ["T"]}]},
        {"refreshService": {"id": "https://x.example/r", "type": "R"}},
        {"relatedResource": RESOURCE},
        {"relatedResource": [RESOURCE, {"id": "urn:xy:1", "digestMultibase": "uEiA"}]},
        {"credentialSubject": [{"id": "did:x:2"}, {"name": "x"}]},
    ],
    ids=str,
)
def test_what_the_data_model_allows_is_read(changes: Badge) -> None:
    read_credential(changed(**changes))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"@context": []}, "/@context"),
        ({"@context": None}, "/@context"),
        ({"@context": {}}, "/@context"),
        ({"@context": [OB_3_0_3, VC_2]}, "/@context"),
        ({"@context": ["https://www.w3.org/ns/credentials/v2#"]}, "/@context"),
        ({"@context": [VC_2, 7]}, "/@context/1"),
        ({"@context": [VC_2, None]}, "/@context/1"),
        ({"@context": [VC_2, "not a url"]}, "/@context/1"),
        ({"@context": [VC_2, [OB_3_0_3]]}, "/@context/1"),
        ({"id": "not a url"}, "/id"),
        ({"id": ["https://x.example/1", "https://x.example/2"]}, "/id"),
        ({"id": None}, "/id"),
        ({"id": 4}, "/id"),
        ({"type": []}, "/type"),
        ({"type": "OpenBadgeCredential"}, "/type"),
        ({"type": ["VerifiableCredential", 4]}, "/type"),
        ({"type": ["VerifiableCredential", ""]}, "/type"),
        ({"type": {"VerifiableCredential": 1}}, "/type"),
        ({"name": 4}, "/name"),
        ({"name": []}, "/name"),
        ({"name": ["plain", "texts"]}, "/name"),
        ({"name": {"@language": "en"}}, "/name"),
        ({"name": {"@value": 4}}, "/name"),
        ({"name": {"@value": "x", "url": "did:x:1"}}, "/name"),
        ({"name": {"@value": "x", "@language": ["en"]}}, "/name"),
        ({"description": {"@value": "x", "@direction": "up"}}, "/description"),
        ({"description": None}, "/description"),
        ({"issuer": None}, "/issuer"),
        ({"issuer": []}, "/issuer"),
        ({"issuer": ["https://x.example/1"]}, "/issuer"),
        ({"issuer": "x"}, "/issuer/id"),
        ({"issuer": {"name": "x"}}, "/issuer/id"),
        ({"issuer": {"id": None}}, "/issuer/id"),
        ({"issuer": {"id": "did:x:1", "name": 4}}, "/issuer/name"),
        ({"validFrom": "2026-01-01"}, "/validFrom"),
        ({"validFrom": "2026-01-01T00:00:00"}, "/validFrom"),
        ({"validFrom": 1_767_225_600}, "/validFrom"),
        ({"validFrom": ["2026-01-01T00:00:00Z"]}, "/validFrom"),
        ({"validUntil": "2025-12-31T23:59:59Z"}, "/validUntil"),
        ({"validUntil": None}, "/validUntil"),
        ({"credentialSubject": None}, "/credentialSubject"),
        ({"credentialSubject": []}, "/credentialSubject"),
        ({"credentialSubject": {}}, "/credentialSubject"),
        ({"credentialSubject": "did:x:1"}, "/credentialSubject"),
        ({"credentialSubject": [{"id": "did:x:1"}, {}]}, "/credentialSubject/1"),
        ({"credentialSubject": {"id": "x"}}, "/credentialSubject/id"),
        ({"credentialStatus": {}}, "/credentialStatus/type"),
        ({"credentialStatus": "x"}, "/credentialStatus"),
        ({"credentialStatus": {"type": "X", "id": "x"}}, "/credentialStatus/id"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "/credentialSchema/id"),
        ({"credentialSchema": {"id": "https://x.example/s"}}, "/credentialSchema/type"),
        ({"credentialSchema": {"id": "x", "type": "JsonSchema"}}, "/credentialSchema/id"),
        ({"credentialSchema": ["https://x.example/s"]}, "/credentialSchema/0"),
        ({"evidence": {"id": "https://x.example/e"}}, "/evidence/type"),
        ({"evidence": [None]}, "/evidence/0"),
        ({"termsOfUse": {"id": "https://x.example/t"}}, "/termsOfUse/type"),
        ({"termsOfUse": {"type": "T", "id": 4}}, "/termsOfUse/id"),
        ({"refreshService": {"id": "https://x.example/r"}}, "/refreshService/type"),
        ({"refreshService": {"type": "R"}}, "/refreshService/id"),
        ({"relatedResource": []}, "/relatedResource"),
        ({"relatedResource": "https://x.example/r"}, "/relatedResource/0"),
        ({"relatedResource": [RESOURCE, "https://x.example/r"]}, "/relatedResource/1"),
        ({"relatedResource": {"digestSRI": SRI}}, "/relatedResource/0/id"),
        ({"relatedResource": {"id": "x", "digestSRI": SRI}}, "/relatedResource/0/id"),
        ({"relatedResource": {"id": "https://x.example/r"}}, "/relatedResource/0"),
        ({"relatedResource": {**RESOURCE, "digestSRI": ""}}, "/relatedResource/0/digestSRI"),
        ({"relatedResource": {**RESOURCE, "digestSRI": [SRI]}}, "/relatedResource/0/digestSRI"),
        (
            {"relatedResource": {**RESOURCE, "digestMultibase": 4}},
            "/relatedResource/0/digestMultibase",
        ),
        ({"relatedResource": [RESOURCE, RESOURCE]}, "/relatedResource"),
        (
            {"relatedResource": [RESOURCE, {**RESOURCE, "digestSRI": "sha256-x"}]},
            "/relatedResource",
        ),
    ],
    ids=str,
)
def test_what_breaks_the_data_model_is_refused_at_its_place(changes: Badge, path: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_credential(changed(**changes))
    assert refusal.value.path == path


def test_the_number_of_related_resources_is_bounded() -> None:
    many = [{"id": f"urn:xy:{number}", "digestSRI": SRI} for number in range(MAX_RESOURCES)]
    assert len(read_credential(changed(relatedResource=many)).resources) == MAX_RESOURCES
    with pytest.raises(Malformed, match="1 to 64"):
        read_credential(changed(relatedResource=[*many, RESOURCE]))


def test_digests_are_read_as_given() -> None:
    resource = {**RESOURCE, "digestMultibase": ["uEiA", "zQm"], "mediaType": "text/plain"}
    (found,) = read_credential(changed(relatedResource=resource)).resources
    assert found == RelatedResource("https://uni.example/r", SRI, ("uEiA", "zQm"))


# Version 1.1


def old(**changes: Any) -> Badge:
    document = changed(issuanceDate="2026-01-01T00:00:00Z", **changes)
    document["@context"] = [VC_1, OB_3_0_3]
    for name in ("validFrom", "validUntil"):
        if name not in changes:
            del document[name]
    return document


def test_version_1_has_dates_of_its_own() -> None:
    found = read_credential(old(expirationDate="2027-01-01T00:00:00Z"))
    assert found.version == 1
    assert found.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
    assert found.valid_until == datetime(2027, 1, 1, tzinfo=UTC)


def test_of_two_ends_the_earlier_holds_so_that_neither_can_hide_the_other() -> None:
    found = read_credential(
        old(expirationDate="2027-01-01T00:00:00Z", validUntil="2026-06-01T00:00:00Z")
    )
    assert found.valid_until == datetime(2026, 6, 1, tzinfo=UTC)
    found = read_credential(
        old(expirationDate="2027-01-01T00:00:00Z", validUntil="2099-01-01T00:00:00Z")
    )
    assert found.valid_until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"issuanceDate": None}, "/issuanceDate"),
        ({"issuanceDate": "2026"}, "/issuanceDate"),
        ({"expirationDate": "tomorrow"}, "/expirationDate"),
        ({"expirationDate": "2025-01-01T00:00:00Z"}, ""),
    ],
    ids=str,
)
def test_dates_of_version_1_are_read_as_strictly(changes: Badge, path: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_credential({**old(), **changes})
    assert refusal.value.path == path


def test_version_1_needs_a_date_of_issue() -> None:
    document = old()
    del document["issuanceDate"]
    with pytest.raises(Malformed, match="/issuanceDate"):
        read_credential(document)


def test_attack_of_dates_of_the_other_version() -> None:
    # of no meaning in version 2.0; whether they may stand there is asked of the contexts
    found = read_credential(changed(expirationDate="2020-01-01T00:00:00Z"))
    assert found.valid_until == datetime(2028, 1, 1, tzinfo=UTC)
