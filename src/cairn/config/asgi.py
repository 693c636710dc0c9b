"""What is served: a thin dispatcher, the API of the checker in front, Django behind it in threads.

Measured when this was chosen: a request costs Django about 120 µs by WSGI and 640 and more by its
own ASGI handler, a bare ASGI application about 40.  A check costs about as much as Django's share.
"""

from django.conf import settings
from granian.utils.proxies import wrap_asgi_with_proxy_headers

from cairn.config.wsgi import application as django_application
from cairn.config.wsgi_bridge import WsgiBridge
from cairn.platform.asgi import Application, Message, Receive, Send
from cairn.verification.api import PATH as VERIFY_PATH
from cairn.verification.api import VerifyApi


class Dispatcher:
    """Sends each request to the application that answers it."""

    def __init__(self, django: WsgiBridge, verify: VerifyApi) -> None:
        self._django = django
        self._verify = verify

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; on shutdown let what is under way end."""
        if scope["type"] == "http":
            application: Application = self._django
            if scope["path"] == VERIFY_PATH:
                application = self._verify
            await application(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    def close(self) -> None:
        """Finish what is under way, and take no more."""
        self._django.close()
        self._verify.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self.close()
                return


def dispatcher() -> Dispatcher:
    """A dispatcher with threads and counts of its own."""
    return Dispatcher(WsgiBridge(django_application), VerifyApi(settings.CAIRN.base_url))


# Only a proxy on this machine is believed who the client is, and that it came by https.
application = wrap_asgi_with_proxy_headers(dispatcher(), trusted_hosts="127.0.0.1")
