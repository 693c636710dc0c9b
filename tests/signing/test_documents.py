"""What is published of an organisation's keys, read by our own core."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from cairn.organisations.models import Organisation
from cairn.people.models import User
from cairn.signing.identity import issuer_did
from cairn.signing.models import SigningKey
from cairn.signing.opening import open_signer
from cairn.signing.services import mark_compromised, rotate_keys
from tests.signing.conftest import NOW
from tests.signing.reading import credential, is_authentic, published_document, verified


def _key(issuer: Organisation, algorithm: str, state: str = "active") -> SigningKey:
    return issuer.signing_keys.get(algorithm=algorithm, state=state)


def test_an_issuer_is_named_by_host_and_id(organisation: Organisation) -> None:
    assert issuer_did(organisation) == f"did:web:cairn.test:i:{organisation.id}"


def test_our_core_reads_the_document_and_finds_the_key_for_assertions(
    issuer: Organisation,
) -> None:
    document = published_document(issuer)
    method = f"{issuer_did(issuer)}#{_key(issuer, 'Ed25519').fragment}"
    assert document.method(method).key.jwk() == _key(issuer, "Ed25519").public_jwk
    assert method in document.assertion_method


def test_a_fragment_says_the_month_and_the_thumbprint(issuer: Organisation) -> None:
    key = _key(issuer, "Ed25519")
    method = published_document(issuer).method(f"{issuer_did(issuer)}#{key.fragment}")
    assert key.fragment == f"202609-{method.key.thumbprint()}"


@pytest.mark.parametrize("path", ["did.json", "keys/{}.jwk"])
def test_documents_are_for_programs_anywhere_and_kept_for_a_minute(
    issuer: Organisation, client: Client, path: str
) -> None:
    fragment = _key(issuer, "RSA").fragment
    answer = client.get(f"/i/{issuer.id}/{path.format(fragment)}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert answer["Content-Type"].endswith("+json")
    assert "Cookie" not in answer.get("Vary", "")
    assert "Set-Cookie" not in answer


def test_a_jwk_holds_no_secret(issuer: Organisation, client: Client) -> None:
    jwk = json.loads(client.get(f"/i/{issuer.id}/keys/{_key(issuer, 'RSA').fragment}.jwk").content)
    assert jwk.keys() == {"kty", "n", "e", "alg", "kid", "use"}


def test_an_organisation_without_keys_publishes_nothing(
    organisation: Organisation, client: Client
) -> None:
    assert client.get(f"/i/{organisation.id}/did.json").status_code == 404


def test_a_key_of_another_organisation_is_not_found_below_this_one(
    issuer: Organisation, client: Client
) -> None:
    other = Organisation.objects.create(slug="south", name="South", created_at=NOW)
    fragment = _key(issuer, "RSA").fragment
    assert client.get(f"/i/{other.id}/keys/{fragment}.jwk").status_code == 404


def test_what_a_retired_key_signed_stays_authentic(issuer: Organisation, owner: User) -> None:
    signer = open_signer(issuer, NOW)
    document = credential(issuer)
    forms = [
        signer.sign_document(document, now=NOW),
        signer.sign_open_badge_jwt(document),
        signer.sign_vc_jwt(document),
    ]
    later = NOW + timedelta(days=1)
    rotate_keys(organisation=issuer, actor=owner, now=later, is_forced=True)
    assert _key(issuer, "RSA", "retired").fragment == signer.token_fragment
    assert all(is_authentic(verified(form, later)) for form in forms)


def test_what_a_compromised_key_signed_counts_no_more(issuer: Organisation, owner: User) -> None:
    signer = open_signer(issuer, NOW)
    document = credential(issuer)
    signed = signer.sign_document(document, now=NOW)
    token = signer.sign_open_badge_jwt(document)
    for fragment in (signer.document_fragment, signer.token_fragment):
        mark_compromised(organisation=issuer, fragment=fragment, actor=owner, now=NOW)
    assert not is_authentic(verified(signed, NOW))
    assert not is_authentic(verified(token, NOW))
    assert is_authentic(verified(open_signer(issuer, NOW).sign_document(document, now=NOW), NOW))


def test_the_address_of_a_compromised_key_says_that_it_is_gone(
    issuer: Organisation, owner: User, client: Client
) -> None:
    fragment = _key(issuer, "RSA").fragment
    mark_compromised(organisation=issuer, fragment=fragment, actor=owner, now=NOW)
    assert client.get(f"/i/{issuer.id}/keys/{fragment}.jwk").status_code == 410


def test_a_document_says_when_it_changed_so_that_an_older_one_is_noticed(
    issuer: Organisation, owner: User
) -> None:
    moments = [published_document(issuer).updated]
    rotate_keys(organisation=issuer, actor=owner, now=NOW + timedelta(days=1))
    moments.append(published_document(issuer).updated)
    mark_compromised(
        organisation=issuer,
        fragment=_key(issuer, "RSA").fragment,
        actor=owner,
        now=NOW + timedelta(days=2),
    )
    moments.append(published_document(issuer).updated)
    assert moments == ["2026-09-01T10:00:00Z", "2026-09-02T10:00:00Z", "2026-09-03T10:00:00Z"]
