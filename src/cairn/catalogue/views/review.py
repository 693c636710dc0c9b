"""What waits for a decision, and deciding about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cairn.catalogue import services
from cairn.catalogue.completeness import completeness
from cairn.catalogue.content import Content
from cairn.catalogue.forms.life import DecisionForm
from cairn.catalogue.models import AchievementVersion, Decision
from cairn.catalogue.openbadges import not_carried
from cairn.catalogue.permissions import APPROVE, REQUEST_CHANGES, SEE_REVIEWS
from cairn.catalogue.presentation import changes, shown, statements
from cairn.catalogue.selectors import history, previous_published, review_queue
from cairn.catalogue.services import approval_by
from cairn.catalogue.views.finding import reading_language, version_or_404
from cairn.catalogue.views.listing import can
from cairn.core.errors import Conflict, NotAllowed
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation


@member_page(SEE_REVIEWS, Capability.ISSUE)
@require_safe
def queue(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """Versions that wait, the longest first."""
    language = reading_language(request)
    rows = [(version, shown(version, language)) for version in review_queue(organisation)]
    context = {"organisation": organisation, "rows": rows}
    return render(request, "catalogue/review_queue.html", context)


@member_page(SEE_REVIEWS, Capability.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
def review(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID, number: int
) -> HttpResponse:
    """What changed against the published version, and the decision with its reasons."""
    version = version_or_404(organisation, achievement_id, number)
    if version.state != AchievementVersion.State.SUBMITTED:
        if request.method == "POST":
            raise Conflict(_("this was decided already; open the page again to see by whom"))
        return redirect("catalogue:version", organisation.slug, achievement_id, number)
    approval = _approval(request, version)
    data = request.POST if request.method == "POST" else None
    form = DecisionForm(
        data, may_approve=approval is not None, initial={"seen": Content.of(version).sha256()}
    )
    if data is not None and form.is_valid():
        return _decided(request, organisation, version, form)
    context = {**_compared(version, reading_language(request)), "organisation": organisation}
    context |= {
        "form": form,
        "completeness": completeness(Content.of(version), organisation),
        "not_carried": not_carried(version),
        "decisions": history(version),
        "may_decide": can(request, REQUEST_CHANGES),
        "is_alone": approval == AchievementVersion.Approval.NOT_INDEPENDENT,
        "wrote_it": can(request, APPROVE) and approval is None,
    }
    return render(request, "catalogue/review.html", context, status=422 if data else 200)


def _approval(
    request: MemberRequest, version: AchievementVersion
) -> AchievementVersion.Approval | None:
    """What an approval by this member is worth; None if they may not give one."""
    if not can(request, APPROVE):
        return None
    try:
        return approval_by(request.user, version)
    except NotAllowed:
        return None


def _compared(version: AchievementVersion, language: str) -> dict[str, object]:
    content, before = Content.of(version), previous_published(version)
    if before is None:
        return {
            "version": version,
            "shown": shown(version, language),
            "statements": statements(content),
        }
    differing, same = changes(Content.of(before), content)
    return {
        "version": version,
        "shown": shown(version, language),
        "before": before,
        "changes": differing,
        "same": same,
        "statements": statements(content),
    }


def _decided(
    request: MemberRequest,
    organisation: Organisation,
    version: AchievementVersion,
    form: DecisionForm,
) -> HttpResponse:
    decide = (
        services.approve_version
        if form.cleaned_data["outcome"] == Decision.Outcome.APPROVED
        else services.request_changes
    )
    decide(
        version_id=version.pk,
        reasons=form.cleaned_data["reasons"],
        seen_sha256=form.cleaned_data["seen"],
        actor=request.user,
        now=timezone.now(),
    )
    if decide is services.approve_version:
        messages.success(request, _("It is published."))
    else:
        messages.success(request, _("The author was asked for a change."))
    return redirect("catalogue:version", organisation.slug, version.achievement_id, version.number)
