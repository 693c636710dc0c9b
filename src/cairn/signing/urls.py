"""Addresses of published keys and registers, which never change; the console's pages of them."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cairn.signing.views import keys, registers


class FragmentConverter(StringConverter):
    """The fragment of a key: the month, and a thumbprint in base64url."""

    regex = r"[A-Za-z0-9_-]{1,120}"


register_converter(FragmentConverter, "fragment")
app_name = "signing"
urlpatterns = [
    path("i/<uuid:organisation_id>/did.json", keys.did_document, name="did_document"),
    path("i/<uuid:organisation_id>/keys/<fragment:fragment>.jwk", keys.jwk, name="jwk"),
    path("console/<slug:slug>/keys/", keys.keys, name="keys"),
    path("console/<slug:slug>/keys/rotate/", keys.rotate, name="rotate"),
    path("console/<slug:slug>/keys/rhythm/", keys.rhythm, name="rhythm"),
    path("console/<slug:slug>/register/", registers.register, name="register"),
    path("console/<slug:slug>/register/open/", registers.open_register, name="open_register"),
    path(
        "console/<slug:slug>/register/<uuid:register_id>/add/",
        registers.add_entry,
        name="add_entry",
    ),
    path(
        "console/<slug:slug>/register/entries/<uuid:entry_id>/remove/",
        registers.remove_entry,
        name="remove_entry",
    ),
]
