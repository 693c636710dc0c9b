"""Presentations: who shows what, for which occasion; each credential is judged by itself."""

import json
from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.did.document import VerificationMethod
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.proofs.key_binding import bind
from cairn.core.proofs.tokens import wrap
from cairn.core.proofs.vc_jwt_w3c import sign_presentation
from cairn.core.rdf.contexts import VC_2
from cairn.core.vc.presentation import MAX_CREDENTIALS, read_presentation
from cairn.core.verify.ports import Sources
from cairn.core.verify.presentations import PresentationReport, verify_presentation
from cairn.core.verify.report import Outcome, Reason, Result
from tests.core import test_sd_jwt as selective
from tests.core.badges import Badge
from tests.core.issuing import NOW, VOCABULARY, Published, own_badge, published, signed
from tests.core.token_making import token_of

HOLDER = PrivateKey.from_seed(KeyType.ED25519, b"\x51" * 32)
HOLDER_DID = f"did:key:{HOLDER.public.multikey}"
HOLDER_METHOD = f"{HOLDER_DID}#{HOLDER.public.multikey}"
THIEF = PrivateKey.from_seed(KeyType.ED25519, b"\x52" * 32)
THIEF_METHOD = f"did:key:{THIEF.public.multikey}#{THIEF.public.multikey}"
WEB = "did:web:ada.example"
CHALLENGE, DOMAIN = "c-81723", "https://employer.example"


def held_badge(**changes: Any) -> Badge:
    """A signed badge issued to the holder's DID."""
    document = own_badge(**changes)
    document["credentialSubject"]["id"] = HOLDER_DID
    return signed(document)


def presentation(*credentials: Any, **changes: Any) -> Badge:
    return {
        "@context": [VC_2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER_DID,
        "verifiableCredential": list(credentials) or [held_badge()],
        **changes,
    }


def shown(document: Badge | None = None, key: PrivateKey = HOLDER, **options: Any) -> Badge:
    """The presentation with the holder's proof."""
    extra = {"challenge": CHALLENGE, "domain": DOMAIN, **options.pop("extra", {})}
    wanted: dict[str, Any] = {
        "cryptosuite": "eddsa-jcs-2022",
        "verification_method": HOLDER_METHOD,
        "created": "2026-06-01T11:59:00Z",
        "purpose": "authentication",
        "extra": {name: value for name, value in extra.items() if value is not None},
        **options,
    }
    return add_proof(document or presentation(), key, VOCABULARY, **wanted)


OCCASION = {"aud": DOMAIN, "nonce": CHALLENGE}


def presented(
    key: PrivateKey = HOLDER,
    *,
    typ: str = "vp+jwt",
    kid: str = HOLDER_METHOD,
    claims: dict[str, Any] | None = None,
) -> str:
    """A token of the presentation, by anybody."""
    return token_of({**presentation(), **OCCASION, **(claims or {})}, key, typ=typ, kid=kid)


def old_form(**claims: Any) -> str:
    """A presentation in a `vp` claim."""
    full = {"vp": presentation(), "iss": HOLDER_DID, **OCCASION, **claims}
    return token_of(full, HOLDER, typ="JWT", kid=HOLDER_METHOD)


def report_on(
    data: Any,
    documents: Published | None = None,
    *,
    challenge: str = CHALLENGE,
    domain: str = DOMAIN,
) -> PresentationReport:
    if not isinstance(data, bytes):
        data = data.encode() if isinstance(data, str) else strict_json.write(data)
    sources = Sources(documents=documents or published(), vocabulary=VOCABULARY)
    return verify_presentation(data, sources, now=NOW, challenge=challenge, domain=domain)


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_a_holder_who_shows_their_own_credential_is_proven(suite: str) -> None:
    report = report_on(shown(cryptosuite=suite))
    assert report.holder.reason is Reason.HOLDER_PROVEN
    assert report.holder_id == HOLDER_DID
    (credential,) = report.credentials
    assert credential.report.outcome is Outcome.IN_FORCE
    assert credential.recipient.reason is Reason.HOLDER_IS_RECIPIENT
    assert report.holds


def test_a_token_presents_as_well() -> None:
    token = sign_presentation(
        presentation(),
        HOLDER,
        verification_method=HOLDER_METHOD,
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    for data in (token, wrap(token)):
        report = report_on(data)
        assert report.holder.reason is Reason.HOLDER_PROVEN
        assert report.credentials[0].report.outcome is Outcome.IN_FORCE


def test_a_presentation_without_a_holder_is_its_signers() -> None:
    document = presentation()
    del document["holder"]
    assert report_on(shown(document)).holder_id == HOLDER_DID


def test_a_domain_may_be_a_list_of_one() -> None:
    assert report_on(shown(extra={"domain": [DOMAIN]})).holds


def test_an_sd_jwt_is_presented_by_the_key_its_issuer_wrote_into_it() -> None:
    token = bind(
        selective.issued(),
        selective.HOLDER,
        audience=DOMAIN,
        nonce=CHALLENGE,
        now=NOW,
        hash_name="sha256",
    )
    report = report_on(token)
    assert report.holder.reason is Reason.HOLDER_PROVEN
    assert report.credentials[0].recipient.reason is Reason.HOLDER_IS_RECIPIENT
    assert report_on(token, challenge="another").holder.result is Result.FAIL
    assert report_on(selective.issued()).holder.result is Result.FAIL


def test_an_older_token_presents_too() -> None:
    assert report_on(old_form()).holder.reason is Reason.HOLDER_PROVEN


# Replay and theft


@pytest.mark.parametrize(
    ("challenge", "domain"),
    [("another", DOMAIN), (CHALLENGE, "https://other.example"), (CHALLENGE, DOMAIN + "/")],
)
def test_another_occasion_is_a_replay(challenge: str, domain: str) -> None:
    token = sign_presentation(
        presentation(),
        HOLDER,
        verification_method=HOLDER_METHOD,
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    for data in (shown(), token):
        report = report_on(data, challenge=challenge, domain=domain)
        assert report.holder.reason is Reason.HOLDER_PROOF_ELSEWHERE
        assert report.credentials[0].recipient.reason is Reason.HOLDER_UNPROVEN
        assert not report.holds


@pytest.mark.parametrize(
    "extra",
    [
        {"challenge": None},
        {"domain": None},
        {"challenge": None, "domain": None},
        {"domain": [DOMAIN, "https://other.example"]},
        {"challenge": 5},
    ],
)
def test_a_proof_for_no_occasion_or_several_is_for_none(extra: dict[str, Any]) -> None:
    report = report_on(shown(extra=extra))
    assert report.holder.reason is Reason.HOLDER_PROOF_ELSEWHERE


@pytest.mark.parametrize(("challenge", "domain"), [("", DOMAIN), (CHALLENGE, ""), ("", "")])
def test_asking_for_no_occasion_is_no_question(challenge: str, domain: str) -> None:
    with pytest.raises(Malformed, match="challenge"):
        report_on(shown(), challenge=challenge, domain=domain)


def test_occasion_cannot_be_changed_after_signing() -> None:
    document: Any = shown(extra={"challenge": "old"})
    document["proof"][0]["challenge"] = CHALLENGE
    assert report_on(document).holder.reason is Reason.HOLDER_PROOF_FAILED


@pytest.mark.parametrize(
    "make",
    [
        lambda: shown(key=THIEF),
        lambda: shown(key=THIEF, verification_method=THIEF_METHOD),
        lambda: shown(purpose="assertionMethod"),
        lambda: shown(extra={"expires": "2026-06-01T12:00:00Z"}),
        lambda: {**shown(), "holder": f"did:key:{THIEF.public.multikey}"},
        lambda: {**shown(), "verifiableCredential": [held_badge(name="Astrophysics")]},
        lambda: presentation(),
        lambda: {**presentation(), "proof": []},
        lambda: presented(THIEF),
        lambda: presented(THIEF, kid=THIEF_METHOD),
        lambda: presented(typ="vc+jwt+x"),
        lambda: presented(claims={"iss": "did:x:y"}),
        lambda: presented(claims={"vc": {}}),
        lambda: old_form(iss="did:x:y"),
        lambda: old_form(vc={}),
    ],
)
def test_who_is_not_the_holder_proves_nothing(make: Any) -> None:
    try:
        report = report_on(make())
    except Malformed:
        return
    assert report.holder.result is Result.FAIL
    assert not report.holds


def test_a_key_that_is_not_for_authentication_proves_nothing() -> None:
    method = VerificationMethod.of(WEB, HOLDER.public, fragment="key-1")
    for relationship, reason in (
        ("assertionMethod", Reason.HOLDER_PROOF_FAILED),
        ("authentication", Reason.HOLDER_PROVEN),
    ):
        document: dict[str, Any] = {
            "id": WEB,
            "verificationMethod": [
                {
                    "id": method.id,
                    "type": "Multikey",
                    "controller": WEB,
                    "publicKeyMultibase": HOLDER.public.multikey,
                }
            ],
            relationship: [method.id],
        }
        documents = published()
        documents.documents["https://ada.example/.well-known/did.json"] = strict_json.write(
            document
        )
        data = shown(presentation(holder=WEB), verification_method=method.id)
        assert report_on(data, documents).holder.reason is reason


def test_a_holder_whose_keys_do_not_answer_is_not_checked() -> None:
    data = shown(presentation(holder=WEB), verification_method=f"{WEB}#key-1")
    report = report_on(data)
    assert report.holder.reason is Reason.HOLDER_PROOF_NOT_CHECKED
    assert not report.holds


def test_a_second_proof_of_the_holder_for_another_occasion_makes_it_a_replay() -> None:
    twice = shown(shown(), extra={"challenge": "another"})
    assert report_on(twice).holder.reason is Reason.HOLDER_PROOF_ELSEWHERE


# What is shown


def test_each_credential_is_judged_by_itself() -> None:
    forged = {**held_badge(), "name": "Astrophysics", "id": "https://uni.example/c/2"}
    document = presentation(held_badge(), forged)
    report = report_on(shown(document))
    outcomes = [entry.report.outcome for entry in report.credentials]
    assert outcomes == [Outcome.IN_FORCE, Outcome.ALTERED]
    assert report.holder.reason is Reason.HOLDER_PROVEN
    assert not report.holds


def test_an_unsigned_credential_gains_nothing_from_the_holders_signature() -> None:
    report = report_on(shown(presentation(own_badge())))
    assert report.credentials[0].report.outcome is Outcome.ALTERED


def test_a_credential_of_somebody_else_is_said_to_be_that() -> None:
    theirs = own_badge()
    theirs["credentialSubject"]["id"] = "did:example:eve"
    report = report_on(shown(presentation(signed(theirs))))
    assert report.credentials[0].report.outcome is Outcome.IN_FORCE
    assert report.credentials[0].recipient.reason is Reason.HOLDER_NOT_RECIPIENT


def test_a_credential_for_nobody_by_name_of_key_is_not_proven() -> None:
    report = report_on(shown(presentation(signed(own_badge()))))
    assert report.credentials[0].recipient.reason is Reason.HOLDER_UNPROVEN


@pytest.mark.parametrize("entry", ["no token", {"type": "EnvelopedVerifiableCredential"}, {"a": 1}])
def test_what_is_no_credential_says_so(entry: Any) -> None:
    report = report_on(shown(presentation(entry)))
    assert report.credentials[0].report.outcome is Outcome.NO_CREDENTIAL


def test_nothing_shown_is_a_proof_of_the_key_alone() -> None:
    document = presentation()
    del document["verifiableCredential"]
    report = report_on(shown(document))
    assert report.holder.reason is Reason.HOLDER_PROVEN
    assert report.credentials == ()


# Form


@pytest.mark.parametrize(
    "document",
    [
        None,
        5,
        [],
        "text",
        {},
        {"type": "VerifiableCredential"},
        {"type": "VerifiablePresentation"},
        presentation(holder=5),
        presentation(holder="ada"),
        presentation(holder={"id": ["x:y"]}),
        presentation(id=5),
        presentation(id="not an iri"),
        presentation(verifiableCredential=[None]),
        presentation(verifiableCredential=[[]]),
        presentation(verifiableCredential=[5]),
        presentation(verifiableCredential=[{}]),
        presentation(verifiableCredential=""),
    ],
)
def test_what_is_no_presentation_is_malformed(document: Any) -> None:
    with pytest.raises(Malformed):
        report_on(json.dumps(document).encode())


@pytest.mark.parametrize(
    ("count", "is_read"), [(MAX_CREDENTIALS, True), (MAX_CREDENTIALS + 1, False)]
)
def test_the_number_of_credentials_has_a_bound(count: int, is_read: bool) -> None:
    document = presentation(*[{"a": 1}] * count)
    if is_read:
        assert len(read_presentation(document).credentials) == count
    else:
        with pytest.raises(Malformed, match="more than"):
            read_presentation(document)


def test_a_credential_is_no_presentation() -> None:
    with pytest.raises(Malformed):
        report_on(token_of(own_badge(), HOLDER, typ="vc+jwt", kid=HOLDER_METHOD))
