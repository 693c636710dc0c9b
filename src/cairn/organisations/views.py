"""Choosing an organisation, its members, its settings."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.organisations import selectors
from cairn.organisations.console import MemberRequest
from cairn.platform.http import signed_in


@signed_in
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The organisations this person acts for."""
    mine = selectors.memberships_of(cast(MemberRequest, request).user)
    context = {"memberships": mine, "section": "issue"}
    return render(request, "organisations/choose.html", context)
