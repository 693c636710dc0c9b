"""Parts of a console page that belong to a room further down the flow.

A room can't import the ones below it in the flow, and a page should say what they know; so the
settings list, by page, functions of `(request, what the page is about)` (`CONSOLE_PANELS`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Panel:
    """A template, and what it shows."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)


@cache
def panels_of(page: str) -> tuple[Callable[[object, object], Panel | None], ...]:
    """What makes the panels of this page, in their order."""
    return tuple(import_string(name) for name in settings.CONSOLE_PANELS.get(page, ()))
