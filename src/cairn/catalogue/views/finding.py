"""Objects of the catalogue by their addresses; those of others are not found."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from cairn.catalogue.models import Achievement, AchievementVersion
from cairn.catalogue.presentation import interface_language
from cairn.catalogue.selectors import versions_of
from cairn.organisations.models import Organisation


def version_or_404(
    organisation: Organisation, achievement_id: UUID, number: int
) -> AchievementVersion:
    """That version of an achievement that `organisation` made."""
    found = versions_of(organisation)
    return get_object_or_404(found, achievement_id=achievement_id, number=number)


def achievement_or_404(organisation: Organisation, achievement_id: UUID) -> Achievement:
    """An achievement that `organisation` made."""
    return get_object_or_404(Achievement, creator=organisation, pk=achievement_id)


def reading_language(request: HttpRequest) -> str:
    """The language to read in: `?lang=`, else that of the interface."""
    return request.GET.get("lang") or interface_language(get_language() or "en")
