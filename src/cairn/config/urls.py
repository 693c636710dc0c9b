"""The addresses of all rooms.  Those in signed bytes never change: /c /a /i /status /media."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
