"""`cairn verify --challenge --domain`: a presentation as its verifier asks for it."""

import json
from pathlib import Path
from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs.data_integrity import add_proof
from tests.cli.command import cairn
from tests.core.issuing import VOCABULARY, own_badge

HOLDER = PrivateKey.from_seed(KeyType.ED25519, b"\x61" * 32)
DID = f"did:key:{HOLDER.public.multikey}"
METHOD = f"{DID}#{HOLDER.public.multikey}"
ASKED = ["--challenge", "c1", "--domain", "shop.example"]


def _signed(document: dict[str, Any], **options: Any) -> dict[str, Any]:
    return add_proof(
        document,
        HOLDER,
        VOCABULARY,
        cryptosuite="eddsa-rdfc-2022",
        verification_method=METHOD,
        created="2026-06-01T00:00:00Z",
        **options,
    )


@pytest.fixture
def shown(tmp_path: Path) -> Path:
    """A presentation, for c1 and shop.example, of a badge that its holder issued to itself."""
    badge = own_badge(issuer=DID)
    del badge["credentialStatus"], badge["validUntil"]
    badge["credentialSubject"]["id"] = DID
    badge["credentialSubject"]["achievement"].pop("creator")
    document: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": DID,
        "verifiableCredential": [_signed(badge)],
    }
    extra = {"challenge": "c1", "domain": "shop.example"}
    presentation = _signed(document, purpose="authentication", extra=extra)
    path = tmp_path / "shown.json"
    path.write_bytes(strict_json.write(presentation))
    return path


def test_the_holder_and_each_credential_are_answered(shown: Path) -> None:
    answer = cairn("verify", str(shown), *ASKED)
    assert answer.code == 0, answer.err
    assert "Data analysis" in answer.out or "in force" in answer.out


def test_for_another_occasion_it_is_a_replay(shown: Path) -> None:
    assert cairn("verify", str(shown), "--challenge", "c2", "--domain", "shop.example").code == 1
    assert cairn("verify", str(shown), "--challenge", "c1", "--domain", "other.example").code == 1


def test_json_says_the_same(shown: Path) -> None:
    answer = cairn("verify", str(shown), *ASKED, "--json")
    said = json.loads(answer.out)
    assert said["holder"]["id"] == DID
    assert said["holder"]["result"] == "pass"
    assert [each["outcome"] for each in said["credentials"]] == ["in_force"]


@pytest.mark.parametrize("given", [["--challenge", "c1"], ["--domain", "shop.example"]])
def test_both_challenge_and_domain_are_needed(shown: Path, given: list[str]) -> None:
    answer = cairn("verify", str(shown), *given)
    assert answer.code == 3
    assert "challenge and a domain" in answer.err


def test_what_is_no_presentation_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    path.write_bytes(b"{}")
    answer = cairn("verify", str(path), *ASKED)
    assert answer.code == 3
    assert "Traceback" not in answer.err
