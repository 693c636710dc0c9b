"""The pages on which a key is given up, and on which what it signed is issued again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.issuing import reissuing
from cairn.issuing.views.key_forms import GiveUpForm
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Organisation
from cairn.signing.models import SigningKey
from cairn.signing.permissions import KEYS_MANAGE
from cairn.signing.selectors import keys_of


@member_page(KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request: MemberRequest, organisation: Organisation, fragment: str) -> HttpResponse:
    """Say what it means that others may have a key, then give it up."""
    key = get_object_or_404(keys_of(organisation), fragment=fragment)
    form = GiveUpForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if form.is_valid():
        return _given_up(request, organisation, key, is_reissued=form.cleaned_data["is_reissued"])
    reach = reissuing.reach_of(organisation, fragment)
    context = {"key": key, "form": form, "reach": reach}
    status = 422 if form.is_bound else 200
    return render(request, "issuing/give_up_key.html", context, status=status)


@member_page(KEYS_MANAGE)
@require_safe
def reissues(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """What was issued again, and how far that is."""
    found = reissuing.progress_of(organisation)
    is_under_way = any(reissue.done_at is None for reissue, _done in found)
    context = {"reissues": found, "is_under_way": is_under_way}
    return render(request, "issuing/reissues.html", context)


def _given_up(
    request: MemberRequest, organisation: Organisation, key: SigningKey, *, is_reissued: bool
) -> HttpResponse:
    ordered = reissuing.give_up_key(
        organisation=organisation,
        fragment=key.fragment,
        is_reissued=is_reissued,
        actor=request.user,
        now=timezone.now(),
    )
    messages.success(request, _("The key was given up. Nothing that it signed counts any more."))
    if ordered is None:
        return redirect("signing:keys", organisation.slug)
    return redirect("issuing:reissues", organisation.slug)
