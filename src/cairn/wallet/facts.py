"""What a credential says, in plain words and one language: for the PDF and the credential page.

Read from the published version and the award, of which the credential was made; neither changes
once it is signed.  The labels are in the language that is active, the texts in the credential's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from cairn.catalogue import presentation
from cairn.catalogue.models import AchievementVersion
from cairn.issuing.documents import further_in_words, results_in_words
from cairn.issuing.models import Award
from cairn.platform.territories import country_name

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
    version, issuer = award.version, award.issuer
    said = presentation.shown(version, award.language)
    evidence = (award.evidence_name or award.evidence_url, award.evidence_url)
    return Shown(
        award_id=award.id,
        language=award.language,
        kind=str(_KINDS.get(version.achievement_type, gettext("Credential"))),
        title=said.name,
        description=said.description,
        recipient=award.recipient_name if version.names_learner else "",
        issuer=issuer.name,
        creator=version.achievement.creator.name,
        awarded_on=day(award.valid_from, issuer.time_zone),
        holds_until=day(award.valid_until, issuer.time_zone) if award.valid_until else "",
        narrative=award.narrative,
        criteria=said.criteria,
        outcomes=said.outcomes,
        skills=tuple(_skills(version)),
        facts=tuple((term, text) for term, text in _facts(award, said) if text),
        approval=said.approval,
        evidence=evidence if award.evidence_url else None,
        badge_sha256=said.image,
    )


def title_of(award: Award) -> str:
    """The name of the achievement in the credential's language."""
    return presentation.shown(award.version, award.language).name


def day(moment: datetime, time_zone: str) -> str:
    """The day it is there, as "14 May 2026"."""
    return str(date_format(moment.astimezone(ZoneInfo(time_zone)), "j F Y"))


def _facts(award: Award, said: presentation.Shown) -> Iterator[tuple[str, str]]:
    for name, reached in results_in_words(award.version, award.results):
        yield name or gettext("Result"), reached
    yield from further_in_words(award)
    yield from said.facts
    yield gettext("Run"), award.offering.name if award.offering else ""
    yield gettext("Country of the issuer"), country_name(award.issuer.country)
    yield gettext("Language"), presentation.language_name(award.language)


def _skills(version: AchievementVersion) -> Iterator[str]:
    yield from (str(each["targetName"]) for each in version.alignments if each.get("targetName"))
