"""The home of an organisation's console: what waits for this person, and how things stand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cairn.catalogue.permissions import EDIT
from cairn.issuing.documents import title_of
from cairn.issuing.permissions import AWARD
from cairn.issuing.selectors import awards_of
from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Capability, Organisation
from cairn.organisations.permissions import VIEW
from cairn.site.figures import figures_of
from cairn.site.waiting import waiting_for

_LAST = 5


@member_page(VIEW)
@require_safe
def home(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """What waits for this member, a few figures, the last awards."""
    now, language = timezone.now(), get_language() or "en"
    issues = Capability.ISSUE in organisation.capabilities
    context = {
        "waiting": waiting_for(request.user, organisation, request.roles, now),
        "figures": figures_of(organisation, now),
        "awards": [
            (one, title_of(one.version, language)) for one in awards_of(organisation)[:_LAST]
        ],
        "may_design": issues and not EDIT.roles.isdisjoint(request.roles),
        "may_award": issues and not AWARD.roles.isdisjoint(request.roles),
    }
    return render(request, "site/console_home.html", context)
