"""Addresses of bulk awards, in the name space of issuing."""

from django.urls import path

from cairn.issuing.views import batches

_BATCHES = "console/<slug:slug>/batches/"
urlpatterns = [
    path(_BATCHES, batches.batches, name="batches"),
    path(f"{_BATCHES}new/<uuid:version_id>/", batches.upload, name="batch_upload"),
    path(f"{_BATCHES}new/<uuid:version_id>/people.csv", batches.template, name="batch_template"),
    path(f"{_BATCHES}<uuid:batch_id>/", batches.batch, name="batch"),
    path(f"{_BATCHES}<uuid:batch_id>/columns/", batches.columns, name="batch_columns"),
    path(f"{_BATCHES}<uuid:batch_id>/submit/", batches.submit, name="batch_submit"),
    path(f"{_BATCHES}<uuid:batch_id>/approve/", batches.approve, name="batch_approve"),
    path(f"{_BATCHES}<uuid:batch_id>/withdraw/", batches.withdraw, name="batch_withdraw"),
    path(f"{_BATCHES}<uuid:batch_id>/to-mend.csv", batches.problems, name="batch_problems"),
    path(f"{_BATCHES}<uuid:batch_id>/report.csv", batches.report, name="batch_report"),
]
