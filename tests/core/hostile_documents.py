"""Hostile documents that are JSON: what a forger makes of a badge that our issuer signed.

Names say what is tried.  `DEAR` stay within every bound, and cost as much as they can there.
"""

from collections.abc import Callable
from typing import Any

from cairn.core.rdf.contexts import CLR_2_0_1, DATA_INTEGRITY_2, OB_3_0_3, VC_2
from tests.core.badges import Badge, badge
from tests.core.hostile import MEBI, SUITES
from tests.core.hostile_words import HOSTS, ODD_NAMES
from tests.core.issuing import DID

Alteration = Callable[[Badge], object]
PROFILE = {"id": "urn:x:p", "type": ["Profile"], "name": "P"}


def _name(text: str) -> Alteration:
    def alter(document: Badge) -> None:
        document["credentialSubject"]["identifier"][0]["identityHash"] = text

    return alter


def _set(*steps: Any) -> Alteration:
    """The last of `steps` at the place that the others lead to."""
    *path, key, value = steps

    def alter(document: Badge) -> None:
        target: Any = document
        for step in path:
            target = target[step]
        target[key] = value

    return alter


def _proof(**changes: Any) -> Alteration:
    return lambda document: document["proof"][0].update(changes)


def _context(*contexts: Any) -> Alteration:
    return _set("@context", list(contexts))


def _issued_by(did: str) -> Alteration:
    """Issuer and key moved to `did`, as a forger would."""

    def alter(document: Badge) -> None:
        document["issuer"]["id"] = did
        document["proof"][0]["verificationMethod"] = f"{did}#key-1"

    return alter


def nested(depth: int, key: str, inner: Any) -> Any:
    for _ in range(depth):
        inner = {"type": ["Profile"], key: inner}
    return inner


def _alignments(count: int) -> list[dict[str, Any]]:
    return [
        {"type": ["Alignment"], "targetName": f"n{i}", "targetUrl": f"https://x.example/{i}"}
        for i in range(count)
    ]


def _descriptions(count: int, values: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"urn:x-r:{i}",
            "type": ["ResultDescription"],
            "name": "Grade",
            "resultType": "LetterGrade",
            "allowedValue": [f"v{j}" for j in range(values)],
        }
        for i in range(count)
    ]


_SUBJECT, _ACHIEVEMENT = "credentialSubject", ("credentialSubject", "achievement")
ALTERED: dict[str, Alteration] = {
    **{f"a name with {odd}": _name(text) for odd, text in ODD_NAMES.items()},
    **{f"an issuer at {odd}": _issued_by(did) for odd, did in HOSTS.items()},
    # contexts
    "an unknown context": _context(VC_2, OB_3_0_3, "https://evil.example/v1"),
    "only an unknown context": _set("@context", "https://evil.example/v1"),
    "a context on the loopback": _context(VC_2, "http://127.0.0.1/v1"),
    "a file as context": _context(VC_2, "file:///etc/passwd"),
    "a data address as context": _context(VC_2, "data:application/ld+json,{}"),
    "a known context in other case": _context(VC_2.replace("https", "HTTPS"), OB_3_0_3),
    "a known context with a fragment": _context(VC_2 + "#", OB_3_0_3),
    "a known context with a slash": _context(VC_2 + "/", OB_3_0_3),
    "a known context with spaces": _context(f" {VC_2}", OB_3_0_3),
    "contexts in another order": _context(OB_3_0_3, VC_2),
    "a context twice": _context(VC_2, VC_2, OB_3_0_3),
    "a context too few": _context(VC_2),
    "another known sequence": _context(VC_2, CLR_2_0_1),
    "a context of the proof": _context(VC_2, OB_3_0_3, DATA_INTEGRITY_2),
    "10,000 contexts": _context(*[VC_2] * 10_000),
    "a context of 1 MB": _context(VC_2, "https://x.example/" + "x" * MEBI),
    "an inline context": _context(VC_2, OB_3_0_3, {"name": "https://schema.org/description"}),
    "an inline vocabulary": _context(VC_2, OB_3_0_3, {"@vocab": "https://x.example/"}),
    "an inline base": _context(VC_2, OB_3_0_3, {"@base": "https://x.example/"}),
    "an inline import": _context({"@import": "https://evil.example/v1"}),
    "an inline context 60 deep": _context(VC_2, nested(55, "@context", {})),
    "a context that unsets a term": _context(VC_2, OB_3_0_3, {"validUntil": None}),
    "a null context": _context(VC_2, OB_3_0_3, None),
    "a context below the root": _set(_SUBJECT, "@context", [VC_2]),
    "an inline context below the root": _set(_SUBJECT, "@context", {"name": "urn:x:y"}),
    "an unknown context in an endorsement": _set(
        "endorsement", 0, "@context", ["https://evil.example/v1"]
    ),
    "a scoped context in a proof": _proof(**{"@context": {"created": "urn:x:y"}}),
    # keys
    "an unknown key": _set("degree", "PhD"),
    "an empty key": _set("", "PhD"),
    "a key of a space": _set(" ", "PhD"),
    "__proto__": _set("__proto__", {"verified": True}),
    "constructor": _set("constructor", {"prototype": {"verified": True}}),
    "__class__": _set("__class__", "PhD"),
    "a key with a colon": _set("schema:name", "PhD"),
    "a full IRI as key": _set("https://schema.org/name", "PhD"),
    "a blank node as key": _set("_:b0", "PhD"),
    "@id beside id": _set("@id", "urn:x:y"),
    "@type beside type": _set("@type", ["VerifiableCredential"]),
    "@graph": _set("@graph", [{"id": "urn:x:y"}]),
    "@reverse": _set("@reverse", {"issuer": {"id": "urn:x:y"}}),
    "@included": _set("@included", [{"id": "urn:x:y"}]),
    "@nest": _set("@nest", {"name": "x"}),
    "@index": _set("@index", "x"),
    "@json": _set(_SUBJECT, {"@type": "@json", "@value": {"a": [1]}}),
    "@direction": _set("name", {"@value": "x", "@direction": "rtl"}),
    "a keyword of the future": _set("@future", "x"),
    "a key in full-width letters": _set("ｎａｍｅ", "x"),
    "a key with a zero-width space": _set("na\u200bme", "x"),
    "a decomposed key": _set("nom\u0065\u0301", "x"),
    "a key with escape sequences": _set("\x1b[2J", "x"),
    "a key with a line end": _set("a\nb", "x"),
    "a key with a slash and a tilde": _set("a/b~c", "x"),
    "a key outside the BMP": _set("\U0001f984", "x"),
    "a key of the next type": _set(_SUBJECT, "validUntil", "2099-01-01T00:00:00Z"),
    # other spellings, whose graph would be the same
    "another term for criteria": lambda d: d[_SUBJECT]["achievement"].update(
        Criteria=d[_SUBJECT]["achievement"].pop("criteria")
    ),
    "@type for type": lambda d: d.update({"@type": d.pop("type")}),
    "a value object": _set("name", {"@value": "Data analysis"}),
    "a number as signed text": _set(_SUBJECT, "creditsEarned", "5.5E0"),
    "false as text": _set(_SUBJECT, "identifier", 0, "hashed", "false"),
    "a repeated tag": lambda d: d[_SUBJECT]["achievement"]["tag"].append("data"),
    "an object that is but a type": _set("foo", {"type": ["Harvard University"]}),
    "an unknown key with null": _set("degree", None),
    "an unknown key with a number": _set(_SUBJECT, "gpa", 4.0),
    "evidence without a usable id": lambda d: d["evidence"].append({"id": "https://x.example/<x>"}),
    "evidence given again": lambda d: d["evidence"].append(d["evidence"][0]),
    # types
    "two credentials in one": _set("type", ["VerifiableCredential", "EndorsementCredential"]),
    "a presentation too": _set("type", ["VerifiableCredential", "VerifiablePresentation"]),
    "1,000 types": _set("type", ["VerifiableCredential", *(f"T{i}" for i in range(1000))]),
    "a type twice": _set("type", ["VerifiableCredential"] * 2),
    "a type of 1 MB": _set("type", ["VerifiableCredential", "T" * MEBI]),
    "a type that is a keyword": _set("type", ["VerifiableCredential", "@json"]),
    "a type with spaces": _set("type", ["VerifiableCredential", "Open Badge"]),
    "an enveloped credential": _set(
        "type", ["VerifiableCredential", "EnvelopedVerifiableCredential"]
    ),
    "a credential type on the subject": _set(_SUBJECT, "type", ["VerifiableCredential"]),
    # structure
    "10 subjects": lambda d: d.update({_SUBJECT: [d[_SUBJECT]] * 10}),
    "two subjects": lambda d: d.update({_SUBJECT: [d[_SUBJECT], {"id": "urn:x:y", "name": "Eve"}]}),
    "two issuers": lambda d: d.update(issuer=[d["issuer"], PROFILE]),
    "an issuer inside the issuer": lambda d: d["issuer"].update(issuer=PROFILE),
    "one id on everything": lambda d: d[_SUBJECT].update(id=d["id"]),
    "itself as its own issuer": lambda d: d["issuer"].update(parentOrg={**d["issuer"]}),
    "a profile 29 deep": lambda d: d["issuer"].update(parentOrg=nested(28, "parentOrg", PROFILE)),
    "a profile 60 deep": lambda d: d["issuer"].update(parentOrg=nested(58, "parentOrg", PROFILE)),
    "an array in an array": _set(*_ACHIEVEMENT, "tag", [["data"]]),
    "a mixed array": _set(*_ACHIEVEMENT, "tag", ["data", 1, True, 2.5]),
    "a number for a text": _set(*_ACHIEVEMENT, "name", 5),
    "a text for a number": _set(_SUBJECT, "creditsEarned", "5.5"),
    "a huge number": _set(_SUBJECT, "creditsEarned", 1e300),
    "a tiny number": _set(_SUBJECT, "creditsEarned", 5e-324),
    "17 digits": _set(_SUBJECT, "creditsEarned", 0.12345678901234568),
    "1e21": _set(_SUBJECT, "creditsEarned", 1e21),
    # dates
    "the year 0000": _set("validFrom", "0000-01-01T00:00:00Z"),
    "the year 99999": _set("validUntil", "99999-01-01T00:00:00Z"),
    "the year -1": _set("validFrom", "-0001-01-01T00:00:00Z"),
    "the end of time": _set("validUntil", "9999-12-31T23:59:59-14:00"),
    "the beginning of time": _set("validFrom", "0001-01-01T00:00:00+14:00"),
    "30 February": _set("validFrom", "2026-02-30T00:00:00Z"),
    "a leap second": _set("validFrom", "2016-12-31T23:59:60Z"),
    "24 o'clock": _set("validFrom", "2026-01-01T24:00:00Z"),
    "no zone": _set("validFrom", "2026-01-01T00:00:00"),
    "Arabic digits": _set("validFrom", "٢٠٢٦-٠١-٠١T00:00:00Z"),
    "100,000 fraction digits": _set("validFrom", "2026-01-01T00:00:00." + "1" * 100_000 + "Z"),
    "an end before the beginning": _set("validUntil", "2025-01-01T00:00:00Z"),
    "a proof of the future": _proof(created="2999-01-01T00:00:00Z"),
    # status
    "a status of no type": lambda d: d["credentialStatus"].pop("type"),
    "a status of an unknown type": lambda d: d["credentialStatus"].update(type="Other"),
    "an index of -1": lambda d: d["credentialStatus"].update(statusListIndex="-1"),
    "an index as number": lambda d: d["credentialStatus"].update(statusListIndex=5),
    "an index of 100,000 digits": lambda d: d["credentialStatus"].update(
        statusListIndex="9" * 100_000
    ),
    "a list on the loopback": lambda d: d["credentialStatus"].update(
        statusListCredential="http://127.0.0.1/"
    ),
    "5,000 statuses": lambda d: d.update(credentialStatus=[d["credentialStatus"]] * 5000),
    # proofs
    "no proof": lambda d: d.pop("proof"),
    "no proofs": _set("proof", []),
    "9 proofs": lambda d: d.update(proof=d["proof"] * 9),
    "10,000 proofs": lambda d: d.update(proof=d["proof"] * 10_000),
    "a proof in a proof": lambda d: d["proof"][0].update(proof=dict(d["proof"][0])),
    "a proof on the subject": lambda d: d[_SUBJECT].update(proof=d.pop("proof")),
    "a giant proof value": _proof(proofValue="z" + "1" * 1_000_000),
    "a giant proof value of other digits": _proof(proofValue="z" + "z" * 1_000_000),
    "an empty proof value": _proof(proofValue=""),
    "a proof value of z": _proof(proofValue="z"),
    "a proof value in base64": _proof(proofValue="u" + "A" * 86),
    "a proof value of zeros": _proof(proofValue="z" + "1" * 64),
    "a jws": _proof(jws="eyJhbGciOiJub25lIn0.."),
    "an unknown cryptosuite": _proof(cryptosuite="none"),
    "the other cryptosuite": lambda d: d["proof"][0].update(
        cryptosuite=next(s for s in SUITES if s != d["proof"][0]["cryptosuite"])
    ),
    "an ECDSA cryptosuite": _proof(cryptosuite="ecdsa-rdfc-2019"),
    "a proof type of old": _proof(type="Ed25519Signature2018"),
    "another purpose": _proof(proofPurpose="authentication"),
    "a proof that follows itself": _proof(id="urn:x:1", previousProof="urn:x:1"),
    "a proof of another domain": _proof(domain="evil.example", challenge="x"),
    "a proof with an unknown key": _proof(remark="PhD"),
    "a proof with null": _proof(nonce=None),
    "a proof 60 deep": _proof(nonce=nested(58, "x", "y")),
    "a key with a path": _proof(verificationMethod=f"{DID}/x#key-1"),
    "a key with a query": _proof(verificationMethod=f"{DID}?service=x#key-1"),
    "a key of another issuer": _proof(verificationMethod="did:web:evil.example#key-1"),
    "a key of 1 MB": _proof(verificationMethod=f"{DID}#{'k' * MEBI}"),
    "no fragment": _proof(verificationMethod=DID),
    "an empty fragment": _proof(verificationMethod=f"{DID}#"),
    # over the bounds
    "100,000 tags": _set(*_ACHIEVEMENT, "tag", [f"t{i}" for i in range(99_000)]),
    "9,000 tags": _set(*_ACHIEVEMENT, "tag", [f"t{i}" for i in range(9_000)]),
    "2,000 tags": _set(*_ACHIEVEMENT, "tag", [f"t{i}" for i in range(2000)]),
    "50,000 equal tags": _set(*_ACHIEVEMENT, "tag", ["t"] * 50_000),
    "20,000 typed objects": _set("evidence", [{"type": ["Evidence"]}] * 20_000),
    "1,500 typed objects": lambda d: d[_SUBJECT].update(
        result=[
            {"type": ["Result"], "value": str(i), "alignment": _alignments(49)} for i in range(30)
        ]
    ),
}


DEAR: dict[str, Alteration] = {
    "900 typed objects without ids": _set("evidence", [{"type": ["Evidence"]}] * 900),
    "900 typed objects with ids": _set(
        "evidence", [{"id": f"urn:x-e:{i}", "type": ["Evidence"], "name": "x"} for i in range(900)]
    ),
    "980 typed objects in many arrays": lambda d: d[_SUBJECT].update(
        result=[
            {"type": ["Result"], "value": f"{i}", "alignment": _alignments(30)} for i in range(31)
        ]
    ),
    "950 tags": _set(*_ACHIEVEMENT, "tag", [f"t{i}" for i in range(950)]),
    "900 unlike lists": _set(*_ACHIEVEMENT, "resultDescription", _descriptions(900, 9)),
    "300 alike lists": _set(*_ACHIEVEMENT, "resultDescription", _descriptions(300, 25)),
    "300 endorsements": _set(
        "endorsement",
        [{**badge()["endorsement"][0], "id": f"https://b.example/e/{i}"} for i in range(300)],
    ),
    "8 proofs of 900 objects": lambda d: d.update(
        proof=d["proof"] * 8, evidence=[{"type": ["Evidence"], "name": f"{i}"} for i in range(900)]
    ),
    "900 objects of 8 types": _set(
        "termsOfUse",
        [{"type": [f"https://x.example/t/{i}/{j}" for j in range(8)]} for i in range(900)],
    ),
    "12 alike objects below an object without id": lambda d: (
        d.pop("id"),
        d.update(evidence=[{"type": ["Evidence"], "name": "x"}] * 12),
    ),
    "900 alike objects below an object without id": lambda d: (
        d.pop("id"),
        d.update(evidence=[{"type": ["Evidence"], "name": "x"}] * 900),
    ),
    "alike trees below an object without id": lambda d: (
        d.pop("id"),
        d[_SUBJECT].update(
            result=[{"type": ["Result"], "value": "A", "alignment": _alignments(9)}] * 9
        ),
    ),
}
