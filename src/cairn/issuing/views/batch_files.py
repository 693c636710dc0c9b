"""Tables of bulk awards to download: an empty one, the rows to mend, the report."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cairn.catalogue.selectors import awardable_versions
from cairn.issuing import permissions
from cairn.issuing.batches import reports, selectors
from cairn.issuing.batches.tables import Kind
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(permissions.BATCH, Capability.ISSUE)
@require_safe
def template(
    request: MemberRequest, organisation: Organisation, version_id: UUID, kind: Kind
) -> HttpResponse:
    """An empty table to fill."""
    version = get_object_or_404(awardable_versions(organisation), pk=version_id)
    return _file(reports.template(version, version.language, kind), "people", kind)


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def problems(
    request: MemberRequest, organisation: Organisation, batch_id: UUID, kind: Kind
) -> HttpResponse:
    """The rows to mend, as they were uploaded, each with what is wrong."""
    batch = get_object_or_404(selectors.batches_of(organisation), pk=batch_id)
    return _file(reports.annotated(batch, kind), "to-mend", kind)


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def report(
    request: MemberRequest, organisation: Organisation, batch_id: UUID, kind: Kind
) -> HttpResponse:
    """What became of each row."""
    batch = get_object_or_404(selectors.batches_of(organisation), pk=batch_id)
    return _file(reports.report(batch, kind), "report", kind)


def _file(body: bytes, name: str, kind: Kind) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(body, content_type=kind.media_type, headers=headers)
