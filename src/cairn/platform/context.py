"""What every template may show of the installation."""

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, object]:
    """The base address, and whether this is the demo."""
    return {"base_url": settings.CAIRN.base_url, "is_demo": settings.CAIRN.is_demo}
