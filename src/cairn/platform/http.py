"""Errors to HTTP in one place, and the mark that says who may open a page.

A view without a mark is refused by a test: `public`, `signed_in`,
`cairn.organisations.console.member_page` or `cairn.people.http.operator_page`.
"""

from collections.abc import Callable
from typing import Literal, ParamSpec, Protocol, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst

from cairn.core.errors import CairnError, Conflict, Malformed, NotAllowed, Unverifiable

_P = ParamSpec("_P")
_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])
_STATUS: tuple[tuple[type[CairnError], int], ...] = (
    (Malformed, 400),
    (NotAllowed, 403),
    (Conflict, 409),
    (Unverifiable, 422),
)


class Marked(Protocol):
    """A view that says who may open it."""

    access: Literal["public", "signed_in"]


def public(view: _View) -> _View:
    """Anybody may open this page."""
    cast(Marked, view).access = "public"
    return view


def signed_in(view: Callable[_P, HttpResponseBase]) -> Callable[_P, HttpResponseBase]:
    """Whoever is signed in may open this page; it shows them only what is theirs."""
    guarded = login_required(view)
    cast(Marked, guarded).access = "signed_in"
    return guarded


def status_of(error: CairnError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def _sentence(error: CairnError) -> str:
    text = capfirst(str(error.args[0] if error.args else ""))
    return f"{text}." if text[-1:].isalnum() else text


class CairnErrorMiddleware:
    """Turn a `CairnError` into its status and a page that says what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for an error raised on purpose; None for any other."""
        if not isinstance(error, CairnError):
            return None
        status = status_of(error)
        context = {"error": _sentence(error), "status": status}
        return render(request, "platform/error.html", context, status=status)
