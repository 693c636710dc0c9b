"""The front door and the short pages that every installation owes its readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.catalogue.selectors import published_versions
from cairn.organisations.models import Organisation, RegisterEntry
from cairn.platform.http import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three doors: learn, issue, verify.  Three queries."""
    with_keys = Organisation.objects.filter(
        state=Organisation.State.ACTIVE, signing_keys__state="active"
    )
    context = {
        "published": published_versions().count(),
        "issuers": with_keys.distinct().count(),
        "named": RegisterEntry.objects.filter(removed_at=None)
        .values("issuer_did")
        .distinct()
        .count(),
    }
    return render(request, "site/home.html", context)


@public
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The questions people ask first."""
    return render(request, "site/help.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, and who sees it."""
    return render(request, "site/privacy.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, and what doesn't yet."""
    return render(request, "site/accessibility.html")


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may list: not persons' pages, and nothing behind a sign-in."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/c/", "/claim/", "/me/", "/console/", "/accounts/")),
        "Disallow: /demo/",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain")
