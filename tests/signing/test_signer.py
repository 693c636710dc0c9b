"""What the signer signs, others verify; what would not hold never leaves it."""

import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import Conflict, Unverifiable
from cairn.core.proofs.jose import read_jws
from cairn.core.rdf.outline import Uncovered
from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.signing.identity import key_url
from cairn.signing.opening import open_signer
from cairn.signing.services import create_keys
from tests.signing.conftest import NOW
from tests.signing.reading import credential, is_authentic, verified


def test_a_document_is_authentic_by_its_own_did_document(issuer: Organisation) -> None:
    signed = open_signer(issuer, NOW).sign_document(credential(issuer), now=NOW)
    assert is_authentic(verified(signed, NOW))


def test_the_open_badges_token_is_authentic_by_the_key_at_its_address(
    issuer: Organisation,
) -> None:
    token = open_signer(issuer, NOW).sign_open_badge_jwt(credential(issuer))
    header = read_jws(token.decode()).header
    rsa = issuer.signing_keys.get(algorithm="RSA")
    assert header == {"alg": "RS256", "typ": "JWT", "kid": key_url(issuer, rsa.fragment)}
    assert is_authentic(verified(token, NOW))


def test_the_w3c_token_is_authentic(issuer: Organisation) -> None:
    token = open_signer(issuer, NOW).sign_vc_jwt(credential(issuer))
    assert read_jws(token.decode()).header["alg"] == "EdDSA"
    assert is_authentic(verified(token, NOW))


def test_signing_again_gives_the_same_bytes(issuer: Organisation) -> None:
    once, twice = (
        open_signer(issuer, NOW).sign_document(credential(issuer), now=NOW) for _ in range(2)
    )
    assert once == twice


def test_the_fragments_name_the_keys_that_signed(issuer: Organisation) -> None:
    signer = open_signer(issuer, NOW)
    document, rsa = (issuer.signing_keys.get(algorithm=name) for name in ("Ed25519", "RSA"))
    assert signer.fragments == {
        "eddsa-rdfc-2022": document.fragment,
        "vc-jwt-openbadges": rsa.fragment,
        "vc+jwt": document.fragment,
    }


def test_a_document_of_another_issuer_is_not_signed(issuer: Organisation, owner: User) -> None:
    other = Organisation.objects.create(slug="south", name="South", created_at=NOW)
    create_keys(organisation=other, actor=owner, now=NOW)
    signer = open_signer(issuer, NOW)
    with pytest.raises(Unverifiable, match="does not hold"):
        signer.sign_document(credential(other), now=NOW)
    with pytest.raises(Unverifiable, match="does not hold"):
        signer.sign_open_badge_jwt(credential(other))
    with pytest.raises(Unverifiable, match="does not hold"):
        signer.sign_vc_jwt(credential(other))


def test_what_a_signature_would_not_cover_is_not_signed(issuer: Organisation) -> None:
    with pytest.raises(Uncovered):
        open_signer(issuer, NOW).sign_document(
            {**credential(issuer), "unknownTerm": "not signed"}, now=NOW
        )


def test_an_organisation_without_keys_has_no_signer(organisation: Organisation) -> None:
    with pytest.raises(Conflict, match="no active Ed25519 key"):
        open_signer(organisation, NOW)


def test_a_signer_shows_no_secret(issuer: Organisation) -> None:
    signer = open_signer(issuer, NOW)
    assert "document_key" not in repr(signer)
    assert "token_key=" not in repr(signer)


def test_the_proof_is_in_the_bytes(issuer: Organisation) -> None:
    data = open_signer(issuer, NOW).sign_document(credential(issuer), now=NOW)
    read = strict_json.read(data)
    assert isinstance(read, dict)
    assert strict_json.write(read) == data
    assert "proof" in read
