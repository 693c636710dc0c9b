"""A version as an Open Badges 3.0 Achievement, in one language, and an organisation as a Profile.

Open Badges has terms for name, description, criteria, credits, codes and alignments.  What the EU
Recommendation on micro-credentials asks beyond them (outcomes, workload, assessment, …) stands as
text in the narrative of the criteria, below the provider's own words, so that it is signed and
every reader shows it.  `not_carried` says which facts have no term, and which are not carried.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cairn.catalogue.content import Content, said
from cairn.catalogue.frameworks import eqf_url, field_name, isced_f_url
from cairn.catalogue.models import AchievementVersion
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.credential import OB_CONTEXT, VC_CONTEXT
from cairn.core.openbadges.parts import Address, Alignment, Criteria, Image, Related
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.results import ResultDescription
from cairn.core.openbadges.terms import read_part, to_json
from cairn.organisations.models import Organisation
from cairn.signing.identity import issuer_did


@dataclass(frozen=True, slots=True)
class NotCarried:
    """A fact without a term in Open Badges; `is_text` if it is in the narrative all the same."""

    name: str
    is_text: bool


def version_url(achievement_id: UUID, number: int, language: str = "") -> str:
    """The id of a version; with a language, the address of its page in that language."""
    suffix = f"?lang={language}" if language else ""
    return f"{settings.CAIRN.base_url}/a/{achievement_id}/v/{number}{suffix}"


def image_url(sha256: str) -> str:
    """The address of a stored picture."""
    return f"{settings.CAIRN.base_url}/media/{sha256}"


def result_id(version: AchievementVersion, index: int) -> str:
    """The id of the result description at `index`, counted from 0; results name it."""
    return f"{version_url(version.achievement_id, version.number)}#result-{index + 1}"


def profile(organisation: Organisation, language: str = "") -> Profile:
    """The organisation as issuer or creator, described in `language` or its own."""
    return Profile(
        id=issuer_did(organisation),
        name=organisation.name,
        description=said(organisation.description, language, organisation.language),
        url=organisation.url,
        email=organisation.email,
        image=Image(id=image_url(organisation.logo_sha256)) if organisation.logo_sha256 else None,
        address=Address(address_country_code=organisation.country)
        if organisation.country
        else None,
    )


def achievement(version: AchievementVersion, language: str) -> Achievement:
    """The version in `language`.  Raises `Malformed` if it is not wholly written in it.

    Its id is the same in every language, because it is the same achievement: what a version says
    in another language is `related` by the address of that page, which is another id, since in one
    signed document two texts under one id would merge.  No query if `achievement.creator` is there.
    """
    content = Content.of(version)
    languages = content.languages()
    if language not in languages:
        raise Malformed(f"is written in {', '.join(languages)} only; choose one", "/inLanguage")
    here, number = version.achievement_id, version.number
    return Achievement(
        id=version_url(here, number),
        name=content.name[language],
        description=content.description.get(language, ""),
        criteria=Criteria(narrative=_narrative(version, content, language)),
        achievement_type=content.achievement_type,
        in_language=language,
        version=str(number),
        human_code=content.human_code,
        field_of_study=field_name(content.field_of_study, language),
        credits_available=None if content.ects is None else float(content.ects),
        image=Image(id=image_url(content.image_sha256)) if content.image_sha256 else None,
        creator=profile(version.achievement.creator, language),
        tag=tuple(content.tags),
        alignment=_alignments(content, language),
        result_description=_result_descriptions(version, content),
        related=tuple(
            Related(id=version_url(here, number, other), in_language=other, version=str(number))
            for other in languages
            if other != language
        ),
    )


def achievement_document(version: AchievementVersion, language: str) -> dict[str, Json]:
    """The version as a document of its own, as its address serves it."""
    contexts: list[Json] = [VC_CONTEXT, OB_CONTEXT]
    return {"@context": contexts, **to_json(achievement(version, language))}


def facts(version: AchievementVersion, language: str) -> list[tuple[str, str]]:
    """Name and text of each fact that Open Badges has no term for, in `language`."""
    content = Content.of(version)
    first = content.language
    with override(language):
        participation = AchievementVersion.Participation
        found = [
            (_("Workload"), _workload(content)),
            (_("Prerequisites"), said(content.prerequisites, language, first)),
            (_("Type of assessment"), said(content.assessment_type, language, first)),
            (_("Supervision of the assessment"), supervision(content)),
            (
                _("Form of participation"),
                str(participation(content.participation).label) if content.participation else "",
            ),
            (_("Quality assurance"), said(content.quality_assurance, language, first)),
            (_("Level"), _("No level applies") if content.has_no_level else ""),
            (_("Approval"), approval_sentence(version)),
        ]
    return [(name, text) for name, text in found if text]


def approval_sentence(version: AchievementVersion) -> str:
    """Who let it be published, in plain words and the language in use; "" before."""
    match version.approval:
        case AchievementVersion.Approval.SECOND_PERSON:
            return _("Approved by the provider itself: a second person approved it.")
        case AchievementVersion.Approval.NOT_INDEPENDENT:
            return _("Not independently approved: the person who wrote it published it.")
    return ""


def supervision(content: Content) -> str:
    """How assessments are supervised, in the language in use; "" if nothing is said."""
    kinds = AchievementVersion.Supervision
    return str(kinds(content.supervision).label) if content.supervision else ""


def not_carried(version: AchievementVersion) -> list[NotCarried]:
    """What `version` says that Open Badges has no term for, in the language in use."""
    content = Content.of(version)
    as_text = [
        (_("Learning outcomes"), bool(content.outcomes)),
        (_("Workload in hours"), content.workload_hours is not None),
        (_("The credit system of the credits (ECTS)"), content.ects is not None),
        (_("Prerequisites"), bool(content.prerequisites)),
        (_("Type of assessment"), bool(content.assessment_type)),
        (_("Supervision of the assessment"), bool(content.supervision)),
        (_("Form of participation"), bool(content.participation)),
        (_("Quality assurance"), bool(content.quality_assurance)),
        (_("That no level applies"), content.has_no_level),
        (_("Who approved it"), bool(version.approval)),
    ]
    lost = [
        (_("Texts in other languages: linked, not signed"), len(content.languages()) > 1),
        (_("Its runs: dates and places"), version.offerings.exists()),
    ]
    return [
        *(NotCarried(name, is_text=True) for name, is_said in as_text if is_said),
        *(NotCarried(name, is_text=False) for name, is_said in lost if is_said),
    ]


def _narrative(version: AchievementVersion, content: Content, language: str) -> str:
    with override(language):
        parts = [content.criteria.get(language, "")]
        if content.outcomes:
            lines = "\n".join(f"- {said(outcome, language)}" for outcome in content.outcomes)
            parts.append("\n\n".join(("## " + _("Learning outcomes"), lines)))
        if known := facts(version, language):
            line = "- " + _("%(name)s: %(text)s")
            lines = "\n".join(
                line % {"name": name, "text": _one_line(text)} for name, text in known
            )
            parts.append("\n\n".join(("## " + _("About this achievement"), lines)))
    return "\n\n".join(part for part in parts if part)


def _one_line(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip()  # French marks keep their narrow spaces


def _workload(content: Content) -> str:
    hours = content.workload_hours
    parts = [
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours is not None else "",
        ects(content),
    ]
    return ", ".join(part for part in parts if part)


def ects(content: Content) -> str:
    """The credits in words and the language in use; "" if none are said."""
    return f"{number_format(content.ects.normalize())} ECTS" if content.ects is not None else ""


def _alignments(content: Content, language: str) -> tuple[Alignment, ...]:
    found = []
    with override(language):
        if content.eqf_level is not None:
            found.append(
                Alignment(
                    target_name=_("EQF level %(level)s") % {"level": content.eqf_level},
                    target_url=eqf_url(content.eqf_level),
                    target_code=str(content.eqf_level),
                    target_framework=_("European Qualifications Framework"),
                )
            )
    if code := content.field_of_study:
        found.append(
            Alignment(
                target_name=field_name(code, language),
                target_url=isced_f_url(code),
                target_code=code,
                target_framework="ISCED-F 2013",
            )
        )
    for row in content.alignments:
        value: dict[str, Json] = {"type": ["Alignment"], **row}
        found.append(read_part(Alignment, value, "/alignment", []))
    return tuple(found)


def _result_descriptions(
    version: AchievementVersion, content: Content
) -> tuple[ResultDescription, ...]:
    found = []
    for index, entry in enumerate(content.result_descriptions):
        value: dict[str, Json] = {
            "id": result_id(version, index),
            "type": ["ResultDescription"],
            **entry,
        }
        found.append(read_part(ResultDescription, value, f"/resultDescription/{index}", []))
    return tuple(found)
