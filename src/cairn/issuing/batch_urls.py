"""Addresses of bulk awards, in the name space of issuing."""

from django.urls import path, register_converter

from cairn.issuing import api
from cairn.issuing.batches.tables import Kind
from cairn.issuing.views import batch_files, batches


class TableKind:
    """The ending of a table's name."""

    regex = "|".join(Kind)

    def to_python(self, value: str) -> Kind:
        """The kind of that ending."""
        return Kind(value)

    def to_url(self, value: str) -> str:
        """The ending of that kind."""
        return str(value)


register_converter(TableKind, "table_kind")

_API = "api/v1/organisations/<uuid:organisation_id>/batches"
_BATCHES = "console/<slug:slug>/batches/"
urlpatterns = [
    path(_BATCHES, batches.batches, name="batches"),
    path(f"{_BATCHES}new/<uuid:version_id>/", batches.upload, name="batch_upload"),
    path(
        f"{_BATCHES}new/<uuid:version_id>/people.<table_kind:kind>",
        batch_files.template,
        name="batch_template",
    ),
    path(f"{_BATCHES}<uuid:batch_id>/", batches.batch, name="batch"),
    path(f"{_BATCHES}<uuid:batch_id>/columns/", batches.columns, name="batch_columns"),
    path(f"{_BATCHES}<uuid:batch_id>/read-as/", batches.read_as, name="batch_read_as"),
    path(f"{_BATCHES}<uuid:batch_id>/addresses/", batches.addresses, name="batch_addresses"),
    path(f"{_BATCHES}<uuid:batch_id>/submit/", batches.submit, name="batch_submit"),
    path(f"{_BATCHES}<uuid:batch_id>/approve/", batches.approve, name="batch_approve"),
    path(f"{_BATCHES}<uuid:batch_id>/withdraw/", batches.withdraw, name="batch_withdraw"),
    path(
        f"{_BATCHES}<uuid:batch_id>/to-mend.<table_kind:kind>",
        batch_files.problems,
        name="batch_problems",
    ),
    path(
        f"{_BATCHES}<uuid:batch_id>/report.<table_kind:kind>",
        batch_files.report,
        name="batch_report",
    ),
    path(_API, api.batches, name="api_batches"),
    path(f"{_API}/<uuid:batch_id>", api.batch, name="api_batch"),
    path(f"{_API}/<uuid:batch_id>/problems", api.problems, name="api_problems"),
    path(f"{_API}/<uuid:batch_id>/report", api.report, name="api_report"),
    path(f"{_API}/<uuid:batch_id>/columns", api.columns, name="api_columns"),
    path(f"{_API}/<uuid:batch_id>/submit", api.submit, name="api_submit"),
]
