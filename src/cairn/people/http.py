"""Pages of whoever runs the installation."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, Protocol, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from cairn.people.models import User

_P = ParamSpec("_P")


class OperatorRequest(HttpRequest):
    """A request of an operator."""

    user: User


class _OperatorPage(Protocol):
    access: Literal["operator"]


def operator_page(
    view: Callable[Concatenate[OperatorRequest, _P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """The page of operators; for everybody else it is not there.

    What an operator may see is about the installation: never an organisation's objects, never what
    a learner holds.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not cast(User, request.user).is_staff:
            raise Http404
        return view(cast(OperatorRequest, request), *args, **kwargs)

    guarded = cast(Callable[..., HttpResponseBase], login_required(page))
    cast(_OperatorPage, guarded).access = "operator"
    return guarded
