"""Addresses of the pages that span rooms."""

from django.urls import path

from cairn.site import (
    api_docs,
    catalogue,
    console,
    credential,
    demo,
    home,
    issuers,
    registers,
)

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("help", home.help_page, name="help"),
    path("privacy", home.privacy, name="privacy"),
    path("accessibility", home.accessibility, name="accessibility"),
    path("robots.txt", home.robots, name="robots"),
    path("api/v1/openapi.json", api_docs.openapi, name="openapi"),
    path("api/docs", api_docs.docs, name="api_docs"),
    path("issuers/<uuid:organisation_id>", issuers.by_id, name="issuer_by_id"),
    path("issuers/<slug:slug>", issuers.issuer, name="issuer"),
    path("registers/<uuid:register_id>", registers.register, name="register"),
    path("registers/<uuid:register_id>/register.json", registers.document, name="register_file"),
    path("c/<uuid:credential_id>", credential.credential, name="credential"),
    path("c/<uuid:credential_id>/newest", credential.newest, name="newest"),
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
