"""Stored files, named by their own digest: what an address /media/<sha256> gives never changes.

The port is Django's default storage: a folder, or later whatever speaks S3.
"""

import hashlib
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

_NAME = re.compile(r"[0-9a-f]{64}")


def keep(data: bytes) -> str:
    """Store `data`; its SHA-256 in hex, by which it is found again."""
    name = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(_path(name)):
        default_storage.save(_path(name), ContentFile(data))
    return name


def stored(name: str) -> bytes | None:
    """The bytes kept under this digest, None if there are none."""
    if not _NAME.fullmatch(name) or not default_storage.exists(_path(name)):
        return None
    with default_storage.open(_path(name)) as file:
        return bytes(file.read())


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"
