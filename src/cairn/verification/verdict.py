"""An answer in the words and colours of a page: verdict, checks, facts.

Sentences about a credential come from `cairn.core.wording`.  Only *altered* is red.  What is in
force is green if a register names its issuer and nothing else warns, amber otherwise: anyone can
sign under any name.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cairn.core.verify.files import Examined
from cairn.core.verify.plain_report import headline
from cairn.core.verify.report import Check, CheckId, Facts, Outcome, Reason, Report, Result
from cairn.core.wording import render
from cairn.core.wording.names import displayed

_LOOK = {
    Outcome.IN_FORCE: ("ok", "ok"),
    Outcome.NOT_YET_IN_FORCE: ("", "soon"),
    Outcome.EXPIRED: ("", "expired"),
    Outcome.REPLACED: ("", "replaced"),
    Outcome.SUSPENDED: ("", "suspended"),
    Outcome.WITHDRAWN: ("", "withdrawn"),
    Outcome.ALTERED: ("bad", "bad"),
    Outcome.NOT_CHECKED: ("", "none"),
    Outcome.NO_CREDENTIAL: ("", "nofile"),
}
_STEP = {
    Result.PASS: "ok",
    Result.WARNING: "warn",
    Result.FAIL: "bad",
    Result.NOT_CHECKED: "none",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands at the top: one sentence, and the two lines that are always shown."""

    state: str  # ok, warn, bad or "" as the stylesheet has them
    icon: str
    heading: str
    sentence: str
    advice: str
    whom: str
    register: str
    checked: str  # when


@dataclass(frozen=True, slots=True)
class Step:
    """One check, as a sentence with why it matters."""

    state: str  # ok, warn, bad, none
    title: str
    sentence: str
    result: str
    detail: str


@dataclass(frozen=True, slots=True)
class Inside:
    """A credential inside another, with its own answer."""

    path: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer, ready for a page; without a verdict it could not be read, for `problem`."""

    where: str
    verdict: Verdict | None
    steps: tuple[Step, ...] = ()
    facts: Facts | None = None
    valid_from: str = ""
    valid_until: str = ""
    inside: tuple[Inside, ...] = ()
    problem: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether no credential could be read here."""
        return self.facts is None


def shown(answer: Examined, language: str) -> Shown:
    """`answer` in `language`, a stranger's words made safe to show."""
    report = answer.report
    where, problem = displayed(answer.where), displayed(answer.problem, 500)
    if report is None:
        return Shown(where, None, problem=problem)
    verdict = verdict_of(report, language)
    if report.outcome is Outcome.NO_CREDENTIAL:
        return Shown(where, verdict, problem=problem)
    said = report.facts
    return Shown(
        where,
        verdict,
        steps_of(report, language),
        _safe(said),
        render.moment(said.valid_from, language) if said.valid_from else "",
        render.moment(said.valid_until, language) if said.valid_until else "",
        tuple(
            Inside(displayed(each.path), headline(each.report, language))
            for each in report.embedded
        ),
        problem,
    )


def verdict_of(report: Report, language: str) -> Verdict:
    """What stands at the top of the answer."""
    state, icon = _LOOK[report.outcome]
    if report.outcome is Outcome.IN_FORCE and any(map(_warns, report.checks)):
        state = icon = "warn"
    return Verdict(
        state=state,
        icon=icon,
        heading=render.outcome_title(report.outcome.value, language),
        sentence=headline(report, language),
        advice=render.outcome_advice(report.outcome.value, language),
        whom=_line(report, CheckId.HOLDER, language),
        register=_who_answers(report, language),
        checked=_("Checked %(when)s.") % {"when": render.moment(report.checked_at, language)},
    )


def steps_of(report: Report, language: str) -> tuple[Step, ...]:
    """The checks in the order of the report; a failed one is red only in an altered credential."""
    return tuple(_step(check, report.outcome, language) for check in report.checks)


def _step(check: Check, outcome: Outcome, language: str) -> Step:
    state = _STEP[check.result]
    if check.result is Result.FAIL and outcome is not Outcome.ALTERED:
        state = "warn"  # what was withdrawn or has expired is no forgery
    why = render.why(check.reason, language)
    sentence = render.sentence(check.reason, check.facts, language)
    return Step(
        state=state,
        title=render.check_title(check.id, language),
        sentence=f"{sentence} {why}" if why else sentence,
        result=render.result_word(check.result, language),
        detail=render.detail(check.reason, check.facts, language),
    )


def _warns(check: Check) -> bool:
    """Whether a check should make a reader look twice.

    That nobody proved to be the person is always so, and has a line of its own.
    """
    return check.result is Result.WARNING and check.reason is not Reason.HOLDER_UNPROVEN


def _who_answers(report: Report, language: str) -> str:
    if report.outcome is Outcome.ALTERED:
        # a register knows the issuer that it names, who is not the one that wrote it
        return _("Nobody: what it says is not signed by the issuer that it names.")
    return _line(report, CheckId.REGISTER, language)


def _line(report: Report, wanted: CheckId, language: str) -> str:
    found = (check for check in report.checks if check.id is wanted)
    return " ".join(render.sentence(check.reason, check.facts, language) for check in found)


def _safe(said: Facts) -> Facts:
    return Facts(
        credential_id=displayed(said.credential_id, 300),
        title=displayed(said.title),
        achievement_id=displayed(said.achievement_id, 300),
        issuer_id=displayed(said.issuer_id, 300),
        issuer_name=displayed(said.issuer_name),
        recipient=displayed(said.recipient),
        valid_from=said.valid_from,
        valid_until=said.valid_until,
        language=displayed(said.language, 40),
    )
