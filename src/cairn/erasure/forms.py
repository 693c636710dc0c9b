"""Forms of learners and registrars.  What a form lets through, the service takes."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import Malformed
from cairn.erasure.cases import MAX_TEXT, Request, Ruling
from cairn.erasure.choices import BASES, Decision, Identity
from cairn.erasure.retention import MAX_YEARS
from cairn.issuing.recipients import clean_email
from cairn.organisations.models import Organisation

_WANTS = (
    (Decision.ERASE, _("Erase it. Files that I saved will say “withdrawn”.")),
    (
        Decision.RESTRICT,
        _("Show it to nobody, but keep it. Files that I saved go on counting."),
    ),
)


def _text(**kwargs: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(required=False, max_length=MAX_TEXT, widget=area, **kwargs)


class WishForm(forms.Form):
    """What a learner wants of one organisation."""

    wants = forms.ChoiceField(
        label=_("What should they do?"), choices=_WANTS, widget=forms.RadioSelect, initial="erase"
    )
    wish = _text(label=_("Anything that they should know"))


class _IdentityMixin(forms.Form):
    identity = forms.ChoiceField(
        label=_("How do you know that it is the learner who asks?"), choices=Identity.choices
    )
    identity_note = _text(
        label=_("Note on that"), help_text=_("For your organisation only. It goes with the data.")
    )


class RequestForm(_IdentityMixin):
    """A request that came by mail or in person."""

    email = forms.CharField(
        label=_("E-mail address of the learner"),
        help_text=_("The one that the awards went to."),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        help_text=_("The answer is due within a month of that day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    wants = forms.ChoiceField(
        label=_("What does the learner want?"),
        choices=[(Decision.ERASE, _("To have it erased")), (Decision.RESTRICT, _("To hide it"))],
        widget=forms.RadioSelect,
        initial="erase",
    )
    wish = _text(label=_("In the learner’s words"))

    def __init__(self, data: Any = None, *, organisation: Organisation, now: datetime) -> None:
        self._zone, self._now = ZoneInfo(organisation.time_zone), now
        super().__init__(data, initial={"received_on": now.astimezone(self._zone).date()})
        identity: Any = self.fields["identity"]
        identity.choices = [one for one in Identity.choices if one[0] != Identity.SIGNED_IN]
        self.order_fields(["email", "received_on", "wants", "wish", "identity", "identity_note"])

    def clean_email(self) -> str:
        try:
            return clean_email(self.cleaned_data["email"])
        except Malformed as err:
            raise ValidationError(err.args[0]) from err

    def clean_received_on(self) -> datetime:
        start = datetime.combine(self.cleaned_data["received_on"], time(), self._zone)
        if start > self._now:
            raise ValidationError(now_("This day is in the future."))
        return start

    @property
    def request(self) -> Request:
        """What was asked, of a valid form."""
        said = dict(self.cleaned_data)
        return Request(received_at=said.pop("received_on"), **said)


class RulingForm(_IdentityMixin):
    """A decision with its ground and reasons."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    basis = forms.ChoiceField(
        label=_("Ground"), help_text=_("The learner is told. Choose one of your decision.")
    )
    reasons = _text(
        label=_("Reasons"),
        help_text=_("They go to the learner and stay in the case. Name nobody."),
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        grounds: Any = self.fields["basis"]
        grounds.choices = [
            (decision.label, [one for one in bases if one[0] != "retention"])
            for decision, bases in BASES.items()
        ]
        self.order_fields(["decision", "basis", "reasons", "identity", "identity_note"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        decision, basis = said.get("decision"), said.get("basis")
        if decision and basis and basis not in dict(BASES[Decision(decision)]):
            self.add_error("basis", now_("This is no ground for this decision."))
        if decision and decision != Decision.ERASE and not said.get("reasons"):
            self.add_error("reasons", now_("The learner has a right to the reasons."))
        return said

    @property
    def ruling(self) -> Ruling:
        """What was decided, of a valid form."""
        said = self.cleaned_data
        return Ruling(
            Decision(said["decision"]),
            said["basis"],
            said["reasons"],
            Identity(said["identity"]),
            said["identity_note"],
        )


class PrivacyForm(forms.Form):
    """How long awards are kept, and where learners can complain."""

    retention_years = forms.IntegerField(
        label=_("Years for which awards are kept"),
        help_text=_("Afterwards they are proposed to be erased. Leave it empty for no end."),
        required=False,
        min_value=1,
        max_value=MAX_YEARS,
    )
    complaints = _text(
        label=_("Where learners can complain"),
        help_text=_("Your supervisory authority, as your letters name it. Empty: our own text."),
    )
