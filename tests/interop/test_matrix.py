"""Every format, by every judge: accepted or refused, good, altered, revoked and expired.

The table is docs/reference/generated/judges.md.  It fails here once it is stale;
`WRITE_MATRIX=1 make interop T="-k matrix"` writes it again, for a reader to compare.

`jose` looks at signatures alone and `@sd-jwt/core` at no list: what a judge leaves to its caller it
is not asked.
"""

import base64
import json
import os
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any, Literal

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cairn.core.codec import base64url, strict_json
from cairn.core.containers import pdf, png, svg
from cairn.core.keys import KeyType, PrivateKey, SigningKey
from cairn.core.openbadges.credential import achievement_credential
from cairn.core.openbadges.profile import Profile
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.proofs.jose import sign_jws
from cairn.core.proofs.sd_jwt_vc import issue
from cairn.core.proofs.vc_jwt_openbadges import sign_open_badge
from cairn.core.proofs.vc_jwt_w3c import sign_credential
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import status_entry, status_list_credential
from cairn.core.verify.files import examine
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Outcome
from tests.core.container_files import pdf_document, png_image
from tests.core.issuing import NOW, VOCABULARY, Published
from tests.core.test_sd_jwt import VCT, salts
from tests.core.token_making import KEY_URL, rsa_key
from tests.interop.judges import HERE, Json, Judge, Judges
from tests.interop.test_our_credentials import AWARD, CONTEXTS, CREATED, INDEX, LIST_URL, PLAIN

State = Literal["good", "altered", "revoked", "expired"]
STATES: tuple[State, ...] = ("good", "altered", "revoked", "expired")
PAGE = HERE.parents[1] / "docs" / "reference" / "generated" / "judges.md"
REWRITE = 'WRITE_MATRIX=1 make interop T="-k matrix"'
NOTE = (
    "<!-- Written by tests/interop/test_matrix.py from what the judges say. "
    f"To write it again: {REWRITE} -->\n\n"
)
EXPECTED: Mapping[State, Outcome] = {
    "good": Outcome.IN_FORCE,
    "altered": Outcome.ALTERED,
    "revoked": Outcome.WITHDRAWN,
    "expired": Outcome.EXPIRED,
}
ED25519 = PrivateKey.from_seed(KeyType.ED25519, bytes(range(32)))
P256 = PrivateKey.from_seed(KeyType.P256, b"\x31" * 32)
HTTPS_ISSUER = KEY_URL.partition("/keys/")[0]
REVOCATIONS = f"{HTTPS_ISSUER}/revocations"
CREDENTIAL_ID = "urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
LIST_SUITES = {KeyType.ED25519: "eddsa-rdfc-2022", KeyType.P256: "ecdsa-rdfc-2019"}

DIGITALBAZAAR, VERIFIER_CORE = "@digitalbazaar/vc", "@digitalcredentials/verifier-core"
OPENBADGESLIB, OPENVC = "openbadgeslib", "openvc-core"
JOSE, SD_JWT = "jose", "@sd-jwt/core"
LEFT_TO_CALLERS: Mapping[str, tuple[State, ...]] = {
    JOSE: ("revoked", "expired"),
    SD_JWT: ("revoked",),
}
JUDGES = (DIGITALBAZAAR, VERIFIER_CORE, OPENBADGESLIB, OPENVC, JOSE, SD_JWT)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One credential in one state, with what a verifier may fetch, for them and for us."""

    data: bytes  # the file
    credential: Json | str  # what stands in it: JSON, or a token
    documents: dict[str, Json | str]  # by URL

    def outcome(self) -> Outcome:
        """What our verifier says."""
        published = {
            url: document.encode() if isinstance(document, str) else strict_json.write(document)
            for url, document in self.documents.items()
        }
        sources = Sources(documents=Published(published), vocabulary=VOCABULARY)
        (answer,) = examine(self.data, sources, now=NOW)
        assert answer.report is not None, answer.problem
        return answer.report.outcome


Asker = Callable[[Judges, Exhibit], bool]


@dataclass(frozen=True, slots=True)
class Format:
    """A way in which we issue, and how each judge that knows it is asked."""

    name: str
    make: Callable[[State], Exhibit]
    askers: Mapping[str, Asker]
    left_to_callers: Mapping[str, tuple[State, ...]] = field(
        default_factory=lambda: LEFT_TO_CALLERS
    )

    def cell(self, judge: str, state: State, judges: Judges, exhibit: Exhibit) -> str:
        """What `judge` says of it, in a word."""
        if judge not in self.askers or state in self.left_to_callers.get(judge, ()):
            return "–"
        return "accepted" if self.askers[judge](judges, exhibit) else "refused"


# The formats, each as our code issues it


def data_integrity(suite: str, key: PrivateKey) -> Callable[[State], Exhibit]:
    def make(state: State) -> Exhibit:
        document = proven(unsigned(state, did_of(key)), key, suite)
        if state == "altered":
            document["name"] = "Astrophysics"
        return Exhibit(strict_json.write(document), document, bitstring_list(state, key))

    return make


def vc_jwt_of_open_badges(state: State) -> Exhibit:
    """Its issuer is an https address, so its list is that of 1EdTech."""
    status = {"id": REVOCATIONS, "type": "1EdTechRevocationList"}
    document = unsigned(state, HTTPS_ISSUER, status)
    token = sign_open_badge(document, rsa_key(), key_url=KEY_URL)
    revoked: list[Any] = [{"id": CREDENTIAL_ID}] if state == "revoked" else []
    listed: Json = {
        "id": REVOCATIONS,
        "type": "1EdTechRevocationList",
        "issuer": HTTPS_ISSUER,
        "revokedCredential": revoked,
    }
    return of_token(token, state, {KEY_URL: rsa_key().public.jwk(), REVOCATIONS: listed})


def vc_jwt_of_w3c(key: PrivateKey) -> Callable[[State], Exhibit]:
    def make(state: State) -> Exhibit:
        document = unsigned(state, did_of(key))
        token = sign_credential(document, key, verification_method=method_of(key))
        return of_token(token, state, bitstring_list(state, key))

    return make


def sd_jwt_vc(state: State) -> Exhibit:
    status = {"status_list": {"idx": INDEX, "uri": LIST_URL}}
    claims: Json = {
        "iss": did_of(P256),
        "vct": VCT,
        "nbf": 1577836800,  # 2020
        "exp": 1609459200 if state == "expired" else 4070908800,  # 2021, 2099
        "status": status,
        "name": "Soil Mechanics",
        "given_name": "Ada",
    }
    token = issue(claims, P256, key_id=method_of(P256), hidden=("given_name",), salts=salts())
    return of_token(token, state, {LIST_URL: token_list(is_set=state == "revoked")})


def inside(bake: Callable[[bytes], bytes]) -> Callable[[State], Exhibit]:
    """An eddsa-rdfc-2022 credential in a file of another kind."""
    make_bare = data_integrity("eddsa-rdfc-2022", ED25519)

    def make(state: State) -> Exhibit:
        bare = make_bare(state)
        return replace(bare, data=bake(bare.data))

    return make


# How the judges are asked


def by(judge: Judge) -> Asker:
    def ask(judges: Judges, exhibit: Exhibit) -> bool:
        assert isinstance(exhibit.credential, dict)
        documents = {**CONTEXTS, **exhibit.documents}
        return judges.verdict(judge, exhibit.credential, documents=documents).verified

    return ask


def by_ecdsa(name: str) -> Asker:
    """The suites of @digitalbazaar/ecdsa-*, which are no judges by themselves (judges.py)."""

    def ask(judges: Judges, exhibit: Exhibit) -> bool:
        answer = judges.ask_node(
            "verify",
            judge=name,
            document=exhibit.credential,
            checks="all",
            didDocuments={},
            documents={**CONTEXTS, **exhibit.documents},
        )
        return bool(answer["verified"])

    return ask


def by_node(operation: str, key: Callable[[], SigningKey]) -> Asker:
    def ask(judges: Judges, exhibit: Exhibit) -> bool:
        public = key().public
        answer = judges.ask_node(
            operation, token=exhibit.credential, jwk=public.jwk(), algorithm=public.algorithms[0]
        )
        return bool(answer["verified"])

    return ask


def by_openbadgeslib(judges: Judges, exhibit: Exhibit) -> bool:
    """Its own verifier of tokens, under the issuer's key."""
    public = rsa_key().public
    numbers = RSAPublicNumbers(public.exponent, public.modulus)
    pem = numbers.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    answer = judges._process(Judge.OPENBADGESLIB).ask(
        op="verifyToken", token=exhibit.credential, pem=pem.decode()
    )
    return bool(answer["verified"])


def by_unbaking(kind: Literal["png", "svg"]) -> Asker:
    """Openbadgeslib takes the credential out of the image itself, and judges what it finds."""

    def ask(judges: Judges, exhibit: Exhibit) -> bool:
        answer = judges._process(Judge.OPENBADGESLIB).ask(
            op="unbake", kind=kind, version=3, image=base64.b64encode(exhibit.data).decode()
        )
        found = replace(exhibit, credential=json.loads(answer["payload"]))
        return by(Judge.OPENBADGESLIB)(judges, found)

    return ask


FORMATS = (
    Format(
        "Open Badges 3.0, eddsa-rdfc-2022",
        data_integrity("eddsa-rdfc-2022", ED25519),
        {
            DIGITALBAZAAR: by(Judge.DIGITALBAZAAR_RDFC),
            VERIFIER_CORE: by(Judge.VERIFIER_CORE),
            OPENBADGESLIB: by(Judge.OPENBADGESLIB),
            OPENVC: by(Judge.OPENVC),
        },
    ),
    Format(
        "Open Badges 3.0, eddsa-jcs-2022",
        data_integrity("eddsa-jcs-2022", ED25519),
        {DIGITALBAZAAR: by(Judge.DIGITALBAZAAR_JCS), OPENVC: by(Judge.OPENVC)},
    ),
    Format(
        "Open Badges 3.0, ecdsa-rdfc-2019 (P-256)",
        data_integrity("ecdsa-rdfc-2019", P256),
        {DIGITALBAZAAR: by_ecdsa("digitalbazaar-ecdsa-rdfc")},
    ),
    Format(
        "Open Badges 3.0, ecdsa-jcs-2019 (P-256)",
        data_integrity("ecdsa-jcs-2019", P256),
        {DIGITALBAZAAR: by_ecdsa("digitalbazaar-ecdsa-jcs")},
    ),
    Format(
        "Open Badges 3.0, VC-JWT, RS256",
        vc_jwt_of_open_badges,
        {JOSE: by_node("verifyToken", rsa_key), OPENBADGESLIB: by_openbadgeslib},
        {**LEFT_TO_CALLERS, OPENBADGESLIB: ("revoked",)},  # it reads no list of 1EdTech
    ),
    Format(
        "vc+jwt, EdDSA", vc_jwt_of_w3c(ED25519), {JOSE: by_node("verifyToken", lambda: ED25519)}
    ),
    Format("vc+jwt, ES256", vc_jwt_of_w3c(P256), {JOSE: by_node("verifyToken", lambda: P256)}),
    Format("SD-JWT VC, ES256", sd_jwt_vc, {SD_JWT: by_node("verifySdJwt", lambda: P256)}),
    Format(
        "baked PNG, eddsa-rdfc-2022",
        inside(lambda data: png.bake(png_image(), data)),
        {OPENBADGESLIB: by_unbaking("png")},
    ),
    Format(
        "baked SVG, eddsa-rdfc-2022",
        inside(lambda data: svg.bake(SVG, data)),
        {OPENBADGESLIB: by_unbaking("svg")},
    ),
    Format(
        "attached to a PDF, eddsa-rdfc-2022",
        inside(lambda data: pdf.attach(pdf_document(), "credential.json", data)),
        {},
    ),
)


# What they share


def unsigned(state: State, issuer: str, status: Json | None = None) -> Json:
    award = AWARD
    if state == "expired":
        award = replace(
            AWARD, valid_from="2020-01-01T00:00:00Z", valid_until="2021-01-01T00:00:00Z"
        )
    return achievement_credential(
        PLAIN,
        award,
        Profile(issuer, "Northern Polytechnic", url="https://issuer.example/"),
        credential_id=CREDENTIAL_ID,
        status=status or status_entry(list_url=LIST_URL, index=INDEX, purpose="revocation"),
    )


def proven(document: Any, key: PrivateKey, suite: str) -> Json:
    return add_proof(
        document,
        key,
        VOCABULARY,
        cryptosuite=suite,
        verification_method=method_of(key),
        created=CREATED,
    )


def bitstring_list(state: State, key: PrivateKey) -> dict[str, Json | str]:
    listed = status_list_credential(
        list_url=LIST_URL,
        issuer_id=did_of(key),
        purpose="revocation",
        statuses=StatusList.empty().marked([INDEX] if state == "revoked" else []),
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2099-01-01T00:00:00Z",
    )
    return {LIST_URL: proven(listed, key, LIST_SUITES[key.type])}


def token_list(*, is_set: bool) -> str:
    bits = bytearray(16 * 1024)
    bits[INDEX // 8] = is_set << INDEX % 8
    status_list = {"bits": 1, "lst": base64url.encode(zlib.compress(bytes(bits)))}
    claims: Any = {"sub": LIST_URL, "iat": 1767225600, "status_list": status_list}
    header: Json = {"typ": "statuslist+jwt", "kid": method_of(P256)}
    return sign_jws(header, json.dumps(claims).encode(), P256)


def of_token(token: str, state: State, documents: dict[str, Any]) -> Exhibit:
    """The token, its payload changed if it is to be altered; its signature stays."""
    if state == "altered":
        header, payload, signature = token.split(".", 2)
        claims = {**json.loads(base64url.decode(payload)), "name": "Astrophysics"}
        token = ".".join((header, base64url.encode(json.dumps(claims).encode()), signature))
    return Exhibit(token.encode(), token, documents)


def did_of(key: PrivateKey) -> str:
    return f"did:key:{key.public.multikey}"


def method_of(key: PrivateKey) -> str:
    return f"{did_of(key)}#{key.public.multikey}"


# The table


def versions() -> dict[str, str]:
    """The pinned version of each judge."""
    found: dict[str, str] = json.loads((HERE / "npm" / "package.json").read_text())["dependencies"]
    pinned = (HERE / "python" / "requirements.in").read_text()
    return {**found, **dict(re.findall(r"^([\w-]+)\S*==(\S+)$", pinned, re.MULTILINE))}


def rows(judges: Judges) -> list[tuple[str, ...]]:
    found = []
    for each, state in product(FORMATS, STATES):
        exhibit = each.make(state)
        said = (each.cell(judge, state, judges, exhibit) for judge in JUDGES)
        found.append((each.name, state, f"`{exhibit.outcome().value}`", *said))
    return found


def table(found: Iterable[tuple[str, ...]]) -> str:
    known = versions()
    heading = ("format", "state", "Cairn", *(f"`{judge}` {known[judge]}" for judge in JUDGES))
    lines = (heading, ("---",) * len(heading), *found)
    return NOTE + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def test_the_matrix_says_what_the_judges_say_and_none_says_the_opposite(judges: Judges) -> None:
    found = rows(judges)
    if os.environ.get("WRITE_MATRIX"):
        PAGE.write_text(table(found))
    written = PAGE.read_text() if PAGE.exists() else ""
    assert written == table(found), f"judges.md is stale; write it again and compare: {REWRITE}"
    opposite = {str(state): "refused" if state == "good" else "accepted" for state in STATES}
    assert [row for row in found if opposite[row[1]] in row[3:]] == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_our_verdict_is_what_was_done_to_it(each: Format, state: State) -> None:
    assert each.make(state).outcome() is EXPECTED[state]
