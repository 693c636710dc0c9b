"""The sections of the console that a person's roles open."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, ResolverMatch, resolve, reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from cairn.organisations.access import Action
from cairn.organisations.models import Organisation, Role
from cairn.organisations.panels import panels_of
from cairn.organisations.roles import role_names

register = template.Library()
register.filter(role_names)

# Route and title, in the order of the side navigation.
_SECTIONS = (
    ("site:console_home", _("Home")),
    ("catalogue:achievements", _("Achievements")),
    ("catalogue:review_queue", _("Review")),
    ("issuing:awards", _("Awards")),
    ("issuing:approvals", _("Approvals")),
    ("wallet:mail", _("Mail")),
    ("erasure:cases", _("Erasure")),
    ("organisations:members", _("Members")),
    ("signing:keys", _("Keys")),
    ("signing:register", _("Register")),
    ("organisations:api_clients", _("Programs")),
    ("organisations:settings", _("Settings")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A link of the side navigation."""

    url: str
    title: str | Promise
    is_current: bool


@register.simple_tag(takes_context=True)
def console_sections(context: Context) -> list[Section]:
    """The sections whose first page the roles of this person open.

    A page says itself which action it needs, so the links can't promise more than the pages keep.
    """
    request = context["request"]
    match: ResolverMatch | None = request.resolver_match
    here = match.view_name if match else ""
    roles: frozenset[Role] = getattr(request, "roles", frozenset())
    organisation: Organisation = context["organisation"]
    found = []
    for route, title in _SECTIONS:
        url = _first_page(route, organisation, roles)
        if url:
            is_current = here == route or (
                route != _SECTIONS[0][0] and request.path.startswith(url)
            )
            found.append(Section(url, title, is_current))
    return found


@register.simple_tag(takes_context=True)
def console_panels(context: Context, page: str, about: object) -> SafeString:
    """What other rooms say on this page about the same thing; see `cairn.organisations.panels`."""
    request = context["request"]
    found = (make(request, about) for make in panels_of(page))
    return mark_safe(  # noqa: S308 - rendered by templates, which escape
        "".join(
            render_to_string(
                panel.template,
                {**panel.context, "organisation": context["organisation"], "about": about},
                request,
            )
            for panel in found
            if panel is not None
        )
    )


def _first_page(route: str, organisation: Organisation, roles: frozenset[Role]) -> str | None:
    try:
        url = reverse(route, args=[organisation.slug])
    except NoReverseMatch:  # an installation may leave rooms out
        return None
    view = resolve(url).func
    capability = getattr(view, "capability", None)
    if capability is not None and capability not in organisation.capabilities:
        return None
    access = getattr(view, "access", None)
    opens = isinstance(access, Action) and not access.roles.isdisjoint(roles)
    return url if opens else None
