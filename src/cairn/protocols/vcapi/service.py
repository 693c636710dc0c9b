"""What the VC-API does, apart from HTTP: requests as JSON in, status and JSON out.

Source: W3C CCG "VC API v0.7", sections 3.2.1, 3.3.1 and 3.3.2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, Malformed
from cairn.core.keys import PrivateKey
from cairn.core.proofs.data_integrity import SUITES, add_proof
from cairn.core.vc.credential import read_credential
from cairn.core.verify import presentations
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Outcome, Report, Result
from cairn.core.wording import render

# What the suites call verified: the proof and the form hold.  Dates and status are told apart.
_VERIFIED = frozenset({Outcome.IN_FORCE, Outcome.NOT_YET_IN_FORCE})


@dataclass(frozen=True, slots=True)
class Signer:
    """An issuer the service signs for."""

    did: str
    method_id: str
    key: PrivateKey


@dataclass(frozen=True, slots=True)
class Party:
    """The service's own identities and what its verifications may ask."""

    signers: tuple[Signer, ...]
    sources: Sources


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and its JSON body."""

    status: int
    body: dict[str, Json]


def problem(status: int, *messages: str) -> Answer:
    """An answer that says what is wrong."""
    errors: list[Json] = [{"title": message} for message in messages]
    return Answer(status, {"verified": False, "errors": errors})


def issue(party: Party, suite: str, request: Mapping[str, Json], now: datetime) -> Answer:
    """Sign `credential`, whose issuer becomes this service's.

    Raises `Malformed` for a credential that breaks the data model, `Unverifiable` for one that no
    verifier could rely on: contexts that are not known, words that the suite doesn't cover.
    """
    name = suite or "eddsa-rdfc-2022"
    signer = _signer(party, name)
    credential = request.get("credential")
    if not isinstance(credential, dict):
        raise Malformed("expected a credential", "/credential")
    document = {**credential, "issuer": _as_issuer(credential.get("issuer"), signer.did)}
    read_credential(document)
    party.sources.vocabulary.contexts.check(document.get("@context"))  # a `*-jcs` suite reads none
    signed = add_proof(
        document,
        signer.key,
        party.sources.vocabulary,
        cryptosuite=name,
        verification_method=signer.method_id,
        created=timestamps.write(now),
    )
    strict_json.read(strict_json.write(signed))
    proofs = signed["proof"]
    if isinstance(proofs, list) and len(proofs) == 1:
        signed["proof"] = proofs[0]
    return Answer(201, {"verifiableCredential": signed})


def verify_credential(party: Party, request: Mapping[str, Json], now: datetime) -> Answer:
    """Verify `verifiableCredential`, secured in any form that the product reads."""
    credential = request.get("verifiableCredential")
    if isinstance(credential, str):
        data = credential.encode()
    elif isinstance(credential, dict):
        data = strict_json.write(credential)
    else:
        raise Malformed("expected a credential", "/verifiableCredential")
    return _answer(verify(data, party.sources, now=now))


def verify_presentation(party: Party, request: Mapping[str, Json], now: datetime) -> Answer:
    """Verify `verifiablePresentation` for the challenge and domain in `options`.

    What the request does not name is not asked of the presentation, as the suites have it.  Raises
    `Malformed`.
    """
    presentation = request.get("verifiablePresentation")
    options = request.get("options", {})
    if not isinstance(presentation, dict):
        raise Malformed("expected a presentation", "/verifiablePresentation")
    if not isinstance(options, dict):
        raise Malformed("expected an object", "/options")
    report = presentations.verify_presentation(
        strict_json.write(presentation),
        party.sources,
        now=now,
        challenge=_asked(options, presentation, "challenge"),
        domain=_asked(options, presentation, "domain"),
    )
    checks = [report.holder, *report.checks]
    shown = [_answer(each.report) for each in report.credentials]
    body: dict[str, Json] = {
        "checks": _as_json(checks),
        "credentialResults": [answer.body for answer in shown],
    }
    if report.holder.result is Result.PASS and all(answer.status == 200 for answer in shown):
        return Answer(200, {"verified": True, **body})
    failed = [error for answer in shown for error in _errors(answer)]
    return Answer(400, {**problem(400, *_sentences(checks), *failed).body, **body})


def _asked(options: Mapping[str, Json], presentation: Mapping[str, Json], name: str) -> str:
    """The value asked for; where none is, the presentation's own, "none" if it has none."""
    proof = presentation.get("proof")
    own = proof[0] if isinstance(proof, list) and proof else proof
    fallback = own.get(name) if isinstance(own, dict) else None
    value = options.get(name, fallback)
    return value if isinstance(value, str) and value else "none"


def _errors(answer: Answer) -> list[str]:
    errors = answer.body.get("errors")
    listed = errors if isinstance(errors, list) else []
    return [str(error["title"]) for error in listed if isinstance(error, dict)]


def _answer(report: Report) -> Answer:
    body: dict[str, Json] = {"outcome": report.outcome.value, "checks": _as_json(report.checks)}
    if report.outcome in _VERIFIED:
        return Answer(200, {"verified": True, **body})
    sentences = _sentences(report.checks) or [report.outcome.value]
    return Answer(400, {**problem(400, *sentences).body, **body})


def _as_json(checks: Iterable[Check]) -> list[Json]:
    return [
        {"check": check.id.value, "result": check.result.value, "reason": check.reason.value}
        for check in checks
    ]


def _sentences(checks: Iterable[Check]) -> list[str]:
    """Why it did not pass, in words, with the detail for technicians."""
    failed = [check for check in checks if check.result in (Result.FAIL, Result.NOT_CHECKED)]
    return [
        " ".join(
            (
                render.sentence(check.reason, check.facts, "en"),
                render.detail(check.reason, check.facts, "en"),
            )
        ).strip()
        for check in failed
    ]


def _signer(party: Party, suite: str) -> Signer:
    known = SUITES.get(suite)
    if known is None:
        raise Malformed(f"{suite!r} is not a cryptosuite here; known are {', '.join(SUITES)}")
    for signer in party.signers:
        if signer.key.type in known.key_types:
            return signer
    raise CairnError(f"this service has no key for {suite}")


def _as_issuer(issuer: Json, did: str) -> Json:
    """The issuer given, under this service's id: nobody signs in another's name here."""
    if isinstance(issuer, dict):
        return {**issuer, "id": did}
    if issuer is None or isinstance(issuer, str):
        return did
    raise Malformed("expected an IRI, or an object with an id", "/credential/issuer")
