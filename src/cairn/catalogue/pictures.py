"""The picture of a version: an upload, or a drawing."""

from uuid import UUID

from cairn.catalogue.drawing import FAMILIES, drawing
from cairn.platform import storage
from cairn.platform.images import is_png


def stored_png(sha256: str) -> bytes | None:
    """The picture at `/media/<sha256>`; None for what is not stored, or is no picture."""
    data = storage.stored(sha256)
    return data if data is not None and is_png(data) else None


def drawn(family: str, achievement_id: UUID) -> str:
    """The SHA-256 of the drawing of an achievement in this family, stored; "" without one."""
    if family not in FAMILIES:
        return ""
    return storage.keep(drawing(family, str(achievement_id)))
