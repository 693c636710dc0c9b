"""Runs of a published version: open one, close one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cairn.catalogue import offerings
from cairn.catalogue.forms.life import OfferingForm
from cairn.catalogue.models import Offering
from cairn.catalogue.permissions import OFFER
from cairn.catalogue.views.finding import version_or_404
from cairn.catalogue.views.listing import version_page
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(OFFER, Capability.ISSUE)
@require_POST
def open_run(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID, number: int
) -> HttpResponse:
    """A new run of this version."""
    version = version_or_404(organisation, achievement_id, number)
    form = OfferingForm(request.POST)
    if not form.is_valid():
        return version_page(request, organisation, version, form, status=422)
    offerings.open_offering(
        version_id=version.pk, actor=request.user, now=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("The run is open: awards can name it."))
    return redirect("catalogue:version", organisation.slug, achievement_id, number)


@member_page(OFFER, Capability.ISSUE)
@require_POST
def close_run(
    request: MemberRequest, organisation: Organisation, offering_id: UUID
) -> HttpResponse:
    """Award no more of this run."""
    run = get_object_or_404(
        Offering.objects.select_related("version"),
        version__achievement__creator=organisation,
        pk=offering_id,
    )
    offerings.close_offering(offering_id=run.pk, actor=request.user, now=timezone.now())
    messages.success(request, _("The run is closed."))
    version = run.version
    return redirect("catalogue:version", organisation.slug, version.achievement_id, version.number)
