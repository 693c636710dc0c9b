"""What all pages of the wallet, and the credential page, say to browsers about themselves."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse

from cairn.people.models import User
from cairn.wallet.downloads import Download

_P = ParamSpec("_P")


def unlisted(view: Callable[_P, HttpResponse]) -> Callable[_P, HttpResponse]:
    """A page behind a secret in its address: kept by no cache, no index and no other site's log."""

    @wraps(view)
    def page(*args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        return unlist(view(*args, **kwargs))

    return page


def unlist(response: HttpResponse) -> HttpResponse:
    """`response` with the headers of such a page."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    # Not no-referrer: under that a browser sends forms with `Origin: null`, which are refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def file_response(file: Download, *, is_attachment: bool) -> HttpResponse:
    """A file to save, or to read in place."""
    response = HttpResponse(file.body, content_type=file.content_type)
    kind = "attachment" if is_attachment else "inline"
    response["Content-Disposition"] = f'{kind}; filename="{file.name}"'
    return response


def person(request: HttpRequest) -> User | None:
    """Whoever is signed in."""
    return request.user if isinstance(request.user, User) else None
