"""A report as plain data, with its sentences: what the command prints with `--json`, and the API.

Keys and values are promises to programs; the sentences are for people and may change.
"""

from dataclasses import fields

from cairn.core.codec.strict_json import Json
from cairn.core.verify.report import Check, Facts, Reason, Report
from cairn.core.wording import render

_FACTS = tuple(field.name for field in fields(Facts))
_NAMING = (Reason.REGISTER_LISTED, Reason.REGISTER_LISTED_HERE)


def plain_report(report: Report, language: str) -> dict[str, Json]:
    """`report` in JSON's terms, its sentences in `language`."""
    facts: dict[str, Json] = {name: getattr(report.facts, name) for name in _FACTS}
    facts["subject_ids"] = list(report.facts.subject_ids)
    return {
        "outcome": report.outcome.value,
        "headline": headline(report, language),
        "facts": facts,
        "checks": [_plain_check(check, language) for check in report.checks],
        "embedded": [
            {"path": each.path, "kind": each.kind, **plain_report(each.report, language)}
            for each in report.embedded
        ],
        "checked_at": report.checked_at,
    }


def headline(report: Report, language: str) -> str:
    """The one sentence, with the register's name for the issuer before the issuer's own word."""
    said = report.facts
    facts = {
        "issuer_name": said.issuer_name,
        "valid_from": said.valid_from,
        "valid_until": said.valid_until,
    }
    for check in report.checks:
        if check.reason in _NAMING:
            facts["registered_issuer"] = check.facts["issuer"]
    return render.outcome_headline(report.outcome, facts, language)


def _plain_check(check: Check, language: str) -> Json:
    return {
        "id": check.id.value,
        "result": check.result.value,
        "reason": check.reason.value,
        "sentence": render.sentence(check.reason, check.facts, language),
        "detail": render.detail(check.reason, check.facts, language),
        "facts": dict(check.facts),
    }
