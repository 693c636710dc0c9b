"""Addresses of the operator's pages about jobs."""

from django.urls import path

from cairn.jobs import views

app_name = "jobs"
urlpatterns = [
    path("operator/jobs", views.overview, name="overview"),
    path("operator/jobs/retry", views.retry_kind, name="retry_kind"),
    path("operator/jobs/<int:delivery_id>/retry", views.retry, name="retry"),
]
