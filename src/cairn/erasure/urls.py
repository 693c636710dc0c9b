"""Addresses of this room."""

from django.urls import path

from cairn.erasure.views import console, own

app_name = "erasure"
_CONSOLE = "console/<slug:slug>/erasure"
_ONE = f"{_CONSOLE}/<uuid:case_id>"
_LETTER = "erasure/<uuid:case_id>/<str:token>"
urlpatterns = [
    path(f"{_CONSOLE}/", console.listed, name="cases"),
    path(f"{_CONSOLE}/new", console.enter, name="enter"),
    path(f"{_CONSOLE}/over", console.over, name="over"),
    path(f"{_CONSOLE}/settings", console.settings, name="settings"),
    path(f"{_ONE}/", console.case, name="case"),
    path(f"{_ONE}/carry-out", console.carry_out, name="carry_out"),
    path("me/erasure/", own.mine, name="mine"),
    path("me/erasure/ask/<slug:slug>", own.ask, name="ask"),
    path("me/erasure/<uuid:case_id>/", own.own_case, name="own_case"),
    path("me/erasure/<uuid:case_id>/credentials.zip", own.own_bundle, name="own_bundle"),
    path(f"{_LETTER}/", own.link, name="link"),
    path(f"{_LETTER}/credentials.zip", own.link_bundle, name="link_bundle"),
]
