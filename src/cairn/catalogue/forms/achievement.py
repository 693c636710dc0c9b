"""The form of a version: plain facts, texts in each language, rows, a picture."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.content import Content
from cairn.catalogue.drawing import FAMILIES
from cairn.catalogue.forms.choices import ACHIEVEMENT_TYPES, LEVELS, NOT_SAID
from cairn.catalogue.forms.fields import (
    CountField,
    CreditsField,
    LineField,
    PictureField,
    ProseField,
)
from cairn.catalogue.forms.rows import Alignments, Results
from cairn.catalogue.frameworks import fields_of_study
from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.pictures import drawn, stored_png
from cairn.catalogue.presentation import language_name
from cairn.catalogue.typed import TRANSLATED, content_of, field_of, initial_of, lines_of
from cairn.core.errors import Malformed
from cairn.organisations.models import Organisation

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
_PROSE: dict[str, tuple[str | Promise, str | Promise, int]] = {
    "description": (_("Description"), _("For readers who know nothing of it"), 4),
    "outcomes": (
        _("What the learner can do afterwards"),
        _("One outcome in each line. Begin with a verb."),
        5,
    ),
    "criteria": (
        _("What must be done to earn it"),
        _("Markdown: **bold**, lists with -, links as [text](https://…)"),
        6,
    ),
    "prerequisites": (_("Prerequisites"), _("What a learner needs beforehand"), 2),
    "assessment_type": (_("How it is assessed"), "", 3),
    "quality_assurance": (
        _("How the quality is assured, and by whom"),
        _("Shown as your own words. Nobody has checked them."),
        3,
    ),
}


# Empty in a draft, needed before it is submitted: not called optional.
_ASKED_LATER = ("level", "workload_hours", "participation")
_TEXTS_ASKED_LATER = (
    "description",
    "outcomes",
    "criteria",
    "assessment_type",
    "quality_assurance",
)


class AchievementForm(forms.Form):
    """A version; `content` once it is valid.  Texts are fields such as `name_fr`."""

    achievement_id = forms.UUIDField(widget=forms.HiddenInput)
    language = forms.ChoiceField(
        label=_("Written in"),
        help_text=_("The language in which it is decided about. Another one can be added below."),
        choices=settings.LANGUAGES,
    )
    achievement_type = forms.ChoiceField(label=_("Type"), choices=ACHIEVEMENT_TYPES)
    human_code = LineField(
        label=_("Code"), help_text=_("As in your prospectus, such as DS-101"), max_length=60
    )
    field_of_study = forms.ChoiceField(label=_("Field of study (ISCED-F)"), required=False)
    tags = LineField(
        label=_("Tags"), help_text=_("Words for the search, with commas"), max_length=1_000
    )
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS, required=False)
    workload_hours = CountField(
        label=_("Workload in hours"),
        help_text=_("All that a learner does: lessons, own work, assessment"),
        max_value=20_000,
        error_messages={"invalid": _("Enter the workload in whole hours, such as 50.")},
    )
    ects = CreditsField(
        label=_("Workload in ECTS"),
        help_text=_("One ECTS credit is 25 to 30 hours of work."),
        min_value=0,
        max_value=600,
        required=False,
        error_messages={"invalid": _("Enter the workload in ECTS, such as 2 or 2.5.")},
    )
    participation = forms.ChoiceField(
        label=_("How learners take part"),
        choices=[NOT_SAID, *AchievementVersion.Participation.choices],
        required=False,
    )
    supervision = forms.ChoiceField(
        label=_("Supervision of the assessment"),
        choices=[NOT_SAID, *AchievementVersion.Supervision.choices],
        required=False,
    )
    picture = PictureField(
        label=_("A picture of your own"),
        help_text=_(
            "PNG, JPEG, WebP or GIF, at most 10 MB. It is made square, and what the file tells of "
            "place, time and camera is removed."
        ),
    )
    drawing_family = forms.ChoiceField(
        label=_("Or a drawing"),
        choices=[("", _("No drawing")), *FAMILIES.items()],
        widget=forms.RadioSelect,
        required=False,
    )
    valid_for_months = CountField(
        label=_("Valid for, in months"),
        help_text=_("Leave it empty if it never ends."),
        max_value=600,
    )
    names_learner = forms.BooleanField(
        label=_("The learner’s name stands in the credential"),
        help_text=_("Without it, only who knows the e-mail address can tell whose it is."),
        required=False,
    )
    is_suspendable = forms.BooleanField(
        label=_("It can be suspended, and come back into force"), required=False
    )
    kept_picture = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        *,
        organisation: Organisation,
        version: AchievementVersion | None = None,
    ) -> None:
        initial = _initial(organisation, version)
        super().__init__(data, files, initial=initial)
        self.version = version
        self.content: Content | None = None
        self.primary = str(self.data.get("language") or initial["language"])
        for code in LANGUAGES:
            self._add_texts(code)
        study = [NOT_SAID, *fields_of_study((get_language() or "en")[:2])]
        for name in (*_ASKED_LATER, *(f"{name}_{self.primary}" for name in _TEXTS_ASKED_LATER)):
            if name in self.fields:
                self.fields[name].is_asked_later = True  # type: ignore[attr-defined] # a template's
        self.fields["field_of_study"] = forms.ChoiceField(
            label=_("Field of study (ISCED-F)"), choices=study, required=False
        )
        self.alignments = Alignments(data, prefix="alignments", initial=initial.get("alignments"))
        self.results = Results(data, prefix="results", initial=initial.get("result_descriptions"))

    def is_valid(self) -> bool:
        # All are asked, so that the summary names every error at once.
        rows = [self.alignments.is_valid(), self.results.is_valid()]
        return super().is_valid() and all(rows)

    @property
    def is_sound(self) -> bool:
        """Whether there is nothing to show as an error, also after `refuse`."""
        rows = self.alignments.total_error_count() + self.results.total_error_count()
        return not (self.errors or rows)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        self._check_outcomes(typed)
        if self.errors or not (self.alignments.is_valid() and self.results.is_valid()):
            return typed
        image, family = self._picture(typed)
        try:
            self.content = content_of(
                typed,
                languages=LANGUAGES,
                alignments=_filled(self.alignments),
                results=_filled(self.results),
                image_sha256=image,
                drawing_family=family,
            )
        except Malformed as err:
            name = field_of(err.path, self.primary)
            self.add_error(name if name in self.fields else None, str(err.args[0]))
        return typed

    def refuse(self, flaws: Sequence[tuple[str, str | Promise]]) -> None:
        """Show what is missing before it can be submitted, each at its field."""
        for name, sentence in flaws:
            field = f"{name}_{self.primary}" if name in TRANSLATED else name
            self.add_error(field if field in self.fields else None, str(sentence))

    @property
    def picture_sha256(self) -> str:
        """The picture that a save would keep: the upload, or the present one."""
        typed = getattr(self, "cleaned_data", {})
        upload = typed.get("picture") or typed.get("kept_picture") or ""
        return upload or (self.version.image_sha256 if self.version else "")

    @property
    def upload_sha256(self) -> str:
        """An upload that is not saved yet, so that other errors do not lose it."""
        typed = getattr(self, "cleaned_data", {})
        return str(typed.get("picture") or typed.get("kept_picture") or "")

    def texts(self, code: str) -> Iterator[BoundField]:
        """The fields of the texts in one language."""
        return (self[f"{name}_{code}"] for name in TRANSLATED)

    def rows_with_errors(self) -> Iterator[BoundField]:
        """The fields of rows in which something is wrong, for the summary."""
        for row in (*self.alignments, *self.results):
            yield from (field for field in row if field.errors)

    def _add_texts(self, code: str) -> None:
        is_primary = code == self.primary
        tail = "" if is_primary else f" ({language_name(code)})"
        self.fields[f"name_{code}"] = LineField(
            label=now_("Title") + tail,
            help_text=now_("As it appears on the certificate. Leave level and credits out."),
            required=is_primary,
            widget=forms.TextInput(attrs={"lang": code}),
        )
        for name, (label, hint, rows) in _PROSE.items():
            self.fields[f"{name}_{code}"] = ProseField(
                label=f"{label}{tail}", help_text=hint, rows=rows, lang=code
            )

    def _check_outcomes(self, typed: dict[str, Any]) -> None:
        wanted = len(lines_of(typed.get(f"outcomes_{self.primary}") or ""))
        for code in LANGUAGES:
            lines = len(lines_of(typed.get(f"outcomes_{code}") or ""))
            if lines and lines != wanted:
                self.add_error(
                    f"outcomes_{code}",
                    now_("Write as many lines as in the first language: %(wanted)s, not %(lines)s.")
                    % {"wanted": wanted, "lines": lines},
                )

    def _picture(self, typed: dict[str, Any]) -> tuple[str, str]:
        """The picture and the family of its drawing: an upload goes first, then what is chosen."""
        upload = typed["picture"] or typed["kept_picture"]
        if upload and stored_png(upload):
            return upload, ""
        family, version = typed["drawing_family"], self.version
        if family and not (version and version.drawing_family == family and version.image_sha256):
            return drawn(family, typed["achievement_id"]), family
        if version and (family == version.drawing_family):
            return version.image_sha256, family
        return "", family


def _initial(organisation: Organisation, version: AchievementVersion | None) -> dict[str, Any]:
    if version is not None:
        known = initial_of(Content.of(version))
        return {**known, "achievement_id": version.achievement_id}
    language = organisation.language if organisation.language in LANGUAGES else LANGUAGES[0]
    return {
        "language": language,
        "achievement_id": uuid4(),
        "achievement_type": "MicroCredential",
        "drawing_family": "cairn",
        "names_learner": True,
    }


def _filled(rows: "forms.BaseFormSet[Any]") -> list[dict[str, str]]:
    given = [{name: text for name, text in row.cleaned_data.items() if text} for row in rows]
    return [row for row in given if row]
