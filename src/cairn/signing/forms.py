"""Forms of registers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RegisterForm(forms.Form):
    """What a new register is called."""

    name = forms.CharField(
        label=_("Name of the register"),
        max_length=200,
        help_text=_("Such as: Register of recognised providers"),
    )


class EntryForm(forms.Form):
    """An issuer to name in a register."""

    issuer_did = forms.CharField(
        label=_("Identifier of the issuer"),
        max_length=400,
        help_text=_("As in its credentials; it begins with did:web, did:key or https."),
    )
    name = forms.CharField(
        label=_("Name in the register"),
        max_length=200,
        help_text=_("You vouch for this name: everyone who checks a credential reads it."),
    )
