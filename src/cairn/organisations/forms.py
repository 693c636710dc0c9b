"""Forms of members, invitations and settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from cairn.organisations import selectors
from cairn.organisations.countries import COUNTRIES
from cairn.organisations.models import Organisation, Role, Scope
from cairn.organisations.roles import ROLE_TEXTS
from cairn.people.forms import AddressField, TimeZoneField, refuse_hidden_characters


def _role_choices() -> list[tuple[str, SafeString]]:
    return [
        (role.value, format_html("{}<small>{}</small>", text.name, text.work))
        for role, text in ROLE_TEXTS.items()
    ]


class RolesField(forms.MultipleChoiceField):
    """One role or several."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Roles"), choices=_role_choices, **kwargs)

    def clean(self, value: Any) -> list[Role]:
        return [Role(name) for name in super().clean(value)]


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = AddressField(label=_("E-mail address"))
    roles = RolesField()

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if selectors.is_member(self.organisation, address):
            raise ValidationError(
                now_("This person is a member already. Change their roles in the list.")
            )
        return address


class RolesForm(forms.Form):
    """What a member may do."""

    roles = RolesField()


class SettingsForm(forms.Form):
    """What an organisation says about itself."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        validators=[refuse_hidden_characters],
        help_text=_("It goes into each credential that is signed from now on."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    url = forms.URLField(label=_("Web page"), required=False, assume_scheme="https")
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Where learners and verifiers can ask. It is published."),
    )
    country = forms.CharField(
        label=_("Country"), required=False, max_length=2, help_text=_("Two letters, such as FR.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = TimeZoneField(
        label=_("Time zone"), help_text=_("A credential ends with the last second of a day here.")
    )

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if country and country not in COUNTRIES:
            raise ValidationError(now_("This is not a code of ISO 3166, such as FR or KE."))
        return country


class ApiClientForm(forms.Form):
    """A program to let in, and what for."""

    name = forms.CharField(
        label=_("Name of the program"),
        max_length=100,
        validators=[refuse_hidden_characters],
        help_text=_("As you will know it again, such as “Student records”."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_scopes(self) -> list[Scope]:
        """The scopes that were ticked."""
        return [Scope(name) for name in self.cleaned_data["scopes"]]
