"""From a presentation to a report: who shows it, here and now, and what each credential is worth.

 (1) read the bytes strictly: JSON, a token, or an envelope around one     proofs.tokens
 (2) recognise a presentation and read its form                            vc.presentation
 (3) the holder's signature holds, by a key meant for authentication       authorship, tokens
 (4) it was made for this challenge and this domain                        here
 (5) each credential, by its own proof                                     pipeline
 (6) whether it was issued to the holder who shows it                      here

The caller gives the challenge (used once, a few minutes old at most: it remembers which it gave)
and the domain.  Sources: VC Data Integrity 1.0, section 2.1 (`challenge`, `domain`); RFC 9901,
section 7.3; OpenID4VP 1.0, section 14 (replay).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.proofs.data_integrity import read_proofs
from cairn.core.proofs.key_binding import breach_of_binding, holder_of
from cairn.core.proofs.token import Token, identity_of
from cairn.core.proofs.tokens import looks_like_token, read_token, unwrap
from cairn.core.vc.presentation import Presentation, read_presentation
from cairn.core.verify.authorship import check_authorship
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Facts, Outcome, Reason, Report, Result
from cairn.core.verify.tokens import check_token_authorship


@dataclass(frozen=True, slots=True)
class Shown:
    """A credential of a presentation: its report, and whether the holder is its recipient."""

    report: Report
    recipient: Check


@dataclass(frozen=True, slots=True)
class PresentationReport:
    """The answer to "who shows me this, and is it true?"."""

    holder: Check  # the one answer
    holder_id: str
    checks: tuple[Check, ...]  # of the holder's signature, for technicians
    credentials: tuple[Shown, ...]
    checked_at: str  # YYYY-MM-DDTHH:MM:SSZ

    @property
    def holds(self) -> bool:
        """Whether the holder proved to be there and every credential is in force."""
        in_force = all(shown.report.outcome is Outcome.IN_FORCE for shown in self.credentials)
        return self.holder.result is Result.PASS and in_force


def verify_presentation(
    data: bytes, sources: Sources, *, now: datetime, challenge: str, domain: str
) -> PresentationReport:
    """Verify the presentation in `data`, made for `challenge` and `domain`.

    Raises `Malformed` if it cannot be read, is over a bound or is no presentation; and if the
    challenge or domain asked for is empty: then everybody's presentation would do.
    """
    if not challenge or not domain:
        raise Malformed("a presentation is asked for with a challenge and a domain")
    # steps 1 and 2
    token, document = _read(data)
    wanted = (challenge, domain)
    if token and token.disclosures:
        return _verify_bound(token, data, sources, now, wanted)
    presentation = read_presentation(document)
    # steps 3 and 4
    if token:
        holder_id = token.signer_id
        checks = check_token_authorship(token, sources, now, purpose="authentication")
        made_for = _occasions_of_token(token)
    else:
        holder_id = presentation.holder_id or _signer(presentation)
        checks = check_authorship(
            presentation.document, holder_id, sources, now, purpose="authentication"
        )
        made_for = _occasions(presentation, holder_id)
    holder = _check_signature(checks, holder_id) or _check_occasion(made_for, wanted, holder_id)
    # steps 5 and 6
    shown = []
    for entry in presentation.credentials:
        report, subjects = _verify_shown(entry, sources, now)
        shown.append(Shown(report, _check_recipient(subjects, holder_id, holder)))
    return PresentationReport(holder, holder_id, checks, tuple(shown), timestamps.write(now))


def _verify_bound(
    token: Token, data: bytes, sources: Sources, now: datetime, wanted: tuple[str, str]
) -> PresentationReport:
    """An SD-JWT is both in one: the issuer wrote the holder’s key into it."""
    checks = check_token_authorship(token, sources, now)
    holder_id = holder_of(token)
    holder = _check_signature(checks, holder_id)
    if holder is None:
        breach = breach_of_binding(token, audience=wanted[1], nonce=wanted[0], now=now)
        holder = (
            _holder(Result.FAIL, Reason.HOLDER_PROOF_FAILED, holder_id, breach)
            if breach
            else _proven(holder_id)
        )
    report, _ = _verify_shown(data.decode(), sources, now)
    shown = Shown(report, _check_recipient([holder_id], holder_id, holder))
    return PresentationReport(holder, holder_id, checks, (shown,), timestamps.write(now))


def _read(data: bytes) -> tuple[Token | None, Mapping[str, Json]]:
    """The token, if it is one, and the presentation."""
    text = None
    document: Json = None
    if looks_like_token(data):
        text = data.decode()
    else:
        document = strict_json.read(data)
        text = unwrap(document)
    if text is not None:
        token = read_token(text)
        if not token.profile.is_presentation and token.disclosures is None:
            raise Malformed("this token is a credential; a presentation of it was expected")
        return token, token.document
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    return None, document


def _check_signature(checks: tuple[Check, ...], holder_id: str) -> Check | None:
    """Why the signature does not tell who shows it, None if it does; failures come first."""
    bad = sorted(
        (check for check in checks if check.result is not Result.PASS),
        key=lambda check: check.result is not Result.FAIL,
    )
    if not bad:
        return None
    problem = ", ".join((bad[0].reason.value, *bad[0].facts.values()))
    if bad[0].result is Result.FAIL:
        return _holder(Result.FAIL, Reason.HOLDER_PROOF_FAILED, holder_id, problem)
    return _holder(Result.NOT_CHECKED, Reason.HOLDER_PROOF_NOT_CHECKED, holder_id, problem)


def _check_occasion(
    made_for: tuple[tuple[str, str], ...], wanted: tuple[str, str], holder_id: str
) -> Check:
    if made_for and all(found == wanted for found in made_for):
        return _proven(holder_id)
    said = "; ".join(f"challenge {found[0]!r}, domain {found[1]!r}" for found in made_for)
    problem = f"made for {said}" if said else "made for nobody"
    return _holder(Result.FAIL, Reason.HOLDER_PROOF_ELSEWHERE, holder_id, problem)


def _occasions(presentation: Presentation, holder_id: str) -> tuple[tuple[str, str], ...]:
    """Challenge and domain of each proof by the holder, which were all checked."""
    return tuple(
        (_only(proof.config.get("challenge")), _only(proof.config.get("domain")))
        for proof in read_proofs(presentation.document)
        if proof.verification_method.partition("#")[0] == holder_id
    )


def _occasions_of_token(token: Token) -> tuple[tuple[str, str], ...]:
    """A token has one; made for several audiences, it was made for none of them alone."""
    return ((_only(token.claims.get("nonce")), _only(token.claims.get("aud"))),)


def _signer(presentation: Presentation) -> str:
    """Who signed a presentation that names no holder: the one DID of all its proofs, else ""."""
    try:
        proofs = read_proofs(presentation.document)
    except Malformed:
        return ""
    signers = {proof.verification_method.partition("#")[0] for proof in proofs}
    return signers.pop() if len(signers) == 1 else ""


def _verify_shown(
    entry: Mapping[str, Json] | str, sources: Sources, now: datetime
) -> tuple[Report, list[str]]:
    """The report on one credential, and its subjects; what cannot be read is no credential."""
    try:
        if isinstance(entry, str):
            return verify(entry.encode(), sources, now=now), _subjects(read_token(entry).document)
        token = unwrap(dict(entry))
        if token is not None:
            return _verify_shown(token, sources, now)
        return verify(strict_json.write(dict(entry)), sources, now=now), _subjects(entry)
    except Malformed:
        return Report(Outcome.NO_CREDENTIAL, (), Facts(), timestamps.write(now)), []


def _check_recipient(subjects: list[str], holder_id: str, holder: Check) -> Check:
    if not subjects or not all(subjects) or holder.result is not Result.PASS:
        return Check(CheckId.HOLDER, Result.WARNING, Reason.HOLDER_UNPROVEN, {"recipient": ""})
    facts = {"holder": holder_id, "recipient": ", ".join(subjects)}
    if all(subject == holder_id for subject in subjects):
        facts = {"holder": holder_id}
        return Check(CheckId.HOLDER, Result.PASS, Reason.HOLDER_IS_RECIPIENT, facts)
    return Check(CheckId.HOLDER, Result.WARNING, Reason.HOLDER_NOT_RECIPIENT, facts)


def _subjects(document: Mapping[str, Json]) -> list[str]:
    value = document.get("credentialSubject")
    return [identity_of(entry) for entry in (value if isinstance(value, list) else [value])]


def _holder(result: Result, reason: Reason, holder_id: str, problem: str) -> Check:
    return Check(CheckId.HOLDER, result, reason, {"holder": holder_id, "problem": problem})


def _proven(holder_id: str) -> Check:
    return Check(CheckId.HOLDER, Result.PASS, Reason.HOLDER_PROVEN, {"holder": holder_id})


def _only(value: Json) -> str:
    """A text, or the one text of an array."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, str) else ""
