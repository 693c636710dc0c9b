"""The public catalogue: search, and one entry with all its facts."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cairn.catalogue.presentation import shown
from cairn.catalogue.selectors import newest_published, published_versions
from cairn.catalogue.views.finding import reading_language
from cairn.catalogue.views.public import public_context
from cairn.platform.http import public

PER_PAGE = 20
_MAX_QUERY = 200  # characters


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What can be earned, searched by word and provider."""
    query = request.GET.get("q", "").strip()[:_MAX_QUERY]
    page = Paginator(published_versions(query), PER_PAGE).get_page(request.GET.get("page"))
    language = reading_language(request)
    context = {
        "query": query,
        "page": page,
        "entries": [(version, shown(version, language)) for version in page],
        "section": "learn",
    }
    return render(request, "site/catalogue.html", context)


@public
@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest published version of one achievement."""
    version = newest_published(slug)
    if version is None:
        raise Http404
    return render(request, "site/catalogue_entry.html", public_context(request, version))
