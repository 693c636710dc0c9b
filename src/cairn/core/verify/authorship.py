"""Steps 3 to 6: all of the document is signed, the signature holds, the key is the issuer's.

The same for credentials and for the status lists they name.  No address in a document is followed
before its signature holds, but that of the issuer's own did:web document.

Sources: VC Data Integrity 1.0, sections 4.3 to 4.5; Controlled Identifiers 1.0, section 3.3.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.did.document import DidDocument, VerificationMethod, read_document
from cairn.core.did.resolve import base_did, resolve_offline
from cairn.core.did.web import document_url
from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.core.proofs.data_integrity import VERIFIED, Proof, holds, proofs_before, read_proofs
from cairn.core.rdf.contexts import RefusedContext, UnknownContext
from cairn.core.rdf.outline import Uncovered
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result
from cairn.core.verify.rollback import take_newest

Document = Mapping[str, Json]
Purpose = Literal["assertionMethod", "authentication"]
_PASSED = frozenset({Result.PASS})
_KNOWN = Check(CheckId.CONTEXT, Result.PASS, Reason.CONTEXT_KNOWN)
_COVERED = Check(CheckId.DOCUMENT, Result.PASS, Reason.DOCUMENT_COVERED)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A verification method with the document that publishes it."""

    published_in: DidDocument
    method: VerificationMethod


@dataclass(frozen=True, slots=True)
class _Signer:
    """Who must have signed, and with which of their keys."""

    id: str
    purpose: Purpose


def check_authorship(
    document: Document,
    issuer_id: str,
    sources: Sources,
    now: datetime,
    *,
    purpose: Purpose = "assertionMethod",
) -> tuple[Check, ...]:
    """The checks context, document, proof (one a proof) and issuer, as far as they get.

    Of a presentation, `issuer_id` is its holder and `purpose` is authentication.  Raises
    `Malformed` where the document is over a bound.
    """
    try:
        return _check(document, _Signer(issuer_id, purpose), sources, now)
    except UnknownContext as err:
        return (_context(Result.NOT_CHECKED, Reason.CONTEXT_UNKNOWN, url=err.url),)
    except RefusedContext as err:
        if err.inline:
            return (_context(Result.FAIL, Reason.CONTEXT_INLINE, path=err.path),)
        return (_context(Result.NOT_CHECKED, Reason.CONTEXT_ORDER, sequence=err.problem),)
    except Uncovered as err:
        facts = {"path": err.path or "/", "problem": err.problem}
        return (
            _KNOWN,
            Check(CheckId.DOCUMENT, Result.FAIL, Reason.DOCUMENT_UNCOVERED, facts),
        )


def is_authored(checks: tuple[Check, ...]) -> bool:
    """Whether `checks` say that the issuer signed all of the document."""
    return {check.result for check in checks} <= _PASSED


def _check(
    document: Document, signer: _Signer, sources: Sources, now: datetime
) -> tuple[Check, ...]:
    # (3) every word of the document has a known meaning
    sources.vocabulary.contexts.check(document.get("@context"))
    # (4) there is a proof that can be read
    try:
        proofs = read_proofs(document)
    except Malformed as err:
        return _KNOWN, _proof(Result.FAIL, Reason.PROOF_UNREADABLE, problem=str(err))
    if not proofs:
        return _KNOWN, _proof(Result.FAIL, Reason.PROOF_MISSING)
    # (5) each proof by the issuer holds and covers all of the document
    own = [proof for proof in proofs if _did(proof.verification_method) == signer.id]
    checks: list[Check] = []
    for proof in own or proofs:
        checks += _check_chain(document, proof, signer, sources, now)
    return _KNOWN, _COVERED, *checks


def _check_chain(
    document: Document, proof: Proof, signer: _Signer, sources: Sources, now: datetime
) -> tuple[Check, ...]:
    """The proof, and the signatures it was made over: those may be anybody's, but must hold."""
    try:
        before = proofs_before(document, proof)
    except Malformed as err:
        return (_proof(Result.FAIL, Reason.PROOF_UNREADABLE, problem=str(err)),)
    earlier = [_check_proof(document, each, signer, sources, now)[0] for each in before]
    return *_check_proof(document, proof, signer, sources, now), *earlier


def _check_proof(
    document: Document, proof: Proof, signer: _Signer, sources: Sources, now: datetime
) -> tuple[Check, ...]:
    """Check of the signature, then check of whose key it is."""
    refusal = _unusable(proof, signer.purpose, now)
    if refusal:
        return refusal, _issuer(Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED)
    try:
        key = obtain_key(proof.verification_method, sources, now)
    except (Unobtainable, NotAllowed, Malformed) as err:
        facts = {"method": proof.verification_method, "problem": str(err)}
        return (
            Check(CheckId.PROOF, Result.NOT_CHECKED, Reason.PROOF_KEY_UNOBTAINABLE, facts),
            _issuer(Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED),
        )
    facts = {"cryptosuite": proof.cryptosuite, "method": proof.verification_method}
    if not holds(document, proof, key.method.key, sources.vocabulary):
        return (
            Check(CheckId.PROOF, Result.FAIL, Reason.PROOF_MISMATCH, facts),
            _issuer(Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED),
        )
    # (6) the key is the issuer's, and meant for credentials
    held = Check(CheckId.PROOF, Result.PASS, Reason.PROOF_HOLDS, facts)
    return held, check_issuer(key, signer.id, proof.created, purpose=signer.purpose)


def _unusable(proof: Proof, purpose: Purpose, now: datetime) -> Check | None:
    """Why `proof` is not worth a look at its key, None if it is."""
    if proof.cryptosuite not in VERIFIED:
        return _proof(Result.NOT_CHECKED, Reason.PROOF_UNSUPPORTED, cryptosuite=proof.cryptosuite)
    if proof.purpose != purpose:
        problem = f"made for {proof.purpose!r}, not for {purpose}"
        return _proof(Result.FAIL, Reason.PROOF_UNREADABLE, problem=problem)
    try:
        if proof.created:
            timestamps.parse(proof.created)
        if proof.expires and timestamps.parse(proof.expires) <= now:
            return _proof(Result.FAIL, Reason.PROOF_EXPIRED, expires=proof.expires)
    except Malformed as err:
        return _proof(Result.FAIL, Reason.PROOF_UNREADABLE, problem=str(err))
    return None


def check_issuer(
    key: PublishedKey, issuer_id: str, created: str, *, purpose: Purpose = "assertionMethod"
) -> Check:
    """Whether a key that made a signature (`created`, "" if unknown) may speak for `issuer_id`."""
    method, published_in = key.method, key.published_in
    if published_in.id != issuer_id or method.controller != issuer_id:
        controller = method.controller if published_in.id == issuer_id else published_in.id
        return _issuer(
            Result.FAIL, Reason.ISSUER_OTHER_KEY, issuer=issuer_id, controller=controller
        )
    if method.revoked:
        return _issuer(
            Result.FAIL, Reason.ISSUER_KEY_REVOKED, method=method.id, since=method.revoked
        )
    listed = (
        published_in.assertion_method
        if purpose == "assertionMethod"
        else published_in.authentication
    )
    if method.id not in listed or _made_after(method.expires, created):
        return _issuer(
            Result.FAIL,
            Reason.ISSUER_KEY_NOT_FOR_ASSERTIONS,
            issuer=issuer_id,
            method=method.id,
        )
    return _issuer(Result.PASS, Reason.ISSUER_CONTROLS_KEY, issuer=issuer_id)


def _made_after(expires: str | None, created: str) -> bool:
    if not expires:
        return False
    return not created or timestamps.parse(created) > timestamps.parse(expires)


def obtain_key(method_url: str, sources: Sources, now: datetime) -> PublishedKey:
    """Raises `Unobtainable`, `NotAllowed` or `Malformed`: then nothing is known about the key."""
    kept = sources.read_documents.get((method_url, b""))
    if kept is not None:
        return PublishedKey(kept, kept.method(method_url))
    did = base_did(method_url)
    document = resolve_offline(did)
    if document is not None:  # whole in its name, so that what it says of this key stays
        key = PublishedKey(document, document.method(method_url))
        sources.read_documents.keep((method_url, b""), document)
        return key
    if not did.startswith("did:web:"):
        raise Unobtainable(f"{did!r} is not a did:key, did:jwk or did:web identifier")
    url = document_url(did)
    document = _read_did(did, sources.documents.get(url, now=now), sources)
    take_newest(url, document.updated, sources.memory)
    method = document.method(method_url)
    if method.expires:
        timestamps.parse(method.expires)  # a key whose end nobody can read is of no use
    return PublishedKey(document, method)


def _read_did(did: str, data: bytes, sources: Sources) -> DidDocument:
    """The document in `data`; one that was read before is not read again."""
    key = (did, hashlib.sha256(data).digest())
    document = sources.read_documents.get(key)
    if document is None:
        document = read_document(strict_json.read(data), did)
        sources.read_documents.keep(key, document)
    return document


def _did(method_url: str) -> str:
    return method_url.partition("#")[0]


def _context(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.CONTEXT, result, reason, facts)


def _proof(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.PROOF, result, reason, facts)


def _issuer(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.ISSUER, result, reason, facts)
