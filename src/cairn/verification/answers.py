"""The answers of a check as the API gives them: one shape for one credential and for many."""

from cairn.core.codec.strict_json import Json
from cairn.core.verify.files import Examined
from cairn.core.verify.plain_report import plain_report
from cairn.core.verify.report import Outcome
from cairn.verification.services import Checked

UNREADABLE = "unreadable"


def plain_answers(checked: Checked, language: str) -> dict[str, Json]:
    """`checked` in JSON's terms, its sentences in `language`."""
    return {
        "results": [plain_answer(answer, language) for answer in checked.answers],
        "is_complete": checked.is_complete,
    }


def plain_answer(answer: Examined, language: str) -> dict[str, Json]:
    """One answer; `where` is "" for the whole of what was given."""
    if answer.report is None:
        return {"where": answer.where, "outcome": UNREADABLE, "problem": answer.problem}
    said: dict[str, Json] = {"where": answer.where, **plain_report(answer.report, language)}
    if answer.problem:
        said["problem"] = answer.problem
    return said


def is_about_nothing(checked: Checked) -> bool:
    """Whether no credential could be read in what was given."""
    return not any(
        answer.report is not None and answer.report.outcome is not Outcome.NO_CREDENTIAL
        for answer in checked.answers
    )
