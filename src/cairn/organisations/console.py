"""Pages of the console: each is found through its organisation, and names the action it needs.

A stranger gets 404, a member in another role 403.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from cairn.organisations.access import Action, organisations_of, require_role, roles_of
from cairn.organisations.models import Capability, Organisation, Role
from cairn.people.models import User

_P = ParamSpec("_P")


class MemberRequest(HttpRequest):
    """A request of a member: signed in, and allowed the action of the page."""

    user: User
    organisation: Organisation  # the one whose console this is
    roles: frozenset[Role]  # of the user there


class MemberPage(Protocol):
    """A view that says which action it needs, and which capability of the organisation if any."""

    access: Action
    capability: Capability | None


def member_page(
    action: Action, capability: Capability | None = None
) -> Callable[
    [Callable[Concatenate[MemberRequest, Organisation, _P], HttpResponseBase]],
    Callable[..., HttpResponseBase],
]:
    """The page of members who may do `action`; the view gets the organisation that `slug` names.

    With a `capability`, organisations without it have no such page.
    """

    def decorate(
        view: Callable[Concatenate[MemberRequest, Organisation, _P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(
            request: HttpRequest, slug: str, *args: _P.args, **kwargs: _P.kwargs
        ) -> HttpResponseBase:
            asked = cast(MemberRequest, request)
            organisation = get_object_or_404(organisations_of(asked.user), slug=slug)
            if capability is not None and capability not in organisation.capabilities:
                raise Http404
            asked.organisation, asked.roles = organisation, roles_of(asked.user, organisation)
            require_role(asked.roles, action, organisation)
            return view(asked, organisation, *args, **kwargs)

        guarded = cast(Callable[..., HttpResponseBase], login_required(page))
        cast(MemberPage, guarded).access = action
        cast(MemberPage, guarded).capability = capability
        return guarded

    return decorate
