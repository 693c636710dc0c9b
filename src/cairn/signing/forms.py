"""Forms of keys and registers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.signing.rotation import Rhythm


class RhythmForm(forms.Form):
    """How often keys are replaced."""

    is_scheduled = forms.BooleanField(
        label=_("Replace the keys by themselves"),
        help_text=_("New ones are published a day before they sign. Nothing that was signed ends."),
        required=False,
    )
    months = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        choices=[
            (3, _("every 3 months")),
            (6, _("every 6 months")),
            (12, _("every year")),
            (24, _("every 2 years")),
        ],
    )

    @property
    def rhythm(self) -> Rhythm:
        """What is wanted, of a valid form."""
        said = self.cleaned_data
        return Rhythm(is_scheduled=said["is_scheduled"], months=said["months"])


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
