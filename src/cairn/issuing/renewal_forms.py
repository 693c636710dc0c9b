"""Forms of renewal: the rule of an achievement, and why a set is renewed."""

from typing import Any
from uuid import uuid4

from django import forms  # noqa: TID251 - `forms` is full, and these are of another desk
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import Achievement
from cairn.issuing.acts import MAX_NOTE, Order
from cairn.issuing.changes import RENEWED, Act
from cairn.issuing.renewal_rules import RenewalRule

_MAX_TEXT = 1500  # characters


class RuleForm(forms.Form):
    """Whether and how an achievement is renewed."""

    how = forms.ChoiceField(
        label=_("How it is renewed"),
        choices=[("", _("Not at all")), *RenewalRule.How.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    days_before = forms.IntegerField(
        label=_("How many days before its end"),
        help_text=_("From then on it can be renewed, and its holder is told so by mail."),
        min_value=1,
        max_value=365,
    )

    def __init__(self, achievement: Achievement, rule: RenewalRule, data: Any = None) -> None:
        super().__init__(data, initial={"how": rule.how, "days_before": rule.days_before})
        self.achievement = achievement
        for code, language in settings.LANGUAGES:
            name = f"text_{code}"
            self.fields[name] = forms.CharField(
                label=_("What its holder has to do (%(language)s)") % {"language": language},
                required=False,
                max_length=_MAX_TEXT,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )
            self.initial[name] = rule.texts.get(code, "")

    @property
    def rule(self) -> RenewalRule:
        """What is wanted, of a valid form; not saved."""
        said = self.cleaned_data
        texts = {code: said[f"text_{code}"].strip() for code, _language in settings.LANGUAGES}
        return RenewalRule(
            achievement=self.achievement,
            how=said["how"],
            days_before=said["days_before"],
            texts={code: text for code, text in texts.items() if text},
        )


class RenewForm(forms.Form):
    """A set is renewed; the public reason is that."""

    act_id = forms.UUIDField(widget=forms.HiddenInput)  # drawn once a form: sent twice, done once
    note = forms.CharField(
        label=_("Internal note"),
        help_text=_("For your organisation only. It is never published."),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"act_id": uuid4()})

    @property
    def order(self) -> Order:
        """What is wanted, of a valid form."""
        said = self.cleaned_data
        return Order(Act.REPLACE, said["act_id"], RENEWED, said["note"])
