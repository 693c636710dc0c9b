"""Addresses of the pages that span rooms."""

from django.urls import path

from cairn.site import console

app_name = "site"
urlpatterns = [
    path("console/<slug:slug>/", console.home, name="console_home"),
]
