"""The awarding desk: choose what, say to whom, look at it once more, award.

The three steps are one form sent to one address, so that they work without JavaScript and keep
nothing between them.
"""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.selectors import awardable_versions
from cairn.issuing import permissions, selectors, services
from cairn.issuing.documents import results_in_words, title_of
from cairn.issuing.forms import AwardForm
from cairn.issuing.validity import end_of_validity
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(permissions.AWARD, Capability.ISSUE)
@require_safe
def choose(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """What can be awarded."""
    language = get_language() or "en"
    versions = [(one, title_of(one, language)) for one in awardable_versions(organisation)]
    context = {"organisation": organisation, "versions": versions}
    return render(request, "issuing/choose.html", context)


@member_page(permissions.AWARD, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def award(request: MemberRequest, organisation: Organisation, version_id: UUID) -> HttpResponse:
    """Award one version: the form, then the preview, then the award."""
    version = get_object_or_404(awardable_versions(organisation), pk=version_id)
    runs = version.offerings.all()
    if request.method != "POST":
        return _form_page(request, organisation, version, AwardForm(version=version, runs=runs))
    form = AwardForm(request.POST, version=version, runs=runs)
    if not form.is_valid():
        return _form_page(request, organisation, version, form)
    said = form.cleaned_data
    twin = selectors.same_award(
        organisation, version=version, offering=said["offering"], email=said["email"]
    )
    if twin is not None and twin.id != form.award_key:
        form.add_error("email", _("This learner has this award, as of this run, already."))
        return _form_page(request, organisation, version, form)
    match request.POST.get("step"):
        case "confirm":
            return _award(request, organisation, form)
        case "edit":
            return _form_page(request, organisation, version, form)
        case _:
            return _preview_page(request, organisation, form, timezone.now())


def _award(request: MemberRequest, organisation: Organisation, form: AwardForm) -> HttpResponse:
    said = form.cleaned_data
    given = services.award(
        award_id=form.award_key,
        issuer=organisation,
        version=form.version,
        offering=said["offering"],
        email=said["email"],
        name=said["name"],
        language=said["language"],
        achieved=form.achieved,
        actor=request.user,
        now=timezone.now(),
    )
    return redirect("issuing:detail", organisation.slug, given.id)


def _form_page(
    request: MemberRequest, organisation: Organisation, version: AchievementVersion, form: AwardForm
) -> HttpResponse:
    title = title_of(version, get_language() or "en")
    context = {"organisation": organisation, "title": title, "form": form}
    return render(request, "issuing/form.html", context, status=422 if form.errors else 200)


def _preview_page(
    request: MemberRequest, organisation: Organisation, form: AwardForm, now: datetime
) -> HttpResponse:
    version, months = form.version, form.version.valid_for_months
    context = {
        "organisation": organisation,
        "version": version,
        "form": form,
        "title": title_of(version, form.cleaned_data["language"]),
        "results": results_in_words(version, form.achieved.results),
        "valid_until": end_of_validity(now, months, organisation.time_zone) if months else None,
    }
    return render(request, "issuing/preview.html", context)
