"""Forms of signing in and of the profile.

allauth's forms repeat each label as a placeholder, which vanishes while one types; ours don't.
"""

from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cairn.core.errors import Malformed
from cairn.core.wording.names import Flag, flags
from cairn.people.addresses import canonical_address

STAY = _("Stay signed in on this device")
STAY_HINT = _("For 30 days. Not on a shared computer.")


_HIDDEN = {Flag.BIDI, Flag.ZERO_WIDTH, Flag.UNREADABLE}


def refuse_hidden_characters(text: str) -> None:
    """Validate a name that is shown to others: no line breaks, nothing that hides or turns text."""
    if not _HIDDEN.isdisjoint(flags(text)):
        raise ValidationError(
            _("There is a line break or another invisible character in it. Type it again by hand.")
        )


class NameField(forms.CharField):
    """A person's name: one field, because names have no parts that hold everywhere."""

    default_validators = [refuse_hidden_characters]  # noqa: RUF012 - as Django declares it
    widget = forms.TextInput(attrs={"autocomplete": "name"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, required=False, **kwargs)


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
        self.fields["remember"].label, self.fields["remember"].help_text = STAY, STAY_HINT


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

    remember = forms.BooleanField(label=STAY, help_text=STAY_HINT, required=False)


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


class AddressField(forms.EmailField):
    """An e-mail address as it is stored and compared: see `cairn.people.addresses`."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return canonical_address(text) if text else ""
        except Malformed as error:
            raise ValidationError(str(error)) from None


def _time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class TimeZoneField(forms.ChoiceField):
    """A time zone of the IANA database."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_time_zones, **kwargs)


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
