"""The form that gives a key up: typed, for it cannot be taken back."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cairn.organisations.models import Organisation


class GiveUpForm(forms.Form):
    """Whether to issue again, and the name of the organisation as a confirmation."""

    is_reissued = forms.BooleanField(
        label=_("Issue again what it signed"),
        help_text=_(
            "Each learner keeps the same award and gets a new credential, signed by another key."
        ),
        required=False,
        initial=True,
    )
    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("Write it to show that you mean it."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data)
        self._organisation = organisation

    def clean_name(self) -> str:
        """The name, which must be that of the organisation; capitals don't count."""
        name = str(self.cleaned_data["name"]).strip()
        if name.casefold() != self._organisation.name.strip().casefold():
            raise forms.ValidationError(
                gettext("This is not the name of the organisation: %(name)s")
                % {"name": self._organisation.name}
            )
        return name
