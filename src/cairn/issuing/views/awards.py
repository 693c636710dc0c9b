"""The awards of an organisation: the list, one of them, and what can be done with it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.core.wording.render import outcome_headline
from cairn.issuing import acts, permissions, selectors, services
from cairn.issuing.changes import Act
from cairn.issuing.documents import further_in_words, results_in_words, title_of
from cairn.issuing.forms import AddressForm, SearchForm, WithdrawForm
from cairn.issuing.models import Award, SignedForm
from cairn.issuing.shown import shown_form
from cairn.issuing.timeline import timeline
from cairn.issuing.views.standing import WORDS
from cairn.organisations.access import Action
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

PER_PAGE = 25
STATES = [("", gettext_lazy("All")), *Award.State.choices]
_SLOW = timedelta(minutes=1)  # signing takes seconds
_TYPES = {
    SignedForm.Form.DATA_INTEGRITY: ("application/vc", "json"),
    SignedForm.Form.OPEN_BADGES_JWT: ("application/jwt", "jwt"),
    SignedForm.Form.VC_JWT: ("application/vc+jwt", "jwt"),
}


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def awards(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """All awards, newest first, as far as they are looked for."""
    form = SearchForm(request.GET)
    wanted: dict[str, Any] = (
        form.cleaned_data if form.is_valid() else {"q": "", "state": "", "batch": None}
    )
    found = selectors.awards_of(organisation, wanted["q"], wanted["state"], wanted["batch"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    context = {
        "organisation": organisation,
        "form": form,
        "is_search": any(wanted.values()),
        "page": page,
        "tabs": [
            (_address(wanted | {"state": state}), title, state == wanted["state"])
            for state, title in STATES
        ],
        "rows": [(award, title_of(award.version, language)) for award in page],
        "may_award": _may(request, permissions.AWARD),
        "wanted": wanted,
        "acts": _acts(request),
        "may_by_file": _may(request, permissions.WITHDRAW),
    }
    return render(request, "issuing/awards.html", context)


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def detail(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """One award: facts, what happened, the signed forms."""
    award = _award(organisation, award_id)
    credential = selectors.current_credential(award)
    is_signing = award.state == Award.State.PLANNED
    context = {
        "organisation": organisation,
        "award": award,
        "title": title_of(award.version, award.language),
        "credential": credential,
        "forms": [shown_form(form) for form in selectors.forms_of(credential)]
        if credential
        else [],
        "results": [
            *results_in_words(award.version, award.results),
            *further_in_words(award),
        ],
        "events": timeline(award),
        "is_signing": is_signing,
        "problem": selectors.signing_problem(award) if is_signing else "",
        "is_slow": is_signing and timezone.now() - award.awarded_at > _SLOW,
        "may_withdraw": _may(request, permissions.WITHDRAW) and award.can_be_withdrawn,
        **_possible(request, award),
    }
    return render(request, "issuing/detail.html", context)


@member_page(permissions.VIEW, Capability.ISSUE)
@require_safe
def download(
    request: MemberRequest, organisation: Organisation, award_id: UUID, form: str
) -> HttpResponse:
    """The exact bytes of one form."""
    credential = selectors.current_credential(_award(organisation, award_id))
    if form not in SignedForm.Form.values or credential is None:
        raise Http404
    body = selectors.form_body(credential, form)
    content_type, suffix = _TYPES[SignedForm.Form(form)]
    name = f"{credential.id}-{form.replace('+', '-')}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


@member_page(permissions.WITHDRAW, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Withdraw for good: the reason, then what everybody will read, then the act."""
    award = _award(organisation, award_id)
    services.refuse_withdrawal(award)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    context = {"organisation": organisation, "award": award, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "issuing/withdraw.html", context, status=status)
    reason = Award.Reason(form.cleaned_data["reason"])
    if request.POST.get("step") == "confirm":
        services.withdraw_award(
            award=award,
            reason=reason,
            note=form.cleaned_data["note"],
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("issuing:detail", organisation.slug, award.id)
    if request.POST.get("step") != "edit":
        # The sentence that our own check gives, in the words of whoever looks.
        context["sentence"] = outcome_headline("withdrawn", {}, get_language() or "en")
        context["reason"] = reason.label
    return render(request, "issuing/withdraw.html", context)


@member_page(permissions.CORRECT, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Send an award that nobody claimed to another address."""
    award = _award(organisation, award_id)
    services.refuse_correction(award)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.cleaned_data["email"] == award.learner.email:
        form.add_error("email", _("This is the address that it has. Write another."))
    if form.is_valid():
        services.correct_address(
            award=award,
            email=form.cleaned_data["email"],
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("issuing:detail", organisation.slug, award.id)
    context = {"organisation": organisation, "award": award, "form": form}
    return render(request, "issuing/address.html", context, status=422 if form.is_bound else 200)


def _address(wanted: Mapping[str, Any]) -> str:
    return f"?{urlencode({name: value or '' for name, value in wanted.items()})}"


def _acts(request: MemberRequest) -> list[tuple[str, object]]:
    """Route and title of what this member may do with several awards."""
    found: list[tuple[str, object]] = [
        (f"issuing:set_{act}", WORDS[act].title)
        for act in Act
        if _may(request, permissions.OF_ACT[act])
    ]
    if _may(request, permissions.REPLACE):
        found.append(("issuing:set_renew", _("Renew")))
    if _may(request, permissions.SEND_AGAIN):
        found.append(("issuing:set_send_again", _("Send the link again")))
    return found


def _possible(request: MemberRequest, award: Award) -> dict[str, object]:
    """What the page of `award` offers besides withdrawing it, and when and why it is suspended."""
    is_issued, is_claimed = award.state == Award.State.ISSUED, selectors.is_claimed(award)
    is_replaceable = is_issued and not selectors.is_handed_back(award)
    is_suspended = award.state == Award.State.SUSPENDED
    return {
        "may_correct": _may(request, permissions.CORRECT) and is_issued and not is_claimed,
        "may_replace": _may(request, permissions.REPLACE) and is_replaceable,
        "may_send_again": _may(request, permissions.SEND_AGAIN)
        and is_replaceable
        and not is_claimed,
        "may_move_back": _may(request, permissions.MOVE_BACK) and is_issued and is_claimed,
        "may_suspend": _may(request, permissions.SUSPEND) and acts.is_possible(Act.SUSPEND, award),
        "may_reinstate": _may(request, permissions.REINSTATE) and is_suspended,
        "suspension": selectors.last_change(award, Act.SUSPEND) if is_suspended else None,
    }


def _award(organisation: Organisation, award_id: UUID) -> Award:
    return get_object_or_404(selectors.awards_of(organisation), pk=award_id)


def _may(request: MemberRequest, action: Action) -> bool:
    return not action.roles.isdisjoint(request.roles)
