"""Readable addresses of catalogue pages.  They are aliases: signed bytes hold ids."""

from uuid import UUID

from django.utils.text import slugify

from cairn.catalogue.models import Achievement


def free_slug(name: str, achievement_id: UUID) -> str:
    """A slug from `name` that no other achievement has, with a part of the id if it must."""
    tail = achievement_id.hex[:8]
    plain = slugify(name)[:100].strip("-")
    if not plain:  # a name without Latin letters
        return tail
    taken = Achievement.objects.filter(slug=plain).exists()
    return f"{plain}-{tail}" if taken else plain
