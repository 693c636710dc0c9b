"""The home of an organisation's console: what waits for this person, across rooms."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.organisations.console import MemberRequest, member_page
from cairn.organisations.models import Organisation
from cairn.organisations.permissions import VIEW


@member_page(VIEW)
@require_safe
def home(request: MemberRequest, organisation: Organisation) -> HttpResponse:
    """What waits for this member."""
    return render(request, "site/console_home.html", {"organisation": organisation})
