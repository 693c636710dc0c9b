"""The achievements of an organisation, and one version of one."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cairn.catalogue.completeness import completeness
from cairn.catalogue.content import Content
from cairn.catalogue.forms.life import OfferingForm
from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.catalogue.openbadges import not_carried
from cairn.catalogue.permissions import EDIT, OFFER, RETIRE, SEE_REVIEWS, VIEW
from cairn.catalogue.presentation import shown
from cairn.catalogue.selectors import history, newest_number, newest_versions, runs
from cairn.catalogue.views.finding import reading_language, version_or_404
from cairn.organisations.access import Action
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation

PER_PAGE = 25
_STATE = AchievementVersion.State
STATES: dict[str, tuple[str | Promise, str, str]] = {
    _STATE.DRAFT: (gettext_lazy("Draft"), "", "soon"),
    _STATE.SUBMITTED: (gettext_lazy("Waits for a decision"), "warn", "warn"),
    _STATE.PUBLISHED: (gettext_lazy("Published"), "ok", "ok"),
    _STATE.WITHDRAWN: (gettext_lazy("Given up"), "", "none"),
    Achievement.State.RETIRED: (gettext_lazy("Retired"), "", "none"),
}
_FILTERS = ("", _STATE.DRAFT, _STATE.SUBMITTED, _STATE.PUBLISHED, Achievement.State.RETIRED)


def state_tag(version: AchievementVersion) -> dict[str, object]:
    """The words and the look of the state of a version."""
    is_retired = version.achievement.state == Achievement.State.RETIRED
    text, look, shape = STATES[Achievement.State.RETIRED if is_retired else version.state]
    return {"text": text, "state": look, "icon": shape}


def can(request: MemberRequest, action: Action) -> bool:
    """Whether to show what needs `action`; the page or service behind it asks again."""
    return not action.roles.isdisjoint(request.roles)


@member_page(VIEW, Capability.ISSUE)
@require_safe
def achievements(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """The newest version of each achievement, searched and filtered by state."""
    query, state = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    state = state if state in _FILTERS else ""
    found = newest_versions(organisation, query=query, state=state)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    language = reading_language(request)
    context = {
        "organisation": organisation,
        "page": page,
        "rows": [(version, shown(version, language), state_tag(version)) for version in page],
        "query": query,
        "state": state,
        "filters": [(one, STATES[one][0] if one else _("All")) for one in _FILTERS],
        "may_edit": can(request, EDIT),
    }
    return render(request, "catalogue/achievements.html", context)


@member_page(VIEW, Capability.ISSUE)
@require_safe
def version(
    request: MemberRequest, organisation: Organisation, achievement_id: UUID, number: int
) -> HttpResponse:
    """One version: what it says, how a credential looks, what was decided, its runs."""
    found = version_or_404(organisation, achievement_id, number)
    form = OfferingForm(initial={"language": found.language})
    return version_page(request, organisation, found, form)


def version_page(
    request: MemberRequest,
    organisation: Organisation,
    found: AchievementVersion,
    form: OfferingForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of a version, with the form of a new run as it stands."""
    content = Content.of(found)
    is_published = found.state == _STATE.PUBLISHED
    is_active = found.achievement.state == Achievement.State.ACTIVE
    is_newest = is_published and newest_number(found.achievement_id) == found.number
    context = {
        "organisation": organisation,
        "version": found,
        "shown": shown(found, reading_language(request)),
        "tag": state_tag(found),
        "completeness": completeness(content, organisation),
        "not_carried": not_carried(found),
        "decisions": history(found),
        "runs": runs(found),
        "form": form,
        "is_draft": found.state == _STATE.DRAFT,
        "is_submitted": found.state == _STATE.SUBMITTED,
        "is_published": is_published,
        "is_retired": not is_active,
        "may_edit": can(request, EDIT),
        "may_review": can(request, SEE_REVIEWS),
        "may_offer": can(request, OFFER) and is_published and is_active,
        "may_renew": can(request, EDIT) and is_newest and is_active,
        "may_retire": can(request, RETIRE) and is_newest and is_active,
    }
    return render(request, "catalogue/version.html", context, status=status)
