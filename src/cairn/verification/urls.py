"""The address of the checker; its API is answered in front of Django (`cairn.config.asgi`)."""

from django.urls import path

from cairn.verification import views

app_name = "verification"
urlpatterns = [path("verify", views.verify, name="verify")]
