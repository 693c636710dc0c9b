"""Addresses of the pages that span rooms."""

from django.urls import path

from cairn.site import catalogue, console, credential, demo

app_name = "site"
urlpatterns = [
    path("c/<uuid:credential_id>", credential.credential, name="credential"),
    path(
        "c/<uuid:credential_id>/credential.<str:extension>", credential.file, name="credential_file"
    ),
    path("c/<uuid:credential_id>/qr.svg", credential.code, name="credential_code"),
    path("catalogue", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:slug>", catalogue.entry, name="catalogue_entry"),
    path("demo/", demo.roles, name="demo_roles"),
    path("demo/as/<str:email>", demo.sign_in, name="demo_sign_in"),
    path("demo/mail", demo.mail, name="demo_mail"),
    path("demo/mail/<str:name>", demo.letter, name="demo_letter"),
    path("console/<slug:slug>/", console.home, name="console_home"),
]
