"""Take an award back from the wrong person: to which address it goes, and why."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cairn.issuing import moving_back, permissions, selectors
from cairn.issuing.forms import AddressForm
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


class MoveBackForm(AddressForm):
    """To which address, and why."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        help_text=_("The person whom it leaves reads it."),
        choices=list(moving_back.REASONS.items()),
        widget=forms.RadioSelect,
    )


@member_page(permissions.MOVE_BACK, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def move_back(request: MemberRequest, organisation: Organisation, award_id: UUID) -> HttpResponse:
    """Take it back, and mail a new link."""
    award = get_object_or_404(selectors.awards_of(organisation), pk=award_id)
    moving_back.refuse_move(award)
    form = MoveBackForm(
        request.POST if request.method == "POST" else None, initial={"email": award.learner.email}
    )
    if form.is_valid():
        moving_back.move_back(
            award=award,
            email=form.cleaned_data["email"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            now=timezone.now(),
        )
        return redirect("issuing:detail", organisation.slug, award.id)
    context = {"organisation": organisation, "award": award, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "issuing/move_back.html", context, status=status)
