"""Pages of registrars: the cases, one of them, requests that came by mail, time that is over."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core.errors import Malformed
from cairn.erasure import carrying_out, cases, permissions, preview, retention, selectors
from cairn.erasure.choices import Decision
from cairn.erasure.forms import PrivacyForm, RequestForm, RulingForm
from cairn.erasure.models import Case
from cairn.erasure.timeline import timeline
from cairn.issuing.documents import title_of
from cairn.issuing.models import Award
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

PER_PAGE = 25
_form_page = require_http_methods(["GET", "HEAD", "POST"])
_STATES = (("", gettext_lazy("All")), *Case.State.choices)


@member_page(permissions.HANDLE, Capability.ISSUE)
@require_safe
def listed(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The cases, those first that are due first."""
    state = request.GET.get("state", "")
    state = state if state in Case.State.values else ""
    now = timezone.now()
    context = {
        "organisation": organisation,
        "page": Paginator(selectors.cases_of(organisation, state), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "tabs": [(f"?state={name}", title, name == state) for name, title in _STATES],
        "is_filtered": bool(state),
        "now": now,
        "over": selectors.past_retention(organisation, now).count(),
    }
    return render(request, "erasure/cases.html", context)


@member_page(permissions.HANDLE, Capability.ISSUE)
@_form_page
def enter(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """A request that came by mail or in person."""
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = RequestForm(data, organisation=organisation, now=now)
    if form.is_valid():
        try:
            case = cases.enter(
                organisation=organisation, request=form.request, actor=request.user, now=now
            )
        except Malformed as err:
            form.add_error("email" if err.path == "/email" else None, str(err.args[0]))
        else:
            return redirect("erasure:case", organisation.slug, case.id)
    context = {"organisation": organisation, "form": form}
    return render(request, "erasure/enter.html", context, status=422 if form.errors else 200)


@member_page(permissions.HANDLE, Capability.ISSUE)
@_form_page
def case(request: MemberRequest, organisation: Organisation, case_id: UUID) -> HttpResponse:
    """One case: who asks what, the awards, the decision in two steps."""
    found = _case(organisation, case_id)
    awards = list(selectors.awards_of_case(found))
    is_open = found.state == Case.State.OPEN
    data = request.POST if request.method == "POST" and is_open else None
    form = RulingForm(data, initial={"identity": found.identity, "decision": found.wants})
    step = request.POST.get("step")
    if form.is_valid() and step == "confirm":
        cases.decide(
            case_id=found.id,
            ruling=form.ruling,
            digest=request.POST.get("digest", ""),
            actor=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Decided. The learner is told by mail."))
        return redirect("erasure:case", organisation.slug, found.id)
    context = {
        "organisation": organisation,
        "case": found,
        "awards": _named(awards),
        "events": timeline(found),
        "form": form if is_open else None,
        "now": timezone.now(),
        "time_to_save": cases.TIME_TO_SAVE.days,
    }
    if form.is_valid() and step != "edit":
        context |= _preview(awards, form.ruling.decision)
    return render(request, "erasure/case.html", context, status=422 if form.errors else 200)


@member_page(permissions.HANDLE, Capability.ISSUE)
@_form_page
def carry_out(request: MemberRequest, organisation: Organisation, case_id: UUID) -> HttpResponse:
    """Erase before the day, because the learner has what they want to keep."""
    found = _case(organisation, case_id)
    if request.method == "POST":
        carrying_out.carry_out(case_id=found.id, actor=request.user, now=timezone.now())
        messages.success(request, _("Erased."))
        return redirect("erasure:case", organisation.slug, found.id)
    awards = list(selectors.awards_of_case(found))
    context = {"organisation": organisation, "case": found, "awards": _named(awards)}
    return render(request, "erasure/carry_out.html", context | _preview(awards, Decision.ERASE))


@member_page(permissions.HANDLE, Capability.ISSUE)
@_form_page
def over(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Awards whose time of keeping is over: ticked, looked at, decided."""
    now = timezone.now()
    found = selectors.past_retention(organisation, now)
    ticked = _ids(request.POST.getlist("award"))
    chosen = list(found.filter(pk__in=ticked)) if ticked else []
    if chosen and request.POST.get("step") == "confirm":
        done = retention.decide(
            organisation=organisation,
            award_ids=ticked,
            digest=request.POST.get("digest", ""),
            actor=request.user,
            now=now,
        )
        text = ngettext("%(n)d learner is told.", "%(n)d learners are told.", len(done))
        messages.success(request, text % {"n": len(done)})
        return redirect("erasure:cases", organisation.slug)
    context = {
        "organisation": organisation,
        "settings": selectors.settings_of(organisation),
        "awards": _named(found[: retention.AT_MOST]),
        "chosen": _named(chosen),
        "digest": selectors.digest_of(chosen),
        "time_to_save": cases.TIME_TO_SAVE.days,
        "is_nothing_ticked": request.method == "POST" and not chosen,
    }
    return render(request, "erasure/over.html", context)


@member_page(permissions.CONFIGURE, Capability.ISSUE)
@_form_page
def settings(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """How long awards are kept, and where learners can complain."""
    kept = selectors.settings_of(organisation)
    initial = {"retention_years": kept.retention_years, "complaints": kept.complaints}
    form = PrivacyForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        retention.configure(
            organisation=organisation, actor=request.user, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return redirect("erasure:settings", organisation.slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "erasure/settings.html", context, status=422 if form.errors else 200)


def _case(organisation: Organisation, case_id: UUID) -> Case:
    return get_object_or_404(selectors.cases_of(organisation), pk=case_id)


def _named(awards: Iterable[Award]) -> list[tuple[Award, str]]:
    language = get_language() or "en"
    return [(award, title_of(award.version, language)) for award in awards]


def _preview(awards: Sequence[Award], decision: Decision) -> dict[str, object]:
    return {
        "decision": decision,
        "goes": preview.goes(awards, decision),
        "stays": preview.stays(awards, decision),
        "digest": selectors.digest_of(awards),
    }


def _ids(texts: Sequence[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError as err:
        raise Malformed(_("this is no award; tick it on the list again")) from err
