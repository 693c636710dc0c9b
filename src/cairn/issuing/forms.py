"""Forms of the awarding desk.  What a form lets through, the service takes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.catalogue.openbadges import achievement
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.results import ResultDescription, value_flaw
from cairn.core.openbadges.rules import IRI, LINE, PROSE
from cairn.core.openbadges.vocabulary import RESULT_STATUSES
from cairn.issuing.documents import languages_of
from cairn.issuing.models import Award
from cairn.issuing.recipients import clean_email, clean_name
from cairn.issuing.services import Achieved

_NOT_SAID = [("", _("Not said"))]
_LANGUAGE_NAMES = {"en": _("English"), "fr": _("French"), "de": _("German"), "es": _("Spanish")}


class PersonField(forms.CharField):
    """A text that `clean` takes strictly; blanks are its business too."""

    def __init__(self, *, rule: Any, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.rule = rule

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return str(self.rule(text))
        except Malformed as err:
            raise ValidationError(err.args[0]) from err


def _address() -> PersonField:
    return PersonField(
        rule=clean_email,
        label=_("E-mail address of the learner"),
        help_text=_("The link to claim goes there. In the credential it stands as a digest only."),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )


class AwardForm(forms.Form):
    """One award of `version`; a field for each result that it describes."""

    award_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, made once
    email = _address()
    name = PersonField(
        rule=clean_name,
        label=_("Name of the learner"),
        help_text=_("As it should stand on the credential."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    offering = forms.ChoiceField(label=_("Run"), required=False)
    language = forms.ChoiceField(
        label=_("Language of the credential"),
        help_text=_("A signed credential is in one language, and so is the mail about it."),
    )
    narrative = forms.CharField(
        label=_("What this learner did"),
        help_text=_("It stands in the credential. Leave out what holds for everybody."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence_url = forms.URLField(
        label=_("Address of evidence"),
        help_text=_("A page that shows it, such as https://example.org/portfolio."),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    evidence_name = forms.CharField(label=_("Name of the evidence"), required=False, max_length=200)

    def __init__(
        self,
        data: Any = None,
        *,
        version: AchievementVersion,
        runs: Iterable[Offering],
    ) -> None:
        super().__init__(data, initial={"award_id": uuid4(), "language": version.language})
        self.version, self.runs = version, {str(run.id): run for run in runs}
        languages = [(code, _LANGUAGE_NAMES.get(code, code)) for code in languages_of(version)]
        self.fields["language"] = _choice(self.fields["language"], languages)
        runs_of = [(key, run.name) for key, run in self.runs.items()]
        self.fields["offering"] = _choice(
            self.fields["offering"], [("", _("No particular run")), *runs_of]
        )
        self.descriptions = achievement(version, version.language).result_description
        for index, description in enumerate(self.descriptions):
            self.fields[f"result_{index}"] = _result_field(description)

    def clean_offering(self) -> Offering | None:
        """The run, None for none."""
        return self.runs.get(self.cleaned_data["offering"])

    def clean_narrative(self) -> str:
        text: str = self.cleaned_data["narrative"].replace("\r\n", "\n")
        return _signable(text, PROSE.flaw(text) if text else "")

    def clean_evidence_url(self) -> str:
        address: str = self.cleaned_data["evidence_url"]
        if address and not address.startswith(("https://", "http://")):
            raise ValidationError(_("This is no address of a web page. Begin it with https://."))
        return _signable(address, IRI.flaw(address) if address else "")

    def clean_evidence_name(self) -> str:
        text: str = self.cleaned_data["evidence_name"]
        return _signable(text, LINE.flaw(text) if text else "")

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("evidence_name") and not found.get("evidence_url", "-"):
            self.add_error("evidence_url", _("The evidence has a name. Give its address too."))
        for index, description in enumerate(self.descriptions):
            value = found.get(f"result_{index}", "")
            if value and not description.rubric_criterion_level and value_flaw(description, value):
                low, high = description.value_min, description.value_max
                self.add_error(
                    f"result_{index}",
                    _("This value is not possible. Write one from %(low)s to %(high)s.")
                    % {"low": low or "…", "high": high or "…"},
                )
        return found

    @property
    def achieved(self) -> Achieved:
        """What the learner did, of a valid form."""
        found = self.cleaned_data
        results = [
            _result(description, found[f"result_{index}"])
            for index, description in enumerate(self.descriptions)
            if found[f"result_{index}"]
        ]
        return Achieved(
            narrative=found["narrative"],
            evidence_url=found["evidence_url"],
            evidence_name=found["evidence_name"],
            results=results,
        )

    @property
    def award_key(self) -> UUID:
        """The id that the award gets."""
        key: UUID = self.cleaned_data["award_id"]
        return key


class WithdrawForm(forms.Form):
    """Why an award is withdrawn: a category that is published, a note that isn't."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        help_text=_("Everybody who looks at the credential can read it."),
        choices=Award.Reason.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Internal note"),
        help_text=_("For your organisation only. It is never published."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AddressForm(forms.Form):
    """Another address of a learner."""

    email = _address()


class SearchForm(forms.Form):
    """What to look for among awards."""

    q = forms.CharField(
        label=_("Name, address or achievement"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Award.State.choices]
    )
    batch = forms.UUIDField(required=False, widget=forms.HiddenInput)


def _choice(field: forms.Field, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=field.label, help_text=field.help_text, required=field.required, choices=choices
    )


def _result_field(description: ResultDescription) -> forms.Field:
    label = description.name
    if levels := description.rubric_criterion_level:
        choices = [(level.id, level.name) for level in levels]
    elif description.allowed_value:
        choices = [(value, value) for value in description.allowed_value]
    elif description.result_type == "Status":
        choices = [(status, status) for status in sorted(RESULT_STATUSES)]
    else:
        bounds = {"low": description.value_min, "high": description.value_max}
        hint = _("From %(low)s to %(high)s.") % bounds if all(bounds.values()) else ""
        return forms.CharField(label=label, help_text=hint, required=False, max_length=200)
    return forms.ChoiceField(label=label, required=False, choices=[*_NOT_SAID, *choices])


def _result(description: ResultDescription, value: str) -> dict[str, Json]:
    if description.rubric_criterion_level:
        term = "achievedLevel"
    elif description.result_type == "Status" and not description.allowed_value:
        term = "status"
    else:
        term = "value"
    return {"type": ["Result"], "resultDescription": description.id, term: value}


def _signable(text: str, flaw: str) -> str:
    if flaw:
        raise ValidationError(
            _("There is a character in it that cannot be signed, or it is too long. Type it again.")
        )
    return text
