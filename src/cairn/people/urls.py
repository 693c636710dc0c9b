"""Addresses of one's own pages."""

from django.urls import path

from cairn.people import views

app_name = "people"
urlpatterns = [
    path("me/profile", views.profile, name="profile"),
    path("me/addresses", views.addresses, name="addresses"),
]
