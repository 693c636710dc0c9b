"""Addresses of published keys, which never change, and of the console's page of keys."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cairn.signing import views


class FragmentConverter(StringConverter):
    """The fragment of a key: the month, and a thumbprint in base64url."""

    regex = r"[A-Za-z0-9_-]{1,120}"


register_converter(FragmentConverter, "fragment")
app_name = "signing"
urlpatterns = [
    path("i/<uuid:organisation_id>/did.json", views.did_document, name="did_document"),
    path("i/<uuid:organisation_id>/keys/<fragment:fragment>.jwk", views.jwk, name="jwk"),
    path("console/<slug:slug>/keys/", views.keys, name="keys"),
    path("console/<slug:slug>/keys/rotate/", views.rotate, name="rotate"),
    path("console/<slug:slug>/keys/<fragment:fragment>/", views.give_up, name="give_up"),
]
