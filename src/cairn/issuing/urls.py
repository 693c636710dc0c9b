"""Addresses of issuing.  /status/<id> and /c/<id>/newest are in signed bytes and never change."""

from django.urls import path

from cairn.issuing import batch_urls
from cairn.issuing.views import awards, desk, public

app_name = "issuing"
_CONSOLE = "console/<slug:slug>/awards/"
urlpatterns = [
    *batch_urls.urlpatterns,
    path("status/<uuid:list_id>", public.status_list, name="status_list"),
    path("c/<uuid:credential_id>/newest", public.newest, name="newest"),
    path(_CONSOLE, awards.awards, name="awards"),
    path(f"{_CONSOLE}new/", desk.choose, name="choose"),
    path(f"{_CONSOLE}new/<uuid:version_id>/", desk.award, name="award"),
    path(f"{_CONSOLE}<uuid:award_id>/", awards.detail, name="detail"),
    path(f"{_CONSOLE}<uuid:award_id>/withdraw/", awards.withdraw, name="withdraw"),
    path(f"{_CONSOLE}<uuid:award_id>/address/", awards.address, name="address"),
    path(f"{_CONSOLE}<uuid:award_id>/forms/<str:form>", awards.download, name="download"),
]
