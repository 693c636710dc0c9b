"""Steps 3 to 6 for a token: its rules, its signature, and whose key made it.

The same answers as `authorship` gives for a proof inside a document.  A token's signature covers
every byte of it, so that nothing can stand beside it unsigned; what it can do is break a rule of
its profile, and a broken rule ends the matter before any key is asked for.

Sources: RFC 7515, section 5.2; RFC 8725; the profile's own module in `cairn.core.proofs`.
"""

from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.core.proofs.jose import ALGORITHMS, holds
from cairn.core.proofs.token import Token, numeric_date
from cairn.core.proofs.tokens import all_breaches
from cairn.core.rdf.contexts import RefusedContext, UnknownContext
from cairn.core.verify.authorship import Purpose
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result
from cairn.core.verify.token_keys import Asked, ForeignKey, check_owner, find_key, foreign


def check_token_authorship(
    token: Token, sources: Sources, now: datetime, *, purpose: Purpose = "assertionMethod"
) -> tuple[Check, ...]:
    """The checks context (of JSON-LD), document, proof and issuer, as far as they get."""
    # (3) every word of the document has a known meaning
    context = _check_contexts(token, sources)
    if any(check.result is not Result.PASS for check in context):
        return context
    covered = Check(CheckId.DOCUMENT, Result.PASS, Reason.DOCUMENT_COVERED)
    # (4) the token keeps the rules of its profile, and we know its algorithm
    refusal = _unusable(token, now)
    if refusal:
        return *context, covered, refusal, _not_checked()
    # (5) the signature holds (6) the key is the issuer's, and meant for credentials
    return *context, covered, *_check_signature(token, sources, now, purpose)


def validity_of(token: Token) -> tuple[datetime | None, datetime | None]:
    """Since when and until when an SD-JWT VC is in force; of a W3C credential, ask its document."""
    return numeric_date(token.claims, "nbf"), numeric_date(token.claims, "exp")


def _check_contexts(token: Token, sources: Sources) -> tuple[Check, ...]:
    if not token.profile.has_contexts:
        return ()
    try:
        sources.vocabulary.contexts.check(token.document.get("@context"))
    except UnknownContext as err:
        facts = {"url": err.url}
        return (Check(CheckId.CONTEXT, Result.NOT_CHECKED, Reason.CONTEXT_UNKNOWN, facts),)
    except RefusedContext as err:
        if err.inline:
            facts = {"path": err.path}
            return (Check(CheckId.CONTEXT, Result.FAIL, Reason.CONTEXT_INLINE, facts),)
        facts = {"sequence": err.problem}
        return (Check(CheckId.CONTEXT, Result.NOT_CHECKED, Reason.CONTEXT_ORDER, facts),)
    return (Check(CheckId.CONTEXT, Result.PASS, Reason.CONTEXT_KNOWN),)


def _unusable(token: Token, now: datetime) -> Check | None:
    """Why the signature is not worth a look at its key, None if it is."""
    breaches = all_breaches(token)
    if breaches:
        return _proof(Result.FAIL, Reason.PROOF_FORBIDDEN, problem="; ".join(breaches))
    algorithm = token.jws.algorithm
    if algorithm not in ALGORITHMS:
        return _proof(Result.NOT_CHECKED, Reason.PROOF_UNSUPPORTED, cryptosuite=algorithm)
    if "x5c" in token.jws.header and not {"kid", "jwk"} & token.jws.header.keys():
        kind = f"{algorithm} with a certificate (x5c)"
        return _proof(Result.NOT_CHECKED, Reason.PROOF_UNSUPPORTED, cryptosuite=kind)
    if token.profile.dates_the_signature:
        return _check_dates(token, now)
    return None


def _check_dates(token: Token, now: datetime) -> Check | None:
    """`exp` and `nbf` where they speak of the signature."""
    until, since = numeric_date(token.claims, "exp"), numeric_date(token.claims, "nbf")
    if until and until <= now:
        return _proof(Result.FAIL, Reason.PROOF_EXPIRED, expires=timestamps.write(until))
    if since and since > now:
        problem = f"the signature counts from {timestamps.write(since)} (nbf)"
        return _proof(Result.FAIL, Reason.PROOF_FORBIDDEN, problem=problem)
    return None


def _check_signature(
    token: Token, sources: Sources, now: datetime, purpose: Purpose
) -> tuple[Check, Check]:
    asked = Asked(token.signer_id, token.signed_at, purpose, sources, now)
    name = str(token.jws.header.get("kid", "in the token itself"))
    try:
        found = find_key(token.jws.header, asked)
    except ForeignKey as err:
        return _key_unobtainable(name, str(err)), foreign(asked.signer_id, err.name)
    except (Unobtainable, NotAllowed, Malformed) as err:
        return _key_unobtainable(name, str(err)), _not_checked()
    facts = {"cryptosuite": token.jws.algorithm, "method": found.name}
    if not holds(token.jws, found.key):
        return _proof(Result.FAIL, Reason.PROOF_MISMATCH, **facts), _not_checked()
    return _proof(Result.PASS, Reason.PROOF_HOLDS, **facts), check_owner(found, asked)


def _key_unobtainable(method: str, problem: str) -> Check:
    facts = {"method": method, "problem": problem}
    return _proof(Result.NOT_CHECKED, Reason.PROOF_KEY_UNOBTAINABLE, **facts)


def _not_checked() -> Check:
    return Check(CheckId.ISSUER, Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED)


def _proof(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.PROOF, result, reason, facts)
