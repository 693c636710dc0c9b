"""Django as a WSGI application; `cairn.config.asgi` serves it with what stands in front."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")

application = get_wsgi_application()
