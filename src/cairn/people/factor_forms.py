"""Forms of passkeys, authenticator apps and recovery codes."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms  # noqa: TID251 - the forms of one subject
from django.utils.translation import gettext_lazy as _

from cairn.people.forms import STAY, STAY_HINT, refuse_hidden_characters

_CODE = {"inputmode": "numeric", "class": "code", "maxlength": "20"}
_NAME = _("Name of the passkey")
_NAME_HINT = _("So that you can tell it from others: “my phone”, “the key on my ring”.")


class _Code:
    """With a field for a code that is kind to phones."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label, code.help_text = _("Code"), _("From your app, or one of your recovery codes.")
        code.widget.attrs = {**code.widget.attrs, **_CODE}
        code.widget.attrs.pop("placeholder", None)


class CodeForm(_Code, base.AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """The second step of signing in."""

    remember = forms.BooleanField(label=STAY, help_text=STAY_HINT, required=False)


class CodeOnceMoreForm(_Code, base.ReauthenticateForm):  # type: ignore[misc] # as above
    """A code before what keeps the account safe is changed."""


class AppForm(_Code, totp.ActivateTOTPForm):  # type: ignore[misc] # as above
    """The first code of an app, which shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Six digits, which the app shows.")


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc] # as above
    """A new passkey: kept by the device, and only after it has seen its owner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # ours all are; the server asks for verification
        _name_field(self.fields["name"])


class EditPasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc] # as above
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_field(self.fields["name"])


def _name_field(field: forms.Field) -> None:
    field.label, field.help_text = _NAME, _NAME_HINT
    field.validators.append(refuse_hidden_characters)
    field.widget.attrs["maxlength"] = 60
