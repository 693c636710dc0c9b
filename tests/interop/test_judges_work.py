"""The judges say yes and no: without that, their yes to Cairn's credentials would mean nothing.

No code of Cairn takes part. The documents are test vectors of the W3C and credentials that the
judges issue to one another.
"""

import base64
import gzip
import json
from collections.abc import Callable

import pytest

from tests.interop.judges import (
    ISSUERS,
    SIGNATURE_VERIFIERS,
    VERIFIERS,
    Cryptosuite,
    Json,
    Judge,
    JudgeFailed,
    Judges,
    Key,
)
from tests.reference import reference

VECTORS: dict[Cryptosuite, str] = {
    "eddsa-rdfc-2022": "vectors/eddsa/eddsa-rdfc-2022/signedDataInt.json",
    "eddsa-jcs-2022": "vectors/eddsa/eddsa-jcs-2022/signedJCS.json",
}
# What the W3C publishes under this address, whole; no package ships it.
EXAMPLES: dict[str, Json] = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    }
}
LIST_URL = "https://status.example/lists/1"
INDEX = 4711

RDFC: Cryptosuite = "eddsa-rdfc-2022"
on_vectors = pytest.mark.parametrize(
    ("suite", "judge"),
    [(suite, judge) for suite, judges in SIGNATURE_VERIFIERS.items() for judge in judges],
)
between_judges = pytest.mark.parametrize(
    ("suite", "issuer", "judge"),
    [
        (suite, issuer, judge)
        for suite, issuers in ISSUERS.items()
        for issuer in issuers
        for judge in VERIFIERS[suite]
    ],
)
each_judge = pytest.mark.parametrize(
    ("suite", "judge"), [(suite, judge) for suite, judges in VERIFIERS.items() for judge in judges]
)


def change_claim(document: Json) -> None:
    document["name"] += "!"


def change_claim_of_subject(document: Json) -> None:
    document["credentialSubject"]["id"] = "did:example:somebody-else"


def remove_claim(document: Json) -> None:
    del document["name"]


def change_signature(document: Json) -> None:
    value = document["proof"]["proofValue"]
    document["proof"]["proofValue"] = value[:40] + ("2" if value[40] != "2" else "3") + value[41:]


def change_date_of_proof(document: Json) -> None:
    document["proof"]["created"] = "2026-02-02T00:00:00Z"


Alteration = Callable[[Json], None]
altered = pytest.mark.parametrize(
    "alter",
    [
        change_claim,
        change_claim_of_subject,
        remove_claim,
        change_signature,
        change_date_of_proof,
    ],
)


def unsigned(key: Key) -> Json:
    """A small Open Badges 3.0 credential."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": key.controller, "type": ["Profile"], "name": "Northern Polytechnic"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Soil Mechanics",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://issuer.example/achievements/soil-mechanics",
                "type": ["Achievement"],
                "name": "Soil Mechanics",
                "description": "Classifies soils and predicts settlement.",
                "criteria": {"narrative": "Laboratory report and supervised examination."},
            },
        },
    }


def with_status(document: Json, purpose: str = "revocation") -> Json:
    return document | {
        "credentialStatus": {
            "id": f"{LIST_URL}#{INDEX}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(INDEX),
            "statusListCredential": LIST_URL,
        }
    }


def unsigned_list(key: Key, *, is_set: bool) -> Json:
    bits = bytearray(16 * 1024)
    bits[INDEX // 8] = 0x80 >> INDEX % 8 if is_set else 0
    encoded = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": key.controller,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{encoded}",
        },
    }


def vector(suite: Cryptosuite) -> Json:
    document: Json = json.loads(reference(VECTORS[suite]).read_text())
    return document


def issuer_of(suite: Cryptosuite) -> Judge:
    return ISSUERS[suite][0]


@on_vectors
def test_a_w3c_vector_is_accepted(judges: Judges, suite: Cryptosuite, judge: Judge) -> None:
    verdict = judges.verdict(judge, vector(suite), checks="proof", documents=EXAMPLES)
    assert verdict.verified, verdict


@altered
@on_vectors
def test_an_altered_w3c_vector_is_refused(
    judges: Judges, suite: Cryptosuite, judge: Judge, alter: Alteration
) -> None:
    document = vector(suite)
    alter(document)
    verdict = judges.verdict(judge, document, checks="proof", documents=EXAMPLES)
    assert not verdict.verified, verdict


def test_the_canonical_form_is_that_of_the_w3c(judges: Judges) -> None:
    document = vector(RDFC)
    del document["proof"]
    wanted = reference("vectors/eddsa/eddsa-rdfc-2022/canonDocDataInt.txt").read_text()
    assert judges.canonize(document, documents=EXAMPLES) == wanted


@between_judges
def test_the_judges_accept_one_another(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, issuer: Judge, judge: Judge
) -> None:
    signed = judges.issue(issuer, unsigned(issuer_key), key=issuer_key, cryptosuite=suite)
    assert (verdict := judges.verdict(judge, signed)).verified, verdict


@altered
@each_judge
def test_an_altered_credential_is_refused(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge, alter: Alteration
) -> None:
    signed = judges.issue(issuer_of(suite), unsigned(issuer_key), key=issuer_key, cryptosuite=suite)
    alter(signed)
    assert not (verdict := judges.verdict(judge, signed)).verified, verdict


def test_all_judges_issue_the_same_bytes(judges: Judges, issuer_key: Key) -> None:
    first, *others = (
        judges.issue(issuer, unsigned(issuer_key), key=issuer_key) for issuer in ISSUERS[RDFC]
    )
    assert all(other["proof"] == first["proof"] for other in others)


def test_openvc_leaves_the_signed_context_out_of_a_jcs_proof(
    judges: Judges, issuer_key: Key
) -> None:
    """Pinned, because our verifier must refuse it as well (vc-di-eddsa 3.3.1, step 2)."""
    signed = judges.issue(
        Judge.OPENVC, unsigned(issuer_key), key=issuer_key, cryptosuite="eddsa-jcs-2022"
    )
    assert not judges.verdict(Judge.DIGITALBAZAAR_JCS, signed).verified
    signed["proof"]["@context"] = signed["@context"]
    assert judges.verdict(Judge.DIGITALBAZAAR_JCS, signed).verified


@each_judge
def test_one_proof_may_stand_in_an_array(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge
) -> None:
    signed = judges.issue(issuer_of(suite), unsigned(issuer_key), key=issuer_key, cryptosuite=suite)
    signed["proof"] = [signed["proof"]]
    assert (verdict := judges.verdict(judge, signed)).verified, verdict


@each_judge
def test_the_key_of_another_is_refused(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge
) -> None:
    other = Key(bytes(32))
    signed = judges.issue(issuer_of(suite), unsigned(issuer_key), key=other, cryptosuite=suite)
    assert not (verdict := judges.verdict(judge, signed)).verified, verdict


@each_judge
def test_an_expired_credential_is_refused(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge
) -> None:
    document = unsigned(issuer_key) | {
        "validFrom": "2020-01-01T00:00:00Z",
        "validUntil": "2021-01-01T00:00:00Z",
    }
    signed = judges.issue(issuer_of(suite), document, key=issuer_key, cryptosuite=suite)
    assert not (verdict := judges.verdict(judge, signed)).verified, verdict


@each_judge
def test_an_issuer_on_the_web_is_resolved(judges: Judges, suite: Cryptosuite, judge: Judge) -> None:
    key = Key(bytes(range(32)), "did:web:issuer.example")
    signed = judges.issue(issuer_of(suite), unsigned(key), key=key, cryptosuite=suite)
    known = judges.verdict(judge, signed, did_documents={key.controller: key.did_document})
    assert known.verified, known
    assert not (unknown := judges.verdict(judge, signed)).verified, unknown


@each_judge
def test_a_retired_web_key_is_refused(judges: Judges, suite: Cryptosuite, judge: Judge) -> None:
    key = Key(bytes(range(32)), "did:web:retired.example")
    signed = judges.issue(issuer_of(suite), unsigned(key), key=key, cryptosuite=suite)
    emptied = key.did_document | {"verificationMethod": [], "assertionMethod": []}
    verdict = judges.verdict(judge, signed, did_documents={key.controller: emptied})
    assert not verdict.verified, verdict


@each_judge
@pytest.mark.parametrize("is_set", [False, True])
def test_the_status_list_decides(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge, is_set: bool
) -> None:
    issuer = issuer_of(suite)
    document = with_status(unsigned(issuer_key))
    signed = judges.issue(issuer, document, key=issuer_key, cryptosuite=suite)
    listed = judges.issue(issuer_of(RDFC), unsigned_list(issuer_key, is_set=is_set), key=issuer_key)
    verdict = judges.verdict(judge, signed, documents={LIST_URL: listed})
    assert verdict.verified is not is_set, verdict


@each_judge
def test_a_missing_status_list_is_no_yes(
    judges: Judges, issuer_key: Key, suite: Cryptosuite, judge: Judge
) -> None:
    document = with_status(unsigned(issuer_key))
    signed = judges.issue(issuer_of(suite), document, key=issuer_key, cryptosuite=suite)
    assert not (verdict := judges.verdict(judge, signed)).verified, verdict


@pytest.mark.parametrize("judge", VERIFIERS[RDFC])
def test_an_unknown_context_is_never_fetched(judges: Judges, issuer_key: Key, judge: Judge) -> None:
    url = "https://unknown.example/context/v1"
    context: Json = {"@context": {"@vocab": "https://unknown.example/terms#"}}
    document = unsigned(issuer_key)
    document["@context"].append(url)
    signed = judges.issue(
        Judge.DIGITALBAZAAR_RDFC, document, key=issuer_key, documents={url: context}
    )
    assert not (verdict := judges.verdict(judge, signed)).verified, verdict


def test_a_judge_that_will_not_issue_says_so(judges: Judges, issuer_key: Key) -> None:
    document = unsigned(issuer_key)
    document["@context"].append("https://unknown.example/context/v1")
    with pytest.raises(JudgeFailed, match=r"unknown\.example"):
        judges.issue(Judge.DIGITALBAZAAR_RDFC, document, key=issuer_key)
