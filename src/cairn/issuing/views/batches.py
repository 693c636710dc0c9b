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
from cairn.issuing.batch_forms import (
    SEPARATORS,
    AddressesForm,
    ColumnsForm,
    ReadAsForm,
    UploadForm,
)
from cairn.issuing.batches import approval, files, reports, selectors, services
from cairn.issuing.batches.preview import previews
from cairn.issuing.batches.reading import MAX_ROWS
from cairn.issuing.batches.uploading import Upload, take
from cairn.issuing.documents import title_of
from cairn.issuing.models import Batch, BatchRow
from cairn.organisations.access import Action
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

PER_PAGE = 25
PROBLEMS_SHOWN = 50
UNSURE_SHOWN = 25  # the others are told all at once
_LEFT_OUT = (*selectors.LEFT_OUT, BatchRow.State.UNREAD)
_WAITING = (Batch.State.READING, Batch.State.PLANNING, Batch.State.RUNNING)


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
            batch = take(
                Upload(
                    organisation,
                    version,
                    form.cleaned_data["offering"],
                    form.cleaned_data["language"],
                    form.cleaned_data["file"],
                    form.file_name,
                    form.batch_key,
                ),
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


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def batch(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """One batch, as far as it is."""
    found = _batch(organisation, batch_id)
    return _batch_page(request, organisation, found)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def columns(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Say what the columns mean."""
    found = _batch(organisation, batch_id)
    form = ColumnsForm(request.POST, batch=found)
    if not form.is_valid():
        return _batch_page(request, organisation, found, columns_form=form, status=422)
    services.map_columns(
        batch_id=found.id, mapping=form.mapping, actor=request.user, now=timezone.now()
    )
    return redirect("issuing:batch", organisation.slug, found.id)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def read_as(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Read the file in another way."""
    found = _batch(organisation, batch_id)
    form = ReadAsForm(request.POST, batch=found)
    if form.is_valid():
        try:
            services.read_as(
                batch_id=found.id, read_as=form.read_as, actor=request.user, now=timezone.now()
            )
        except Malformed as err:
            form.add_error(None, str(err.args[0]))
        else:
            return redirect("issuing:batch", organisation.slug, found.id)
    return _batch_page(request, organisation, found, read_form=form, status=422)


@member_page(permissions.BATCH, Capability.ISSUE)
@require_POST
def addresses(request: MemberRequest, organisation: Organisation, batch_id: UUID) -> HttpResponse:
    """Say which address counts for learners who are known under another one."""
    found = _batch(organisation, batch_id)
    form = AddressesForm(request.POST, rows=selectors.unsure_rows(found)[:UNSURE_SHOWN])
    if not form.is_valid():
        return _batch_page(request, organisation, found, address_form=form, status=422)
    services.choose_address(
        batch_id=found.id,
        choices=form.choices,
        others=form.cleaned_data["others"],
        actor=request.user,
        now=timezone.now(),
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


def _batch_page(
    request: MemberRequest,
    organisation: Organisation,
    batch: Batch,
    *,
    columns_form: ColumnsForm | None = None,
    read_form: ReadAsForm | None = None,
    address_form: AddressesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    counts = selectors.counts(batch)
    form = columns_form or read_form or address_form
    context = {
        "organisation": organisation,
        "batch": batch,
        "title": title_of(batch.version, batch.language),
        "separator": SEPARATORS.get(batch.separator, batch.separator),
        "counts": [(BatchRow.State(state).label, count) for state, count in counts.items()],
        "ready": counts.get(BatchRow.State.READY, 0),
        "left_out": sum(counts.get(state, 0) for state in _LEFT_OUT),
        "problem_rows": Paginator(selectors.rows_with_problems(batch), PROBLEMS_SHOWN).get_page(
            request.GET.get("page")
        ),
        "progress": selectors.progress(batch, counts, timezone.now()),
        "is_waiting": batch.state in _WAITING,
        "form": form if form and form.errors else None,
        **_to_mend(request, batch, counts, columns_form, read_form, address_form),
        **_to_decide(request, batch, counts),
    }
    return render(request, "issuing/batch.html", context, status=status)


def _to_mend(
    request: MemberRequest,
    batch: Batch,
    counts: dict[str, int],
    columns_form: ColumnsForm | None,
    read_form: ReadAsForm | None,
    address_form: AddressesForm | None,
) -> dict[str, object]:
    """The forms of who may mend a draft: how it is read, what columns mean, who is who."""
    is_draft = batch.state == Batch.State.DRAFT
    if not _may(request, permissions.BATCH) or not (is_draft or batch.state == Batch.State.FAILED):
        return {}
    found: dict[str, object] = {}
    if files.is_kept(batch.id):
        found["read_form"] = read_form or ReadAsForm(batch=batch)
    if is_draft:
        found["columns_form"] = columns_form or ColumnsForm(batch=batch)
    if counts.get(BatchRow.State.UNSURE):
        rows = selectors.unsure_rows(batch)[:UNSURE_SHOWN]
        found["address_form"] = address_form or AddressesForm(rows=rows)
    return found


def _to_decide(request: MemberRequest, batch: Batch, counts: dict[str, int]) -> dict[str, object]:
    """What the first credentials will say, and what whoever looks may do about it."""
    states = Batch.State
    is_writer = _may(request, permissions.BATCH)
    is_whole = batch.state in (states.DRAFT, states.SUBMITTED)
    has_rows_ready = bool(counts.get(BatchRow.State.READY)) and not batch.header_problems
    return {
        "previews": previews(batch, timezone.now()) if is_whole and has_rows_ready else [],
        "may_submit": is_writer and batch.state == states.DRAFT and has_rows_ready,
        "may_withdraw": is_writer and batch.state in services.OPEN,
        **_approval(request, batch),
    }


def _approval(request: MemberRequest, batch: Batch) -> dict[str, object]:
    """Whether whoever looks may approve, and what that would be worth."""
    if batch.state != Batch.State.SUBMITTED or not _may(request, permissions.APPROVE_BATCH):
        return {"may_approve": False}
    try:
        worth = services.approval_by(request.user, batch)
    except NotAllowed:
        return {"may_approve": False, "needs_another": True}
    return {
        "may_approve": True,
        "is_independent": worth == Batch.Approval.SECOND_PERSON,
        "needs_passkey": approval.is_needed(batch, timezone.now()),
    }


def _batch(organisation: Organisation, batch_id: UUID) -> Batch:
    return get_object_or_404(selectors.batches_of(organisation), pk=batch_id)


def _version(organisation: Organisation, version_id: UUID) -> AchievementVersion:
    return get_object_or_404(awardable_versions(organisation), pk=version_id)


def _may(request: MemberRequest, action: Action) -> bool:
    return not action.roles.isdisjoint(request.roles)
