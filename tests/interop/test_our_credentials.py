"""What we issue is accepted by every judge that knows the suite, and what they issue by us.

Altered, revoked and expired copies are refused by them and by us alike.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from cairn.core.codec import strict_json
from cairn.core.did.web import document_url
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.award import Award, Evidence, recipient
from cairn.core.openbadges.credential import EXTENSIONS_CONTEXT, achievement_credential
from cairn.core.openbadges.parts import Alignment, Criteria
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import Result, ResultDescription, RubricCriterionLevel
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.contexts import shipped
from cairn.core.rdf.document import canonical_form
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import status_entry, status_list_credential
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome
from tests.core.issuing import NOW, VOCABULARY, Published
from tests.interop.judges import ISSUERS, VERIFIERS, Cryptosuite, Json, Judge, Judges, Key, Verdict
from tests.strategies.openbadges import Badge, badges

LIST_URL = "https://status.example/lists/1"
INDEX = 4711
SEED = bytes(range(32))
CREATED = "2026-01-01T00:00:00Z"
KEYS = {"did:key": Key(SEED), "did:web": Key(SEED, "did:web:issuer.example")}
# Judges that do not ship 1EdTech's extensions are given it: the file we ship is the published one.
CONTEXTS: dict[str, Json] = {EXTENSIONS_CONTEXT: dict(shipped().documents[EXTENSIONS_CONTEXT])}

PLAIN = Achievement(
    "https://issuer.example/a/1",
    "Soil Mechanics",
    "Classifies soils and predicts settlement.",
    Criteria(narrative="Laboratory report and supervised examination."),
)
AWARD = Award("2026-01-01T00:00:00Z", identifier=recipient(name="Ada Lovelace"))
GRADE = ResultDescription("urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f01", "Grade", "LetterGrade")
LEVEL = RubricCriterionLevel("urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f02", "Good", level="2")
PRACTICE = ResultDescription(
    "urn:uuid:0b7a5ee0-3f7e-4ab4-8f34-2c1e3a6d9f03",
    "Practice",
    "RubricCriterionLevel",
    rubric_criterion_level=(LEVEL,),
)
KINDS: dict[str, tuple[Achievement, Award]] = {
    "plain": (PLAIN, AWARD),
    "an e-mail, hashed": (
        PLAIN,
        replace(AWARD, identifier=recipient(email="ada@example.org", salt="0123456789abcdef")),
    ),
    "names of all scripts": (
        replace(PLAIN, name='Öl, 統計 & "نور"\\', tag=("ñ", "ß", "\U0001f984", "a\u0308")),
        replace(AWARD, identifier=recipient(name="中村 さくら · Ольга · می‌خواهم")),
    ),
    "French": (
        replace(
            PLAIN,
            in_language="fr-CA",
            name="Mécanique des sols",
            description="D’après l’été :\n«1»",
        ),
        replace(AWARD, narrative="À Montréal,\tavec l’équipe."),
    ),
    "results": (
        replace(
            PLAIN,
            result_description=(replace(GRADE, allowed_value=("C", "B", "A")), PRACTICE),
            credits_available=2.5,
        ),
        replace(
            AWARD,
            credits_earned=2.5,
            result=(
                Result(result_description=GRADE.id, value="B"),
                Result(result_description=PRACTICE.id, achieved_level=LEVEL.id),
            ),
        ),
    ),
    "evidence": (
        replace(
            PLAIN, alignment=(Alignment("Soil", "https://esco.example/s/1", target_type="CTDL"),)
        ),
        replace(
            AWARD,
            valid_until="2099-01-01T00:00:00Z",
            awarded_date="2025-12-12T00:00:00Z",
            credits_earned=3,
            evidence=(Evidence("https://x.example/e/1", "Report"), Evidence(narrative="A talk.")),
        ),
    ),
}
each_judge = pytest.mark.parametrize(
    ("suite", "judge"), [(suite, judge) for suite, judges in VERIFIERS.items() for judge in judges]
)
each_key = pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)


@dataclass(frozen=True, slots=True)
class Rig:
    """A credential with all that a verifier needs, for them and for us."""

    document: Json
    key: Key
    status_list: Json

    def altered(self, alter: Callable[[Json], object]) -> "Rig":
        document = copy.deepcopy(self.document)
        alter(document)
        return replace(self, document=document)

    def asked(self, judges: Judges, judge: Judge) -> Verdict:
        documents: dict[str, Json | str] = {**CONTEXTS, LIST_URL: self.status_list}
        known = {} if self.key.controller.startswith("did:key:") else self._published()
        return judges.verdict(judge, self.document, did_documents=known, documents=documents)

    def ours(self) -> Outcome:
        documents = {LIST_URL: strict_json.write(self.status_list)}
        if self.key.controller.startswith("did:web:"):
            url = document_url(self.key.controller)
            documents[url] = strict_json.write(self.key.did_document)
        sources = Sources(documents=Published(documents), vocabulary=VOCABULARY)
        return verify(strict_json.write(self.document), sources, now=NOW).outcome

    def _published(self) -> dict[str, Json]:
        return {self.key.controller: self.key.did_document}


def signed(document: Any, key: Key, suite: Cryptosuite) -> Json:
    private = PrivateKey.from_seed(KeyType.ED25519, key.seed)
    return add_proof(
        document,
        private,
        VOCABULARY,
        cryptosuite=suite,
        verification_method=key.verification_method,
        created=CREATED,
    )


def rig(
    key: Key, suite: Cryptosuite, kind: str = "plain", *, status: bool = True, revoked: bool = False
) -> Rig:
    achievement, award = KINDS[kind]
    unsigned = achievement_credential(
        achievement,
        award,
        Profile(key.controller, "Northern Polytechnic", url="https://issuer.example/"),
        credential_id="urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33",
        status=status_entry(list_url=LIST_URL, index=INDEX, purpose="revocation")
        if status
        else None,
    )
    listed = status_list_credential(
        list_url=LIST_URL,
        issuer_id=key.controller,
        purpose="revocation",
        statuses=StatusList.empty().marked([INDEX] if revoked else []),
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2099-01-01T00:00:00Z",
    )
    return Rig(signed(unsigned, key, suite), key, signed(listed, key, "eddsa-rdfc-2022"))


# Ours, judged by them


@pytest.mark.parametrize("status", [True, False], ids=["with status", "without status"])
@pytest.mark.parametrize("kind", KINDS)
@each_key
@each_judge
def test_what_we_issue_is_accepted(
    judges: Judges, suite: Cryptosuite, judge: Judge, key: Key, kind: str, status: bool
) -> None:
    ours = rig(key, suite, kind, status=status)
    assert (verdict := ours.asked(judges, judge)).verified, verdict
    assert ours.ours() is Outcome.IN_FORCE


ALTERATIONS: dict[str, Callable[[Json], object]] = {
    "a claim changed": lambda d: d.update(name="Astrophysics"),
    "a claim changed deep inside": lambda d: d["credentialSubject"]["achievement"].update(name="X"),
    "a name changed": lambda d: d["credentialSubject"]["identifier"][0].update(identityHash="Eve"),
    "the issuer's name changed": lambda d: d["issuer"].update(name="Harvard University"),
    "a claim added": lambda d: d.update(description="With honours."),
    "a claim of no context added": lambda d: d["credentialSubject"].update(degree="PhD"),
    "a claim removed": lambda d: d["credentialSubject"].pop("identifier"),
    "the status removed": lambda d: d.pop("credentialStatus"),
    "an end added": lambda d: d.update(validUntil="2099-01-01T00:00:00Z"),
    "another index": lambda d: d["credentialStatus"].update(statusListIndex="1"),
    "another date of the proof": lambda d: d["proof"][0].update(created="2026-02-02T00:00:00Z"),
    "another purpose": lambda d: d["proof"][0].update(proofPurpose="authentication"),
    "the proof removed": lambda d: d.pop("proof"),
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
@each_key
@each_judge
def test_an_altered_copy_is_refused_by_them_and_by_us(
    judges: Judges, suite: Cryptosuite, judge: Judge, key: Key, alteration: str
) -> None:
    forged = rig(key, suite).altered(ALTERATIONS[alteration])
    assert not (verdict := forged.asked(judges, judge)).verified, verdict
    assert forged.ours() is Outcome.ALTERED


@each_key
@each_judge
def test_a_revoked_one_is_refused_by_them_and_by_us(
    judges: Judges, suite: Cryptosuite, judge: Judge, key: Key
) -> None:
    withdrawn = rig(key, suite, revoked=True)
    assert not (verdict := withdrawn.asked(judges, judge)).verified, verdict
    assert withdrawn.ours() is Outcome.WITHDRAWN


@each_key
@each_judge
def test_an_expired_one_is_refused_by_them_and_by_us(
    judges: Judges,
    suite: Cryptosuite,
    judge: Judge,
    key: Key,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past = replace(AWARD, valid_from="2020-01-01T00:00:00Z", valid_until="2021-01-01T00:00:00Z")
    monkeypatch.setitem(KINDS, "past", (PLAIN, past))
    expired = rig(key, suite, "past")
    assert not (verdict := expired.asked(judges, judge)).verified, verdict
    assert expired.ours() is Outcome.EXPIRED


@each_judge
def test_the_key_of_another_is_refused_by_them_and_by_us(
    judges: Judges, suite: Cryptosuite, judge: Judge
) -> None:
    other = Key(bytes(32))
    genuine = rig(KEYS["did:key"], suite)
    unsigned = {name: value for name, value in genuine.document.items() if name != "proof"}
    forged = replace(genuine, document=signed(unsigned, other, suite))
    assert not (verdict := forged.asked(judges, judge)).verified, verdict
    assert forged.ours() is Outcome.ALTERED


# Theirs, judged by us

issued_by = pytest.mark.parametrize(
    ("suite", "issuer"),
    [(suite, issuer) for suite, issuers in ISSUERS.items() for issuer in issuers],
)


def theirs(judges: Judges, suite: Cryptosuite, issuer: Judge, key: Key, kind: str) -> Rig:
    """A credential and its list, both signed by a judge."""
    made = rig(key, suite, kind)
    documents = [
        judges.issue(
            issuer,
            {name: value for name, value in document.items() if name != "proof"},
            key=key,
            cryptosuite=suite,
            documents=CONTEXTS,
        )
        for document in (made.document, made.status_list)
    ]
    return Rig(documents[0], key, documents[1])


@pytest.mark.parametrize("kind", KINDS)
@each_key
@issued_by
def test_what_they_issue_is_in_force(
    judges: Judges, suite: Cryptosuite, issuer: Judge, key: Key, kind: str
) -> None:
    assert theirs(judges, suite, issuer, key, kind).ours() is Outcome.IN_FORCE


@pytest.mark.parametrize("kind", KINDS)
@each_key
@issued_by
def test_they_and_we_sign_alike(
    judges: Judges, suite: Cryptosuite, issuer: Judge, key: Key, kind: str
) -> None:
    """Ed25519 has one signature for one text: equal signatures, equal canonical forms."""
    made = theirs(judges, suite, issuer, key, kind).document["proof"]
    (proof,) = made if isinstance(made, list) else [made]
    assert proof["proofValue"] == rig(key, suite, kind).document["proof"][0]["proofValue"]


@pytest.mark.parametrize("alteration", ALTERATIONS)
@issued_by
def test_what_they_issued_and_someone_altered_is_refused(
    judges: Judges, suite: Cryptosuite, issuer: Judge, alteration: str
) -> None:
    made = theirs(judges, suite, issuer, KEYS["did:web"], "plain")
    if isinstance(made.document["proof"], dict):
        made = replace(made, document={**made.document, "proof": [made.document["proof"]]})
    assert made.ours() is Outcome.IN_FORCE
    assert made.altered(ALTERATIONS[alteration]).ours() is Outcome.ALTERED


def test_a_jcs_proof_that_leaves_its_context_out_is_refused(judges: Judges) -> None:
    """Openvc signs what the specification does not ask for (tests/interop/python/README.md)."""
    key = KEYS["did:key"]
    made = rig(key, "eddsa-jcs-2022")
    unsigned = {name: value for name, value in made.document.items() if name != "proof"}
    document = judges.issue(Judge.OPENVC, unsigned, key=key, cryptosuite="eddsa-jcs-2022")
    assert replace(made, document=document).ours() is Outcome.ALTERED


# The canonical form itself


@given(badges())
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_their_canonical_form_is_ours(judges: Judges, badge: Badge) -> None:
    document = achievement_credential(
        badge.achievement, badge.award, badge.issuer, credential_id="urn:uuid:1-2"
    )
    assert canonical_form(document, VOCABULARY) == judges.canonize(document, documents=CONTEXTS)
