"""Addresses of the console's own pages; `site` has its home, the rooms have their sections."""

from django.urls import path

from cairn.organisations import views

app_name = "organisations"
urlpatterns = [
    path("console/", views.choose, name="choose"),
]
