"""What this installation publishes, read from its database instead of over HTTP.

A verification here asks itself under any address that it has: the base address, and https at the
same host, which is what did:web means whatever the installation is served over.  Whatever else
stands at our host is no document, and is never fetched: we would wait for ourselves.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from cairn.core.codec import strict_json
from cairn.core.errors import Gone, Unobtainable
from cairn.core.verify.ports import Documents, Forgetful, Locating
from cairn.issuing.models import SignedForm, StatusList
from cairn.issuing.selectors import form_body, newest_of
from cairn.organisations.models import Register
from cairn.platform import storage
from cairn.signing.models import SigningKey
from cairn.signing.selectors import did_document, published_issuer, published_jwk
from cairn.wallet.selectors import visible

_UUID = r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_LIST = re.compile(rf"/status/{_UUID}")


class OwnDocuments:
    """Documents of this installation from its database, all others from `beyond`."""

    def __init__(self, beyond: Documents, base_url: str) -> None:
        self._beyond = beyond
        self._host = urlsplit(base_url).netloc

    def get(self, url: str, *, now: datetime) -> bytes:
        """The document at `url`.  Raises `Unobtainable` and `NotAllowed`."""
        if self.is_own(url):
            return _own_document(url)
        return self._beyond.get(url, now=now)

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        """As `get`, with the address at which redirects ended; ours are where they say."""
        if not self.is_own(url) and isinstance(self._beyond, Locating):
            return self._beyond.get_located(url, now=now)
        return self.get(url, now=now), url

    def forget(self, url: str) -> None:
        """Ask for `url` anew; of our own nothing is kept."""
        if not self.is_own(url) and isinstance(self._beyond, Forgetful):
            self._beyond.forget(url)

    def is_own(self, url: str) -> bool:
        """Whether `url` stands at our host."""
        try:
            parts = urlsplit(url)
        except ValueError:  # a stranger's address; the fetcher says what is wrong with it
            return False
        return parts.scheme in ("http", "https") and parts.netloc.lower() == self._host

    def list_version(self, url: str) -> int | None:
        """The version published of our status list at `url`; None if it is no such address."""
        found = _LIST.fullmatch(urlsplit(url).path) if self.is_own(url) else None
        if found is None:
            return None
        lists = StatusList.objects.filter(id=UUID(found["id"]))
        return lists.values_list("version", flat=True).first() or 0


def _credential(found: re.Match[str], query: str) -> bytes | None:
    """The signed JSON at a page of ours, if its holder shows it to whoever has the link.

    Private ones look as if they weren't there.
    """
    key = parse_qs(query).get("key", [""])[0]
    shown = visible(UUID(found["id"]), key=key, viewer=None)
    return form_body(shown.credential, SignedForm.Form.DATA_INTEGRITY) if shown else None


def _own_document(url: str) -> bytes:
    parts = urlsplit(url)
    for pattern, read in _DOCUMENTS:
        found = pattern.fullmatch(parts.path)
        if found is not None:
            body = read(found, parts.query)
            if body is not None:
                return body
    raise Unobtainable(f"nothing is published at {url!r:.200}")


def _did_document(found: re.Match[str], query: str) -> bytes | None:
    organisation = published_issuer(UUID(found["id"]))
    return strict_json.write(did_document(organisation)) if organisation else None


def _jwk(found: re.Match[str], query: str) -> bytes | None:
    organisation = published_issuer(UUID(found["id"]))
    if organisation is None:
        return None
    try:
        jwk = published_jwk(organisation, found["fragment"])
    except SigningKey.DoesNotExist:
        return None
    if jwk is None:
        raise Gone("this key is no longer published: it was compromised")
    return strict_json.write(jwk)


def _status_list(found: re.Match[str], query: str) -> bytes | None:
    bodies = StatusList.objects.filter(id=UUID(found["id"])).values_list("body", flat=True)
    body = bodies.first()
    return bytes(body) if body else None


def _register(found: re.Match[str], query: str) -> bytes | None:
    bodies = Register.objects.filter(id=UUID(found["id"])).values_list("body", flat=True)
    body = bodies.first()
    return bytes(body) if body else None


def _newest(found: re.Match[str], query: str) -> bytes | None:
    # Of a private one too, whose address says to others that there is none: that it was replaced
    # is no secret, and an answer names the id alone, which opens nothing to who may not see it.
    newest = newest_of(UUID(found["id"]))
    if newest is None:
        raise Gone("there is no newer copy of this credential")
    return form_body(newest, SignedForm.Form.DATA_INTEGRITY)


def _media(found: re.Match[str], query: str) -> bytes | None:
    return storage.stored(found["name"])


_DOCUMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], bytes | None]], ...] = (
    (re.compile(rf"/i/{_UUID}/did\.json"), _did_document),
    (re.compile(rf"/i/{_UUID}/keys/(?P<fragment>[A-Za-z0-9_-]{{1,120}})\.jwk"), _jwk),
    (_LIST, _status_list),
    (re.compile(rf"/registers/{_UUID}"), _register),
    (re.compile(rf"/c/{_UUID}(?:/credential\.json)?"), _credential),
    (re.compile(rf"/c/{_UUID}/newest"), _newest),
    (re.compile(r"/media/(?P<name>[0-9a-f]{64})"), _media),
)
