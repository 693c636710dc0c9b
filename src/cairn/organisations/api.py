"""The door of the API: a token, a scope, a rate; refusals as problem details; each key done once.

No cookie is read here, so there is nothing to forge.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from math import ceil
from typing import Any, Concatenate, Literal, ParamSpec, Protocol, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError
from cairn.organisations.clients import KEPT_FOR, client_by_token
from cairn.organisations.models import ApiClient, ApiRequest, Organisation, Scope
from cairn.platform.problems import Refusal, problem
from cairn.platform.rates import Rates

_P = ParamSpec("_P")
MAX_KEY = 200  # characters of an Idempotency-Key
_rates = Rates(burst=60, per_second=2)


class ApiPage(Protocol):
    """A view that says that it is of the API."""

    access: Literal["api"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and when."""

    client: ApiClient
    organisation: Organisation
    request: HttpRequest
    now: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said in JSON; `location` is the address of what was made."""

    said: dict[str, Json]
    status: int = 200
    location: str = ""

    def response(self) -> HttpResponse:
        """The answer on its way."""
        headers = {"Cache-Control": "no-store"}
        if self.location:
            headers["Location"] = self.location
        body = strict_json.write(self.said)
        return HttpResponse(
            body, status=self.status, content_type="application/json", headers=headers
        )


def api_page(
    methods: dict[str, Scope],
) -> Callable[[Callable[Concatenate[Caller, _P], Answer]], Callable[..., HttpResponseBase]]:
    """An address of the API for `methods`, each with the scope it needs.

    The view gets who asks; the organisation of the address must be the one of the token.
    """

    def decorate(
        view: Callable[Concatenate[Caller, _P], Answer],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(
            request: HttpRequest, organisation_id: UUID, *args: _P.args, **kwargs: _P.kwargs
        ) -> HttpResponseBase:
            try:
                caller = _caller(request, organisation_id, methods)
                return view(caller, *args, **kwargs).response()
            except (Refusal, CairnError, Http404) as err:
                return problem(err)

        guarded = cast(Callable[..., HttpResponseBase], csrf_exempt(page))
        cast(ApiPage, guarded).access = "api"
        return guarded

    return decorate


def once(caller: Caller, body_sha256: str, act: Callable[[], Answer]) -> Answer:
    """Do `act`, or give the answer that it had under the same Idempotency-Key within a day.

    What it did and its answer commit together; what it refused is not kept.  Raises `Refusal` if
    the key was used for another request.
    """
    key = caller.request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > MAX_KEY:
        raise Refusal("malformed", _("The Idempotency-Key is longer than 200 characters."))
    told = [str(caller.request.method), caller.request.get_full_path(), body_sha256]
    wanted = hashlib.sha256("\n".join(told).encode()).hexdigest()
    with transaction.atomic():
        mine = ApiRequest.objects.filter(client=caller.client, key=key)
        mine.filter(created_at__lte=caller.now - KEPT_FOR).delete()
        begun = _begun(caller, key, wanted)
        if begun is None:
            return _repeated(mine.get(), wanted)
        answer = act()
        begun.status = answer.status
        begun.answer = {"said": answer.said, "location": answer.location}
        begun.save(update_fields=["status", "answer"])
        return answer


def _begun(caller: Caller, key: str, wanted: str) -> ApiRequest | None:
    """The row of a new request, None if there is one.

    Whoever sends the same at the same time waits here, and then finds it done.
    """
    try:
        with transaction.atomic():
            return ApiRequest.objects.create(
                organisation=caller.organisation,
                client=caller.client,
                key=key,
                request_sha256=wanted,
                created_at=caller.now,
            )
    except IntegrityError:
        return None


def _repeated(done: ApiRequest, wanted: str) -> Answer:
    if done.request_sha256 != wanted:
        detail = _("This Idempotency-Key was sent with another request; draw a new one.")
        raise Refusal("key_reused", detail)
    return Answer(done.answer["said"], done.status, done.answer["location"])


def _caller(request: HttpRequest, organisation_id: UUID, methods: dict[str, Scope]) -> Caller:
    now = timezone.now()
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    client = client_by_token(token.strip(), now) if kind.lower() == "bearer" else None
    if client is None:
        detail = _(
            "Send a token that is valid still in the header Authorization, as Bearer cairn_…."
        )
        raise Refusal("unauthorised", detail, {"WWW-Authenticate": "Bearer"})
    if wait := _rates.wait(str(client.pk), time.monotonic()):
        headers = {"Retry-After": str(ceil(wait))}
        raise Refusal("too_many_requests", _("You asked too often; come back later."), headers)
    if client.organisation_id != organisation_id:
        raise Http404
    method = "GET" if request.method == "HEAD" else str(request.method)
    if method not in methods:
        allowed = ", ".join(methods)
        detail = _("Use one of: %(methods)s.") % {"methods": allowed}
        raise Refusal("method_not_allowed", detail, {"Allow": allowed})
    if methods[method] not in client.scopes:
        detail = _("The token lacks the scope %(scope)s.") % {"scope": methods[method].value}
        raise Refusal("missing_scope", detail)
    return Caller(client, client.organisation, request, now)


def page_of(rows: Iterable[Any], most: int) -> tuple[list[Any], bool]:
    """The first `most` of `rows`, and whether there are more."""
    found = list(rows)
    return found[:most], len(found) > most
