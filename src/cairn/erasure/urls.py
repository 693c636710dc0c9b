"""Addresses of this room."""

from django.urls import URLPattern

app_name = "erasure"
urlpatterns: list[URLPattern] = []
