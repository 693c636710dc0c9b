"""What the EU Recommendation on micro-credentials asks for, and what of it a version says.

Source: Council Recommendation of 16 June 2022 (2022/C 243/02), Annex I.  The elements are data;
`is_mandatory` as there.  A version of the type MicroCredential says all mandatory ones before it is
submitted; other types are not called micro-credentials, and only shown what is missing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.content import Content
from cairn.organisations.models import Organisation

BOUND_BY_ANNEX_I = "MicroCredential"
_Said = Callable[[Content, Organisation], bool]


@dataclass(frozen=True, slots=True)
class Element:
    """One row of Annex I; `field` is where it is written, "" if not in the version."""

    name: str | Promise
    field: str
    missing: str | Promise  # what to do about it
    is_said: _Said
    is_mandatory: bool = True
    is_at_award: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a version says an element."""

    element: Element
    is_present: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    """What of Annex I a version says."""

    findings: tuple[Finding, ...]

    @property
    def mandatory(self) -> tuple[Finding, ...]:
        """What every micro-credential says."""
        return tuple(found for found in self.findings if found.element.is_mandatory)

    @property
    def optional(self) -> tuple[Finding, ...]:
        """What it may say."""
        return tuple(found for found in self.findings if not found.element.is_mandatory)

    @property
    def present(self) -> int:
        """How many mandatory elements are said."""
        return sum(found.is_present for found in self.mandatory)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.mandatory)

    @property
    def missing(self) -> tuple[Element, ...]:
        """The mandatory elements that are not said."""
        return tuple(found.element for found in self.mandatory if not found.is_present)


def _field(name: str) -> _Said:
    return lambda content, _organisation: bool(getattr(content, name))


ANNEX_I: tuple[Element, ...] = (
    Element(
        _("Learner and date"),
        "",
        _("Both are written when it is awarded"),
        lambda *_args: True,
        is_at_award=True,
    ),
    Element(_("Title"), "name", _("Enter a title"), _field("name")),
    Element(
        _("Country of the issuer"),
        "",
        _("Set the country of the organisation in its settings"),
        lambda _content, organisation: bool(organisation.country),
    ),
    Element(_("Awarding body"), "", _("Name the organisation"), lambda _c, body: bool(body.name)),
    Element(
        _("Learning outcomes"),
        "outcomes",
        _("Enter what the learner can do afterwards, one outcome in each line"),
        _field("outcomes"),
    ),
    Element(
        _("Workload"),
        "workload_hours",
        _("Enter the workload in hours, such as 50"),
        _field("workload_hours"),
    ),
    Element(
        _("Level"),
        "level",
        _("Choose the level, or say that none applies"),
        lambda content, _organisation: content.eqf_level is not None or content.has_no_level,
    ),
    Element(
        _("Type of assessment"),
        "assessment_type",
        _("Enter how it is assessed"),
        _field("assessment_type"),
    ),
    Element(
        _("Form of participation"),
        "participation",
        _("Choose how learners take part"),
        _field("participation"),
    ),
    Element(
        _("Quality assurance"),
        "quality_assurance",
        _("Enter how the quality is assured, and by whom"),
        _field("quality_assurance"),
    ),
    Element(
        _("Credits (ECTS)"),
        "ects",
        _("Enter the ECTS credits where they can be given"),
        lambda content, _organisation: content.ects is not None,
        is_mandatory=False,
    ),
    Element(
        _("Prerequisites"),
        "prerequisites",
        _("Enter what a learner needs beforehand"),
        _field("prerequisites"),
        is_mandatory=False,
    ),
    Element(
        _("Supervision and identity check"),
        "supervision",
        _("Choose how the assessment is supervised"),
        _field("supervision"),
        is_mandatory=False,
    ),
    Element(
        _("Grade"),
        "result_descriptions",
        _("Describe the results that are awarded"),
        _field("result_descriptions"),
        is_mandatory=False,
    ),
    Element(
        _("Further information"),
        "alignments",
        _("Name skills or standards that it is aligned to"),
        _field("alignments"),
        is_mandatory=False,
    ),
)
_OPEN_BADGES: tuple[tuple[str, str | Promise], ...] = (
    ("description", _("Enter a description")),
    ("criteria", _("Enter what must be done to earn it")),
)


def completeness(content: Content, organisation: Organisation) -> Completeness:
    """What of Annex I `content` says, for an award by `organisation`."""
    return Completeness(
        tuple(Finding(element, element.is_said(content, organisation)) for element in ANNEX_I)
    )


def flaws(content: Content, organisation: Organisation) -> list[tuple[str, str | Promise]]:
    """Field and sentence of all that is missing before it can be submitted.

    Field "" is what stands elsewhere, such as the country of the organisation.
    """
    found: list[tuple[str, str | Promise]] = [
        (name, sentence)
        for name, sentence in _OPEN_BADGES
        if content.language not in getattr(content, name)
    ]
    if content.achievement_type == BOUND_BY_ANNEX_I:
        missing = completeness(content, organisation).missing
        found += [(element.field, element.missing) for element in missing]
    for language in content.begun():
        if language != content.language:
            sentence = _("Write this text in each language that you began, or in none")
            found += [(f"{name}_{language}", sentence) for name in content.missing_in(language)]
    return found
