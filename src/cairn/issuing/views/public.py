"""What everybody may have of issuing: the signed status lists, by the address in credentials."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from cairn.issuing import selectors
from cairn.issuing.status_lists import TTL_SECONDS
from cairn.platform.http import public


@public
@require_safe
def newest(request: HttpRequest, credential_id: UUID) -> HttpResponse:
    """Where every credential tells its holders to ask for a newer copy: there is none.

    One that was sent to another address isn't given: who has the old one is not who gets the new.
    """
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    text = gettext("There is no newer copy of this credential.")
    return HttpResponse(text, status=410, content_type="text/plain; charset=utf-8", headers=headers)


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
