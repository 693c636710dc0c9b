"""Pages of learners: ask, follow, save, take it back; signed in, or by the letter."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.erasure import carrying_out, cases, letters, selectors
from cairn.erasure.bundle import bundle
from cairn.erasure.choices import Decision
from cairn.erasure.forms import WishForm
from cairn.erasure.models import Case
from cairn.people.models import User
from cairn.platform.http import public, signed_in
from cairn.wallet.downloads import Download
from cairn.wallet.facts import title_of
from cairn.wallet.http import file_response, unlist, unlisted

_form_page = require_http_methods(["GET", "HEAD", "POST"])


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Who has awards of mine, and what I asked of them."""
    user = cast(User, request.user)
    found = list(selectors.cases_about(user))
    waiting = {case.organisation_id for case in found if case.is_waiting}
    issuers = [one for one in selectors.issuers_to(user) if one.id not in waiting]
    context = {"cases": found, "issuers": issuers, "section": "me"}
    return render(request, "erasure/mine.html", context)


@signed_in
@_form_page
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask one organisation; what that means is said before."""
    user = cast(User, request.user)
    issuer = get_object_or_404(selectors.issuers_to(user), slug=slug)
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        case = cases.ask(
            user=user,
            organisation=issuer,
            wants=Decision(form.cleaned_data["wants"]),
            wish=form.cleaned_data["wish"],
            now=timezone.now(),
        )
        return redirect("erasure:own_case", case.id)
    awards = [title_of(award) for award in selectors.awards_of_user(issuer, user)]
    context = {"issuer": issuer, "form": form, "titles": awards, "section": "me"}
    return render(request, "erasure/ask.html", context, status=422 if form.errors else 200)


@signed_in
@unlisted
@_form_page
def own_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What became of my request."""
    case = _own(request, case_id)
    files = reverse("erasure:own_bundle", args=[case.id])
    return _page(request, case, files, actor=cast(User, request.user))


@signed_in
@require_safe
def own_bundle(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """All that I have of this issuer, as one file."""
    return _bundle(_own(request, case_id))


@public
@unlisted
@_form_page
def link(request: HttpRequest, case_id: UUID, token: str) -> HttpResponse:
    """The same for whoever has the letter."""
    files = reverse("erasure:link_bundle", args=[case_id, token])
    return _page(request, _by_letter(case_id, token), files, actor=None)


@public
@require_safe
def link_bundle(request: HttpRequest, case_id: UUID, token: str) -> HttpResponse:
    """The same for whoever has the letter."""
    return _bundle(_by_letter(case_id, token))


def _page(request: HttpRequest, case: Case, files: str, *, actor: User | None) -> HttpResponse:
    act = request.POST.get("act")
    if act in ("back", "now"):
        now = timezone.now()
        if act == "back":
            cases.take_back(case_id=case.id, actor=actor, now=now)
            messages.success(request, _("You took it back. Everything stays as it is."))
        else:
            carrying_out.carry_out(case_id=case.id, actor=actor, now=now)
            messages.success(request, _("Erased."))
        return redirect(request.path)
    awards = list(selectors.awards_of_case(case)) if case.is_waiting else []
    context = {
        "case": case,
        "titles": [title_of(award) for award in awards],
        "files": files,
        "complaints": letters.complaints_of(case),
        "asks_once_more": act == "ask_now",
        "section": "me" if actor else "",
    }
    return render(request, "erasure/own_case.html", context)


def _bundle(case: Case) -> HttpResponse:
    awards = list(selectors.awards_of_case(case)) if case.is_waiting else []
    if not awards:
        raise Http404
    body = bundle(awards)
    return unlist(
        file_response(
            Download(body, "application/zip", f"{case.organisation.slug}.zip"), is_attachment=True
        )
    )


def _own(request: HttpRequest, case_id: UUID) -> Case:
    return get_object_or_404(selectors.cases_about(cast(User, request.user)), pk=case_id)


def _by_letter(case_id: UUID, token: str) -> Case:
    case = letters.case_with(case_id, token)
    if case is None:
        raise Http404
    return case
