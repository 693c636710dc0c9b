"""Addresses of the pages that span rooms."""

from django.urls import path

from cairn.site import console, demo

app_name = "site"
urlpatterns = [
    path("demo/", demo.roles, name="demo_roles"),
    path("demo/as/<uuid:user_id>", demo.sign_in, name="demo_sign_in"),
    path("demo/mail", demo.mail, name="demo_mail"),
    path("demo/mail/<str:name>", demo.letter, name="demo_letter"),
    path("console/<slug:slug>/", console.home, name="console_home"),
]
