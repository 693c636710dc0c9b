"""Steps 7 to 12: what follows once it is known how a credential was signed, by whatever proof.

Source: the numbered list of `cairn.core.verify.pipeline`.
"""

from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.vc.credential import Credential
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.displayed_names import check_names
from cairn.core.verify.embedded import Budget, JudgeToken, check_embedded, count_embedded
from cairn.core.verify.learner_record import check_associations, read_associations
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.people import check_holder, check_register, recipient_name
from cairn.core.verify.ports import Claimed, Sources
from cairn.core.verify.report import Check, CheckId, Embedded, Facts, Reason, Report, Result
from cairn.core.verify.resources import check_resources, check_schemas
from cairn.core.verify.standing import check_replacement, check_status, check_validity


def verify_credential(
    credential: Credential,
    sources: Sources,
    *,
    now: datetime,
    claimed: Claimed | None = None,
    judge_token: JudgeToken | None = None,
    budget: Budget | None = None,
) -> Report:
    """Steps 3 to 12 for a credential secured by Data Integrity proofs.

    `judge_token` verifies the tokens inside it; without it they are not checked.  `budget` is that
    of the document it stands in.  Raises `Malformed` over a bound.
    """
    # steps 3 to 6
    authored = check_authorship(credential.document, credential.issuer_id, sources, now)
    return report_authored(
        credential,
        authored,
        sources,
        now=now,
        claimed=claimed,
        judge_token=judge_token,
        budget=budget,
    )


def report_authored(
    credential: Credential,
    authored: tuple[Check, ...],
    sources: Sources,
    *,
    now: datetime,
    claimed: Claimed | None = None,
    judge_token: JudgeToken | None = None,
    budget: Budget | None = None,
) -> Report:
    """Steps 7 to 12, once `authored` says how steps 3 to 6 ended, by whatever kind of proof."""
    facts = _facts(credential)
    associations = read_associations(credential)
    embedded: tuple[Embedded, ...] = ()
    # steps 7 to 9: addresses in the document are followed only now that the issuer wrote them
    if not is_authored(authored):
        standing, inside = _unasked(), count_embedded(credential)
    else:
        standing = _standing(credential, facts, sources, now)

        def judge(inner: Credential, metered: Sources, spent: Budget) -> Report:
            return verify_credential(inner, metered, now=now, judge_token=judge_token, budget=spent)

        inside, embedded = check_embedded(
            credential, sources, budget or Budget(), judge, judge_token
        )
    # steps 10 to 12
    people = (
        check_register(credential, sources.registers),
        *inside,
        *check_associations(associations, embedded),
        *check_names(facts),
        check_holder(credential, facts.recipient, claimed),
    )
    checks = (*authored, *standing, *people)
    return Report(outcome_of(checks), checks, facts, timestamps.write(now), embedded, associations)


def _standing(
    credential: Credential, facts: Facts, sources: Sources, now: datetime
) -> tuple[Check, ...]:
    status = check_status(credential, sources, now)
    is_withdrawn = Reason.STATUS_REVOKED in {check.reason for check in status}
    replacement = check_replacement(credential, sources, now) if is_withdrawn else ()
    return (
        check_validity(credential, facts, now),
        *status,
        *replacement,
        *check_schemas(credential),
        *check_resources(credential, sources, now),
    )


def _unasked() -> tuple[Check, ...]:
    return (Check(CheckId.STATUS, Result.NOT_CHECKED, Reason.STATUS_NOT_CHECKED),)


def _facts(credential: Credential) -> Facts:
    document = credential.document
    about = _achievement(credential)
    title = about.get("name") or document.get("name")
    return Facts(
        credential_id=credential.id,
        title=_text(title),
        achievement_id=_text(about.get("id")),
        issuer_id=credential.issuer_id,
        issuer_name=credential.issuer_name,
        recipient=recipient_name(credential),
        valid_from=timestamps.write(credential.valid_from) if credential.valid_from else "",
        valid_until=timestamps.write(credential.valid_until) if credential.valid_until else "",
        language=_text(about.get("inLanguage")),
        subject_ids=tuple(filter(None, [_text(each.get("id")) for each in credential.subjects])),
    )


def _achievement(credential: Credential) -> dict[str, Json]:
    """The achievement of a credential about one subject; of several, none is the first."""
    if len(credential.subjects) != 1:
        return {}
    achievement = credential.subjects[0].get("achievement")
    return achievement if isinstance(achievement, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
