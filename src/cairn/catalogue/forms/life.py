"""Forms of what happens to a version: a decision, a run."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.forms.fields import LineField, ProseField
from cairn.catalogue.models import Decision


class DecisionForm(forms.Form):
    """What is decided, and why.  `seen` is the digest of the text that was read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reasons = ProseField(
        label=_("Reasons"),
        help_text=_("The author reads them now; auditors may read them later."),
        required=True,
    )

    def __init__(self, *args: Any, may_approve: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Decision"),
            widget=forms.RadioSelect,
            choices=[
                *([(Decision.Outcome.APPROVED, _("Approve and publish"))] if may_approve else []),
                (Decision.Outcome.CHANGES, _("Ask for a change")),
            ],
            error_messages={"required": _("Choose what you decide.")},
        )


class OfferingForm(forms.Form):
    """A run of a published version."""

    name = LineField(
        label=_("Name of the run"),
        help_text=_("Such as Autumn 2026"),
        required=True,
        max_length=120,
    )
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = LineField(label=_("Place"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", now_("The last day is the first day or later."))
        return given
