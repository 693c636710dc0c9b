"""What everybody may have of issuing: the signed status lists, by the address in credentials."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cairn.issuing import selectors
from cairn.issuing.status_lists import TTL_SECONDS
from cairn.platform.http import public


@public
@require_safe
def status_list(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """The signed list, for browsers of any origin too."""
    found = selectors.published_list(list_id)
    if found is None:
        raise Http404
    etag = f'"{found.version}"'
    headers = {
        "Cache-Control": f"public, max-age={TTL_SECONDS}",
        "Access-Control-Allow-Origin": "*",
        "ETag": etag,
    }
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(bytes(found.body), content_type="application/vc", headers=headers)
