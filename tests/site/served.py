"""The API at a fixed time, for a server that is started as a process of its own."""

import os

import django

from cairn.platform.asgi import Application


def make_app() -> Application:
    """The application, in a process that has no settings yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()

    from cairn.verification.api import VerifyApi
    from tests.core.issuing import NOW
    from tests.verification.test_api import plain_check

    return VerifyApi("http://localhost", check=plain_check, now=lambda: NOW)
