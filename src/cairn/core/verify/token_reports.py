"""Reports on tokens: credentials whose signature stands around them and not inside.

A token that stands for a W3C credential goes the way of any credential once its own signature has
been looked at.  An SD-JWT VC has claims of its own: its dates, its status list, its subject.

Sources: W3C VC-JOSE-COSE, section 5; draft-ietf-oauth-sd-jwt-vc-13, section 3.4.
"""

from collections.abc import Mapping
from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, Unverifiable
from cairn.core.proofs.jose import holds, read_jws, read_object
from cairn.core.proofs.token import Token
from cairn.core.proofs.tokens import read_token
from cairn.core.vc.credential import Credential, read_credential
from cairn.core.verify.authorship import is_authored
from cairn.core.verify.displayed_names import check_names
from cairn.core.verify.embedded import Budget, JudgeToken
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.people import check_holder, check_register, recipient_name
from cairn.core.verify.ports import Claimed, Sources
from cairn.core.verify.report import Check, CheckId, Facts, Reason, Report, Result
from cairn.core.verify.standing import check_validity
from cairn.core.verify.steps import report_authored
from cairn.core.verify.token_keys import Asked, check_owner, find_key
from cairn.core.verify.token_status import OpenedToken, OpenToken, check_token_status
from cairn.core.verify.tokens import check_token_authorship, validity_of


def verify_token(
    text: str,
    sources: Sources,
    *,
    now: datetime,
    claimed: Claimed | None = None,
    budget: Budget | None = None,
) -> Report:
    """The report on the credential that the token `text` stands for.

    Raises `Malformed` if it cannot be read, is over a bound, or is a presentation.
    """
    token = read_token(text)
    if token.profile.is_presentation:
        raise Malformed("this is a presentation; check each credential inside it by itself")
    authored = check_token_authorship(token, sources, now)
    if not token.profile.has_contexts:
        return _report_claims(token, authored, sources, now, claimed)
    return report_authored(
        read_credential(dict(token.document)),
        authored,
        sources,
        now=now,
        claimed=claimed,
        judge_token=token_judge(now),
        budget=budget,
    )


def token_judge(now: datetime) -> JudgeToken:
    """How tokens inside a credential are judged: as if each had come by itself."""

    def judge(text: str, sources: Sources, budget: Budget) -> Report:
        return verify_token(text, sources, now=now, budget=budget)

    return judge


def _report_claims(
    token: Token,
    authored: tuple[Check, ...],
    sources: Sources,
    now: datetime,
    claimed: Claimed | None,
) -> Report:
    credential = _as_credential(token)
    facts = _facts(token, credential)
    standing: tuple[Check, ...] = (
        Check(CheckId.STATUS, Result.NOT_CHECKED, Reason.STATUS_NOT_CHECKED),
    )
    if is_authored(authored):
        opener = _opener(token.signer_id, sources, now)
        standing = (
            check_validity(credential, facts, now),
            check_token_status(token.claims, token.signer_id, sources, now, opener),
        )
    people = (
        check_register(credential, sources.registers),
        *check_names(facts),
        check_holder(credential, recipient_name(credential), claimed),
    )
    checks = (*authored, *standing, *people)
    return Report(outcome_of(checks), checks, facts, timestamps.write(now))


def _opener(signer_id: str, sources: Sources, now: datetime) -> OpenToken:
    """How a status list token of `signer_id` is opened: its key must be the signer's."""

    def open_token(data: bytes) -> OpenedToken:
        jws = read_jws(data.decode("ascii", "replace"))
        asked = Asked(signer_id, "", "assertionMethod", sources, now)
        found = find_key(jws.header, asked)
        if not holds(jws, found.key):
            raise Unverifiable("its own signature does not hold")
        if check_owner(found, asked).result is not Result.PASS:
            raise Unverifiable("it is signed by another issuer")
        return OpenedToken(jws.header, read_object(jws.payload), signer_id)

    return open_token


def _as_credential(token: Token) -> Credential:
    """The claims in the terms of the steps that follow; an SD-JWT VC has no document."""
    since, until = validity_of(token)
    return Credential(
        document={},
        types=frozenset(),
        id=_text(token.claims, "jti"),
        issuer_id=token.signer_id,
        issuer_name="",
        subjects=(token.claims,),
        valid_from=since,
        valid_until=until,
        status=None,
        refresh_urls=(),
    )


def _facts(token: Token, credential: Credential) -> Facts:
    since, until = credential.valid_from, credential.valid_until
    return Facts(
        credential_id=credential.id,
        title=_text(token.claims, "name") or _text(token.claims, "vct"),
        issuer_id=credential.issuer_id,
        valid_from=timestamps.write(since) if since else "",
        valid_until=timestamps.write(until) if until else "",
        subject_ids=tuple(filter(None, (_text(token.claims, "sub"),))),
    )


def _text(claims: Mapping[str, Json], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
