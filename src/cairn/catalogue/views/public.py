"""The addresses that signed credentials name: a version for people and machines, a picture."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.catalogue.openbadges import achievement_document, not_carried
from cairn.catalogue.pictures import stored_png
from cairn.catalogue.presentation import language_for, shown
from cairn.catalogue.selectors import newest_number, published_version, runs
from cairn.catalogue.views.finding import reading_language
from cairn.platform.http import public

_FOREVER = "public, max-age=31536000, immutable"
_JSON = ("application/ld+json", "application/json")


@public
@require_safe
def version(request: HttpRequest, achievement_id: UUID, number: int) -> HttpResponse:
    """A published version: a page, or its Open Badges document for those who ask for JSON."""
    found = published_version(achievement_id, number)
    if found is None:
        raise Http404
    if (
        request.GET.get("format") == "json"
        or request.get_preferred_type(("text/html", *_JSON)) in _JSON
    ):
        response: HttpResponse = _document(request, found)
    else:
        response = render(request, "catalogue/public_version.html", public_context(request, found))
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response


@public
@require_safe
def media(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A stored picture.  Its address is its digest, so it never changes."""
    data = stored_png(sha256)
    if data is None:
        raise Http404
    headers = {
        "Cache-Control": _FOREVER,
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",  # verifiers elsewhere show it too
    }
    return HttpResponse(data, content_type="image/png", headers=headers)


def public_context(request: HttpRequest, found: AchievementVersion) -> dict[str, object]:
    """What a public page of a version shows, in the language of its reader."""
    newest = newest_number(found.achievement_id)
    return {
        "version": found,
        "provider": found.achievement.creator,
        "shown": shown(found, reading_language(request)),
        "runs": runs(found),
        "not_carried": not_carried(found),
        "newest": newest if newest > found.number else None,
        "is_retired": found.achievement.state == Achievement.State.RETIRED,
        "section": "learn",
    }


def _document(request: HttpRequest, found: AchievementVersion) -> JsonResponse:
    # Without `?lang=` always the language it was written in: the address has one meaning.
    language = language_for(found, request.GET.get("lang", ""))
    return JsonResponse(
        achievement_document(found, language),
        content_type="application/ld+json",
        headers={"Access-Control-Allow-Origin": "*", "Content-Language": language},
    )
