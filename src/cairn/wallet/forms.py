"""The one form of the wallet: who may see a credential."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cairn.wallet.models import Holding


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
