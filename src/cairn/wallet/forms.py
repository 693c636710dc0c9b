"""Forms of the wallet: who may see a credential, and how an organisation writes to learners."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import Malformed
from cairn.organisations.models import Organisation
from cairn.people.forms import AddressField, refuse_hidden_characters
from cairn.wallet.models import Holding, MailSettings
from cairn.wallet.texts import PLACEHOLDERS, TITLES, Text, clean_text

MOST_REMINDERS = 3
LAST_REMINDER_DAY = 60  # a link works for 90


class VisibilityForm(forms.Form):
    """Three choices, each in words that say what it means."""

    visibility = forms.TypedChoiceField(
        label=_("Who can see its page"),
        coerce=Holding.Visibility,
        choices=[
            (Holding.Visibility.PRIVATE, _("Private: only you")),
            (Holding.Visibility.LINK, _("Link-only: whoever has the link that you hand out")),
            (Holding.Visibility.PUBLIC, _("Public: everybody, and search engines")),
        ],
        widget=forms.RadioSelect,
    )


class MailForm(forms.Form):
    """Sender, reminders, and words of one's own for each letter and language."""

    sender_name = forms.CharField(
        label=_("Name of the sender"),
        help_text=_("Learners see it in their mailbox. Empty: the name of the organisation."),
        required=False,
        max_length=100,
        validators=[refuse_hidden_characters],
    )
    reply_to = AddressField(
        label=_("Address for answers"),
        help_text=_("Empty: the e-mail address of the organisation."),
        required=False,
    )
    reminder_days = forms.CharField(
        label=_("Days after which unclaimed awards are called to mind"),
        help_text=_("Counted from the first letter, such as 7, 21. Empty: no reminders."),
        required=False,
        max_length=40,
    )

    def __init__(self, issuer: Organisation, chosen: MailSettings, data: Any = None) -> None:
        super().__init__(
            data,
            initial={
                "sender_name": chosen.sender_name,
                "reply_to": chosen.reply_to,
                "reminder_days": ", ".join(str(day) for day in chosen.reminder_days),
            },
        )
        self.issuer = issuer
        known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        for name, text, code, language in _texts():
            self.fields[name] = forms.CharField(
                label=f"{TITLES[text]} ({language})",
                help_text=_("Put before our own words. You can use %(known)s.") % {"known": known},
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )
            self.initial[name] = chosen.texts.get(text, {}).get(code, "")

    def clean_reminder_days(self) -> list[int]:
        """The days in their order."""
        parts = [part.strip() for part in self.cleaned_data["reminder_days"].split(",")]
        if parts == [""]:
            return []
        days = sorted({int(part) for part in parts if part.isascii() and part.isdigit()})
        is_right = len(days) == len(parts) <= MOST_REMINDERS
        if not is_right or not 1 <= days[0] <= days[-1] <= LAST_REMINDER_DAY:
            raise ValidationError(
                now_("Write up to %(most)s different days from 1 to %(last)s, such as 7, 21.")
                % {"most": MOST_REMINDERS, "last": LAST_REMINDER_DAY}
            )
        return days

    def clean(self) -> None:
        """Each text of their own, by what it may fill in."""
        for name, *_rest in _texts():
            try:
                self.cleaned_data[name] = clean_text(self.cleaned_data.get(name, ""))
            except Malformed as error:
                self.add_error(name, str(error))

    @property
    def chosen(self) -> MailSettings:
        """What the organisation wants, of a valid form; not saved."""
        said = self.cleaned_data
        texts: dict[str, dict[str, str]] = {}
        for name, text, code, _language in _texts():
            if said[name]:
                texts.setdefault(text, {})[code] = said[name]
        return MailSettings(
            organisation=self.issuer,
            sender_name=said["sender_name"],
            reply_to=said["reply_to"],
            reminder_days=said["reminder_days"],
            texts=texts,
        )


def _texts() -> Iterator[tuple[str, Text, str, str]]:
    """Of each text in each language: the name of its field, which it is, code and language."""
    for text in Text:
        for code, language in settings.LANGUAGES:
            yield f"text_{text}_{code}", text, code, str(language)
