"""Bulk awards in the console: upload, what is wrong, what the columns mean, approval, progress."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.selectors import awardable_versions
from cairn.core.errors import Malformed, NotAllowed
from cairn.issuing import permissions
from cairn.issuing.batch_forms import ColumnsForm, UploadForm
from cairn.issuing.batches import reports, selectors, services
from cairn.issuing.batches.preview import previews
from cairn.issuing.batches.reading import MAX_ROWS
from cairn.issuing.documents import title_of
from cairn.issuing.models import Batch, BatchRow
from cairn.organisations.access import Action
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

PER_PAGE = 25
PROBLEMS_SHOWN = 50
_REFRESH_SECONDS = 3
_CSV = "text/csv; charset=utf-8"
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def batches(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """All batches, newest first."""
    found = selectors.batches_of(organisation)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    context = {
        "organisation": organisation,
        "page": page,
        "rows": [(batch, title_of(batch.version, language)) for batch in page],
        "may_award": _may(request, permissions.BATCH),
    }
    return render(request, "issuing/batches.html", context)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: MemberRequest, organisation: Organisation, version_id: UUID) -> HttpResponse:
    """Upload a table for one version."""
    version = _version(organisation, version_id)
    runs = version.offerings.all()
    is_sent = request.method == "POST"
    form = UploadForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        version=version,
        runs=runs,
    )
    if form.is_valid():
        try:
            batch = services.upload(
                batch_id=form.batch_key,
                issuer=organisation,
                version=version,
                offering=form.cleaned_data["offering"],
                language=form.cleaned_data["language"],
                data=form.cleaned_data["file"],
                file_name=form.file_name,
                actor=request.user,
                now=timezone.now(),
            )
        except Malformed as err:
            form.add_error("file", str(err.args[0]))
        else:
            return redirect("issuing:batch", organisation.slug, batch.id)
    context = {
        "organisation": organisation,
        "version": version,
        "title": title_of(version, get_language() or "en"),
        "form": form,
        "fields": reports.fields_of(version, version.language),
        "max_rows": MAX_ROWS,
    }
    return render(request, "issuing/batch_upload.html", context, status=422 if form.errors else 200)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_safe
def template(request: MemberRequest, organisation: Organisation, version_id: UUID) -> HttpResponse:
    """An empty table to fill."""
    version = _version(organisation, version_id)
    return _file(reports.template(version, version.language), "people.csv")


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def batch(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """One batch, as far as it is."""
    found = _batch(organisation, batch_id)
    return _batch_page(request, organisation, found, ColumnsForm(batch=found))


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def columns(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Say what the columns mean."""
    found = _batch(organisation, batch_id)
    form = ColumnsForm(request.POST, batch=found)
    if not form.is_valid():
        return _batch_page(request, organisation, found, form, status=422)
    services.map_columns(
        batch_id=found.id, mapping=form.mapping, actor=request.user, now=timezone.now()
    )
    return redirect("issuing:batch", organisation.slug, found.id)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def submit(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Ask for approval."""
    found = _batch(organisation, batch_id)
    services.submit(batch_id=found.id, actor=request.user, now=timezone.now())
    return redirect("issuing:batch", organisation.slug, found.id)


@member_page(permissions.APPROVE_BATCH, Capability.ISSUE)
@require_POST
def approve(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Approve, and plan the awards."""
    found = _batch(organisation, batch_id)
    services.approve(batch_id=found.id, actor=request.user, now=timezone.now())
    return redirect("issuing:batch", organisation.slug, found.id)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def withdraw(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Give it up before it is approved."""
    found = _batch(organisation, batch_id)
    services.withdraw(batch_id=found.id, actor=request.user, now=timezone.now())
    return redirect("issuing:batch", organisation.slug, found.id)


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def problems(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """The rows to mend, as they were uploaded, each with what is wrong."""
    return _file(reports.annotated(_batch(organisation, batch_id)), "to-mend.csv")


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def report(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """What became of each row."""
    return _file(reports.report(_batch(organisation, batch_id)), "report.csv")


def _batch_page(
    request: MemberRequest,
    organisation: Organisation,
    batch: Batch,
    form: ColumnsForm,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    counts = selectors.counts(batch)
    states = Batch.State
    is_open = batch.state in (states.DRAFT, states.SUBMITTED)
    has_rows_ready = bool(counts.get(BatchRow.State.READY)) and not batch.header_problems
    left_out = sum(counts.get(state, 0) for state in (*selectors.LEFT_OUT, BatchRow.State.UNREAD))
    context = {
        "organisation": organisation,
        "batch": batch,
        "title": title_of(batch.version, batch.language),
        "separator": _SEPARATORS.get(batch.separator, batch.separator),
        "counts": [(BatchRow.State(state).label, count) for state, count in counts.items()],
        "ready": counts.get(BatchRow.State.READY, 0),
        "left_out": left_out,
        "problem_rows": selectors.rows_with_problems(batch)[:PROBLEMS_SHOWN],
        "problems_shown": PROBLEMS_SHOWN,
        "progress": selectors.progress(batch, counts, now),
        "previews": previews(batch, now) if is_open and has_rows_ready else [],
        "form": form,
        "may_edit": _may(request, permissions.BATCH) and batch.state == states.DRAFT,
        "may_submit": _may(request, permissions.BATCH)
        and batch.state == states.DRAFT
        and has_rows_ready,
        "may_withdraw": _may(request, permissions.BATCH) and is_open,
        "refresh_seconds": _REFRESH_SECONDS if batch.state == states.RUNNING else None,
        **_approval(request, batch),
    }
    return render(request, "issuing/batch.html", context, status=status)


def _approval(request: MemberRequest, batch: Batch) -> dict[str, object]:
    """Whether whoever looks may approve, and what that would be worth."""
    if batch.state != Batch.State.SUBMITTED or not _may(request, permissions.APPROVE_BATCH):
        return {"may_approve": False}
    try:
        worth = services.approval_by(request.user, batch)
    except NotAllowed:
        return {"may_approve": False, "needs_another": True}
    return {"may_approve": True, "is_independent": worth == Batch.Approval.SECOND_PERSON}


def _batch(organisation: Organisation, batch_id: UUID) -> Batch:
    return get_object_or_404(selectors.batches_of(organisation), pk=batch_id)


def _version(organisation: Organisation, version_id: UUID) -> AchievementVersion:
    return get_object_or_404(awardable_versions(organisation), pk=version_id)


def _file(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=_CSV, headers=headers)


def _may(request: MemberRequest, action: Action) -> bool:
    return not action.roles.isdisjoint(request.roles)
