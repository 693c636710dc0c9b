"""Refusals of the API as problem details (RFC 9457): `code` for programs, `detail` for people."""

from django.conf import settings
from django.http import Http404, HttpResponse  # noqa: TID251 - the one place that writes them
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, Conflict, Malformed, NotAllowed

TITLES = {
    "unauthorised": "No valid token",
    "missing_scope": "The token does not open this",
    "not_allowed": "Not allowed",
    "not_found": "Nothing here",
    "method_not_allowed": "Another method",
    "conflict": "Not as it is now",
    "malformed": "Something in it is wrong",
    "unverifiable": "It does not hold",
    "too_large": "The file is too large",
    "unsupported_media_type": "Not a table",
    "key_reused": "The Idempotency-Key belongs to another request",
    "too_many_requests": "Too many requests",
}
STATUSES = {
    "unauthorised": 401,
    "missing_scope": 403,
    "not_allowed": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "malformed": 400,
    "unverifiable": 422,
    "too_large": 413,
    "unsupported_media_type": 415,
    "key_reused": 422,
    "too_many_requests": 429,
}
_CODES: tuple[tuple[type[CairnError], str], ...] = (
    (Malformed, "malformed"),
    (NotAllowed, "not_allowed"),
    (Conflict, "conflict"),
)


class Refusal(Exception):
    """A request of the API that gets a problem for an answer; `headers` go with it."""

    def __init__(self, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers = code, detail, headers or {}


def problem(error: Refusal | CairnError | Http404) -> HttpResponse:
    """The answer that says what was wrong."""
    refusal = _refusal(error)
    status = STATUSES[refusal.code]
    said: dict[str, Json] = {
        "type": f"{settings.CAIRN.base_url}/api/docs#{refusal.code}",
        "title": TITLES[refusal.code],
        "status": status,
        "detail": refusal.detail,
        "code": refusal.code,
    }
    if isinstance(error, Malformed) and error.path:
        said["path"] = error.path
    return HttpResponse(
        strict_json.write(said),
        status=status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **refusal.headers},
    )


def _refusal(error: Refusal | CairnError | Http404) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return Refusal("not_found", _("There is nothing here for this token."))
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "unverifiable")
    return Refusal(code, capfirst(str(error.args[0] if error.args else "")))
