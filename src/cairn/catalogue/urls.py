"""Addresses of the catalogue.  /a and /media stand in signed bytes and never change."""

from django.urls import path

from cairn.catalogue.views import editing, listing, public, review, runs

app_name = "catalogue"
_CONSOLE = "console/<slug:slug>"
_VERSION = f"{_CONSOLE}/achievements/<uuid:achievement_id>/v/<int:number>"
urlpatterns = [
    path("a/<uuid:achievement_id>/v/<int:number>", public.version, name="public_version"),
    path("media/<str:sha256>", public.media, name="media"),
    path(f"{_CONSOLE}/achievements/", listing.achievements, name="achievements"),
    path(f"{_CONSOLE}/achievements/new", editing.create, name="create"),
    path(
        f"{_CONSOLE}/achievements/<uuid:achievement_id>/new-version",
        editing.new_version,
        name="new_version",
    ),
    path(f"{_CONSOLE}/achievements/<uuid:achievement_id>/retire", editing.retire, name="retire"),
    path(_VERSION, listing.version, name="version"),
    path(f"{_VERSION}/edit", editing.edit, name="edit"),
    path(f"{_VERSION}/withdraw", editing.withdraw, name="withdraw"),
    path(f"{_VERSION}/runs", runs.open_run, name="open_run"),
    path(
        f"{_CONSOLE}/achievements/runs/<uuid:offering_id>/close", runs.close_run, name="close_run"
    ),
    path(f"{_CONSOLE}/review/", review.queue, name="review_queue"),
    path(f"{_CONSOLE}/review/<uuid:achievement_id>/v/<int:number>", review.review, name="review"),
]
