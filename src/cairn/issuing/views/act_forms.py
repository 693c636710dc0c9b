"""Forms to put right what went wrong: why, and what the new credential says."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import AchievementVersion
from cairn.core.codec.strict_json import Json
from cairn.issuing.acts import MAX_NOTE, Order
from cairn.issuing.changes import KEY_GIVEN_UP, REASONS, Act
from cairn.issuing.forms import AwardForm
from cairn.issuing.models import Award
from cairn.issuing.replacing import Correction, moved_results

_LAST_SECOND = time(23, 59, 59)


def _reason(act: Act) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Reason"),
        help_text=_("Everybody who looks at the credential can read it."),
        choices=[one for one in REASONS[act] if one[0] != KEY_GIVEN_UP],
        widget=forms.RadioSelect,
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Internal note"),
        help_text=_("For your organisation only. It is never published."),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ActForm(forms.Form):
    """Why something is done: a category that is published, a note that isn't."""

    act_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, done once
    note = _note()

    def __init__(self, data: Any = None, *, act: Act) -> None:
        super().__init__(data, initial={"act_id": uuid4()})
        self.act = act
        self.fields["reason"] = _reason(act)
        self.order_fields(["act_id", "reason", "note"])

    @property
    def order(self) -> Order:
        """What is wanted, of a valid form."""
        said = self.cleaned_data
        return Order(self.act, said["act_id"], said["reason"], said["note"])

    @property
    def reason_label(self) -> str:
        """The reason in words, of a valid form."""
        return str(dict(REASONS[self.act])[self.cleaned_data["reason"]])


class CorrectionForm(AwardForm):
    """What one award should say instead, under `version`; at first what it says now."""

    since = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Holds until"),
        help_text=_("The whole day. Leave it empty for no end."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = _note()

    def __init__(self, data: Any = None, *, award: Award, version: AchievementVersion) -> None:
        super().__init__(data, version=version, runs=())
        for name in ("award_id", "email", "offering", "language"):
            del self.fields[name]
        self.fields["act_id"] = forms.UUIDField(widget=forms.HiddenInput)
        self.fields["reason"] = _reason(Act.REPLACE)
        self.order_fields(
            [
                "act_id",
                *(name for name in self.fields if name not in ("act_id", "reason", "note")),
                "reason",
                "note",
            ]
        )
        self.award, self.zone = award, ZoneInfo(award.issuer.time_zone)
        self.initial = self._now() | {"act_id": uuid4()}

    def clean_until(self) -> date | None:
        """The last day; not before the first."""
        last: date | None = self.cleaned_data["until"]
        first = self.cleaned_data.get("since")
        if last is not None and first is not None and last < first:
            raise forms.ValidationError(_("This is before the first day. Write a later one."))
        return last

    @property
    def correction(self) -> Correction:
        """What the new credential says, of a valid form."""
        said = self.cleaned_data
        award, first, last = self.award, said["since"], said["until"]
        return Correction(
            version=self.version,
            name=said["name"],
            achieved=self.achieved,
            # A moment that nobody changed stays that moment, to the second.
            valid_from=award.valid_from
            if first == self._day(award.valid_from)
            else datetime.combine(first, time(), self.zone),
            valid_until=award.valid_until
            if last == self._day(award.valid_until)
            else datetime.combine(last, _LAST_SECOND, self.zone),
        )

    @property
    def order(self) -> Order:
        """Why, of a valid form."""
        said = self.cleaned_data
        return Order(Act.REPLACE, said["act_id"], said["reason"], said["note"])

    @property
    def reason_label(self) -> str:
        """The reason in words, of a valid form."""
        return str(dict(REASONS[Act.REPLACE])[self.cleaned_data["reason"]])

    def _now(self) -> dict[str, Any]:
        award = self.award
        by_description = {
            result.get("resultDescription"): result for result in moved_results(award, self.version)
        }
        return {
            "name": award.recipient_name,
            "narrative": award.narrative,
            "evidence_url": award.evidence_url,
            "evidence_name": award.evidence_name,
            "since": self._day(award.valid_from),
            "until": self._day(award.valid_until),
        } | {
            f"result_{index}": _value(by_description.get(description.id, {}))
            for index, description in enumerate(self.descriptions)
        }

    def _day(self, moment: datetime | None) -> date | None:
        return moment.astimezone(self.zone).date() if moment is not None else None


def _value(result: dict[str, Json]) -> str:
    found = (result.get(term) for term in ("achievedLevel", "status", "value"))
    return next((str(each) for each in found if each), "")
