"""Pages for what went wrong, in our look; below /api/ as problem details."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from cairn.core.codec import strict_json

_API = "/api/"
_CODES = {404: "not_found", 400: "bad_request", 403: "forbidden", 500: "internal"}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that can't be read, such as one for a host that isn't ours."""
    return _without_request(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something that this person may not do."""
    return _page(request, HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that wasn't sent from our own page, or from one that had stood open for too long."""
    return _page(request, HTTPStatus.FORBIDDEN, is_csrf=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere, or to what is another's."""
    return _page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault.  Asks neither database nor session, for one of them may be the reason."""
    return _without_request(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(request: HttpRequest, status: HTTPStatus, *, is_csrf: bool = False) -> HttpResponse:
    if request.path.startswith(_API):
        return _problem(status)
    context = {"status": status.value, "is_csrf": is_csrf}
    return render(request, "site/error.html", context, status=status)


def _without_request(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path.startswith(_API):
        return _problem(status)
    return HttpResponse(
        render_to_string("site/error.html", {"status": status.value}), status=status
    )


def _problem(status: HTTPStatus) -> HttpResponse:
    code = _CODES[status.value]
    body = strict_json.write(
        {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code}
    )
    return HttpResponse(body, status=status, content_type="application/problem+json")
