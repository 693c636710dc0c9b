"""What a request to the API may say: its media type, its parameters, and how it is refused.

Errors are problem details (RFC 9457); `code` is the promise to programs, `detail` is for people.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from cairn.core.codec.strict_json import Json
from cairn.core.verify.ports import Claimed
from cairn.core.wording import render
from cairn.platform.asgi import Header

MAX_CLAIM = 300  # characters of a name or an address to compare with
MEDIA_TYPES = (
    "application/json",
    "application/ld+json",
    "application/vc",
    "application/vc+ld+json",
    "application/vc+jwt",
    "application/vc+sd-jwt",
    "application/dc+sd-jwt",
    "application/jwt",
    "application/octet-stream",
    "application/pdf",
    "application/zip",
    "image/png",
    "image/svg+xml",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "text/plain",
)
TITLES = {
    "bad_parameter": "A parameter is wrong",
    "bad_length": "The length is wrong",
    "busy": "Too much to do just now",
    "empty": "No file came",
    "length_required": "The length is missing",
    "method_not_allowed": "Another method",
    "no_credential": "No credential in this file",
    "not_found": "Nothing here",
    "too_large": "The file is too large",
    "too_many_requests": "Too many requests",
    "too_slow": "The file came too slowly",
    "unreadable": "This could not be read",
    "unsupported_media_type": "Not a file that can be checked",
}
_PARAMETERS = ("name", "email", "lang")
_KNOWN = frozenset(MEDIA_TYPES)


class Refused(Exception):
    """A request that gets a problem for an answer."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        headers: tuple[Header, ...] = (),
        more: dict[str, Json] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers
        self.more = more or {}

    def problem(self, base_url: str) -> dict[str, Json]:
        """The problem document; `type` leads to its explanation."""
        return {
            "type": f"{base_url}/api/docs#{self.code}",
            "title": TITLES[self.code],
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a request."""

    claimed: Claimed | None
    language: str


def read_query(query: bytes, accept_language: str) -> Asked:
    """The parameters.  Raises `Refused` for unknown, repeated and over-long ones."""
    if not query:
        return Asked(None, render.negotiate(accept_language))
    try:
        pairs = parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=len(_PARAMETERS),
        )
    except ValueError as err:
        raise _wrong(f"expected at most {', '.join(_PARAMETERS)}, percent-encoded UTF-8") from err
    given = dict(pairs)
    if len(given) < len(pairs):
        raise _wrong("a parameter stands there twice; give each once")
    for name, value in pairs:
        if name not in _PARAMETERS:
            raise _wrong(f"{name[:40]!r} is no parameter; known are {', '.join(_PARAMETERS)}")
        if len(value) > MAX_CLAIM:
            raise _wrong(f"{name} has more than {MAX_CLAIM} characters")
    language = given.get("lang")
    if language is not None and language not in render.languages():
        raise _wrong(f"lang is one of {', '.join(render.languages())}")
    claimed = Claimed(name=given.get("name", ""), email=given.get("email", ""))
    return Asked(
        claimed if claimed.name or claimed.email else None,
        language or render.negotiate(accept_language),
    )


def media_type_problem(content_type: str | None, encoding: str | None) -> str:
    """Why a body so labelled is not read; "" if it is.

    What a file is, its own bytes say; the label only tells files from forms.
    """
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        return "send the file as it is, without Content-Encoding"
    media_type = (content_type or "application/octet-stream").partition(";")[0].strip().lower()
    if media_type in _KNOWN:
        return ""
    return (
        f"{media_type[:60]!r} is not read; send the file itself as the body, as "
        "application/octet-stream if you don't know what it is"
    )


def _wrong(detail: str) -> Refused:
    return Refused(400, "bad_parameter", detail)
