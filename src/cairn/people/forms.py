"""Forms of signing in and of the profile.

allauth's forms repeat each label as a placeholder, which vanishes while one types; ours don't.
"""

import unicodedata
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_STAY = _("Stay signed in on this device")
_STAY_HINT = _("For 30 days. Not on a shared computer.")


def refuse_control_characters(text: str) -> None:
    """Validate one-line text that is shown to others and goes into mail."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValidationError(_("A line break or another control character is not allowed here."))


class NameField(forms.CharField):
    """A person's name: one field, because names have no parts that hold everywhere."""

    def __init__(self, *, label: str | Promise, help_text: str | Promise) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(
            label=label,
            help_text=help_text,
            max_length=200,
            required=False,
            widget=widget,
            validators=[refuse_control_characters],
        )


class _Plain:
    """Without placeholders, and with the name of an e-mail address that all other pages use."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.label = _("E-mail address")


class _Code(_Plain):
    """With a field for a code that is kind to phones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = _("Code"), _("Spaces and dashes do not matter.")
        code.widget.attrs |= {"inputmode": "numeric", "class": "code", "maxlength": "20"}


class LoginForm(_Plain, account.LoginForm):  # type: ignore[misc] # allauth has no types
    """Signing in with a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label, self.fields["remember"].help_text = _STAY, _STAY_HINT


class SignupForm(_Plain, account.SignupForm):  # type: ignore[misc] # allauth has no types
    """A new account."""

    field_order = ("name", "email", "password1")
    name = NameField(label=_("Your name"), help_text=_("As others should read it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "At least 8 characters. Without a password we send you a code whenever you sign in."
        )


class RequestLoginCodeForm(_Plain, account.RequestLoginCodeForm):  # type: ignore[misc] # as above
    """Asking for a code by e-mail."""


class ConfirmLoginCodeForm(_Code, account.ConfirmLoginCodeForm):  # type: ignore[misc] # as above
    """Entering the code that signs in."""

    remember = forms.BooleanField(label=_STAY, help_text=_STAY_HINT, required=False)


class ConfirmEmailForm(_Code, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc] # as above
    """Entering the code that shows whose address it is."""


class ConfirmResetForm(_Code, account.ConfirmPasswordResetCodeForm):  # type: ignore[misc] # as above
    """Entering the code that allows a new password."""


class AddEmailForm(_Plain, account.AddEmailForm):  # type: ignore[misc] # as above
    """One more address."""


class ResetPasswordForm(_Plain, account.ResetPasswordForm):  # type: ignore[misc] # as above
    """Asking for a new password."""


class ResetPasswordKeyForm(_Plain, account.ResetPasswordKeyForm):  # type: ignore[misc] # as above
    """Setting a new password after a reset."""


class ChangePasswordForm(_Plain, account.ChangePasswordForm):  # type: ignore[misc] # as above
    """Changing a password."""


class SetPasswordForm(_Plain, account.SetPasswordForm):  # type: ignore[misc] # as above
    """Setting a first password."""


class ReauthenticateForm(_Plain, account.ReauthenticateForm):  # type: ignore[misc] # as above
    """Typing the password once more."""


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class TimeZoneField(forms.ChoiceField):
    """A time zone of the IANA database."""

    def __init__(self, *, label: str | Promise, help_text: str | Promise = "") -> None:
        super().__init__(label=label, help_text=help_text, choices=_time_zones)


class ProfileForm(forms.Form):
    """Name, language, time zone."""

    name = NameField(
        label=_("Your name"),
        help_text=_("As others should read it. Credentials carry the name their issuer gave."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("Of these pages and of the mail we send you."),
    )
    time_zone = TimeZoneField(label=_("Time zone"))
