"""What a credential says, in plain words and one language: for the PDF and the credential page.

Read from the published version and the award, of which the credential was made; neither changes
once it is signed.  The labels are in the language that is active, the texts in the credential's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from cairn.catalogue.models import AchievementVersion
from cairn.issuing.models import Award
from cairn.organisations.models import Organisation

_KINDS = {
    "MicroCredential": gettext_lazy("Micro-credential"),
    "Course": gettext_lazy("Course"),
    "Certificate": gettext_lazy("Certificate"),
    "CertificateOfCompletion": gettext_lazy("Certificate of completion"),
    "Certification": gettext_lazy("Certification"),
    "Competency": gettext_lazy("Competency"),
    "Badge": gettext_lazy("Badge"),
    "LearningProgram": gettext_lazy("Learning programme"),
}
_PARTICIPATION = {
    "online": gettext_lazy("Online"),
    "on_site": gettext_lazy("On site"),
    "blended": gettext_lazy("Partly online, partly on site"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A credential in words.  Texts are its issuer's, in `language`; dates are days there."""

    award_id: UUID
    language: str
    kind: str
    title: str
    description: str
    recipient: str  # "" where the name is left out of the credential
    issuer: str
    creator: str
    awarded_on: str
    holds_until: str  # "" without an end
    narrative: str
    criteria: str
    outcomes: tuple[str, ...]
    skills: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    approval: str
    evidence: tuple[str, str] | None  # name and address
    badge_sha256: str


def shown(award: Award) -> Shown:
    """The words of `award`, which brings its version, achievement, issuer and offering along."""
    version, language = award.version, award.language
    until = _day(award.valid_until, award.issuer) if award.valid_until else ""
    evidence = (award.evidence_name or award.evidence_url, award.evidence_url)
    return Shown(
        award_id=award.id,
        language=language,
        kind=str(_KINDS.get(version.achievement_type, gettext("Credential"))),
        title=in_language(version.name, language),
        description=in_language(version.description, language),
        recipient=award.recipient_name if version.names_learner else "",
        issuer=award.issuer.name,
        creator=version.achievement.creator.name,
        awarded_on=_day(award.valid_from, award.issuer),
        holds_until=until,
        narrative=award.narrative,
        criteria=in_language(version.criteria, language),
        outcomes=tuple(in_language(outcome, language) for outcome in version.outcomes),
        skills=tuple(_skills(version)),
        facts=tuple((label, value) for label, value in _facts(award) if value),
        approval=approval_sentence(version),
        evidence=evidence if award.evidence_url else None,
        badge_sha256=version.image_sha256,
    )


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in English, else in whichever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def approval_sentence(version: AchievementVersion) -> str:
    """Who let it be published: never to be read as external quality assurance."""
    values = {"provider": version.achievement.creator.name}
    if version.approval == AchievementVersion.Approval.SECOND_PERSON:
        text = gettext("Approved by the provider itself: by a second person at %(provider)s.")
    else:
        text = gettext("Not independently approved: %(provider)s has one person only.")
    return text % values


def _facts(award: Award) -> Iterator[tuple[str, str]]:
    version = award.version
    yield gettext("Level"), f"EQF {version.eqf_level}" if version.eqf_level else ""
    yield gettext("Workload"), _workload(version)
    yield gettext("Took part"), str(_PARTICIPATION.get(version.participation, ""))
    yield gettext("Assessment"), in_language(version.assessment_type, award.language)
    yield gettext("Supervision"), version.supervision
    yield gettext("Result"), ", ".join(_results(version, award.results))
    yield gettext("Quality assurance"), in_language(version.quality_assurance, award.language)
    yield gettext("Run"), award.offering.name if award.offering else ""
    yield gettext("Field of study"), version.field_of_study and f"ISCED-F {version.field_of_study}"
    yield gettext("Country of the issuer"), award.issuer.country
    yield gettext("Language"), award.language


def _workload(version: AchievementVersion) -> str:
    parts = []
    if version.workload_hours:
        parts.append(gettext("%(hours)s hours") % {"hours": version.workload_hours})
    if version.ects:
        parts.append(f"{version.ects.normalize():f} ECTS")
    return ", ".join(parts)


def _results(version: AchievementVersion, results: Sequence[Mapping[str, str]]) -> Iterator[str]:
    described = {each.get("id", ""): each for each in version.result_descriptions}
    for result in results:
        description = described.get(result.get("resultDescription", ""), {})
        value = result.get("value") or result.get("status") or _level(description, result)
        name = str(description.get("name", ""))
        yield f"{name}: {value}" if name else value


def _level(description: Mapping[str, object], result: Mapping[str, str]) -> str:
    levels = description.get("rubricCriterionLevel")
    for level in levels if isinstance(levels, list) else []:
        if level.get("id") == result.get("achievedLevel"):
            return str(level.get("name", ""))
    return ""


def _skills(version: AchievementVersion) -> Iterator[str]:
    yield from (str(each["targetName"]) for each in version.alignments if each.get("targetName"))


def _day(moment: datetime, issuer: Organisation) -> str:
    """The day where the issuer is, as "14 May 2026"."""
    return str(date_format(moment.astimezone(ZoneInfo(issuer.time_zone)), "j F Y"))
