"""A holder asks their issuer: for another name, for a renewal; the issuer says no."""

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cairn.core.errors import Malformed
from cairn.issuing import permissions as issuing
from cairn.issuing.recipients import MAX_NAME, clean_name
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation
from cairn.people.models import User
from cairn.platform.http import signed_in
from cairn.wallet import selectors, wishes
from cairn.wallet.http import unlisted
from cairn.wallet.models import Holding, Wish


class NameForm(forms.Form):
    """The name that one has now."""

    name = forms.CharField(
        label=gettext_lazy("The name that you have now"),
        help_text=gettext_lazy("As it should stand in your credentials."),
        max_length=MAX_NAME,
    )

    def clean_name(self) -> str:
        """The name as it would be signed."""
        try:
            return clean_name(self.cleaned_data["name"])
        except Malformed as error:
            raise forms.ValidationError(error.args[0]) from error


@signed_in
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_name(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Ask for another name in what this issuer awarded."""
    holding = _held(request, holding_id)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _asked(request, holding, Wish.Kind.NAME, form.cleaned_data["name"])
    context: dict[str, Any] = {"holding": holding, "form": form, "section": "me"}
    return render(request, "wallet/ask_name.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def ask_for_renewal(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Ask for one that holds longer."""
    return _asked(request, _held(request, holding_id), Wish.Kind.RENEWAL, "")


@member_page(issuing.REPLACE, Capability.ISSUE)
@require_POST
def decline(request: MemberRequest, organisation: Organisation, wish_id: UUID) -> HttpResponse:
    """Say no to what a learner asked for."""
    found = get_object_or_404(Wish, pk=wish_id, organisation=organisation)
    wish = wishes.decline(
        organisation=organisation, wish_id=found.id, actor=request.user, now=timezone.now()
    )
    messages.success(request, _("Declined. The learner reads that on the page of the credential."))
    return redirect("issuing:detail", organisation.slug, wish.award_id)


def _asked(request: HttpRequest, holding: Holding, kind: Wish.Kind, name: str) -> HttpResponse:
    wishes.ask(
        holding_id=holding.id,
        kind=kind,
        name=name,
        actor=cast(User, request.user),
        now=timezone.now(),
    )
    messages.success(request, _("Your issuer is asked. You see the answer here."))
    return redirect("wallet:credential", holding.id)


def _held(request: HttpRequest, holding_id: UUID) -> Holding:
    holding = selectors.held_by(cast(User, request.user), holding_id)
    if holding is None:
        raise Http404
    return holding
