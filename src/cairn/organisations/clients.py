"""What members do with programs of the API: let one in, throw one out; and who asks by a token."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from cairn.core.errors import Malformed
from cairn.organisations import permissions
from cairn.organisations.access import require
from cairn.organisations.models import ApiClient, ApiRequest, Organisation, Scope
from cairn.people.models import User
from cairn.platform import audit

PREFIX = "cairn_"  # by which scanners of leaked secrets know one
VALID_FOR = timedelta(days=365)
KEPT_FOR = timedelta(days=1)  # an Idempotency-Key and its answer
_NOTED_EACH = timedelta(hours=1)


@transaction.atomic
def create(
    *,
    organisation: Organisation,
    name: str,
    scopes: Collection[Scope],
    actor: User,
    now: datetime,
) -> tuple[ApiClient, str]:
    """A program that acts for `actor`, and its token, which is stored nowhere.

    Raises `NotAllowed`, and `Malformed` without a scope.
    """
    require(actor, permissions.API, organisation)
    if not scopes:
        raise Malformed("opens nothing; choose what it may do", "/scopes")
    token = PREFIX + secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        organisation=organisation,
        acts_for=actor,
        name=name,
        scopes=sorted(str(scope) for scope in scopes),
        token_sha256=digest(token),
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    _record("api_client.create", client, actor, now)
    return client, token


@transaction.atomic
def revoke(*, client_id: UUID, actor: User, now: datetime) -> ApiClient:
    """Its token opens nothing from now on; done twice, the first time stands."""
    client = ApiClient.objects.select_for_update(of=("self",)).get(pk=client_id)
    require(actor, permissions.API, client.organisation)
    if client.revoked_at is None:
        client.revoked_at = now
        client.save(update_fields=["revoked_at"])
        _record("api_client.revoke", client, actor, now)
    return client


def clients_of(organisation: Organisation) -> QuerySet[ApiClient]:
    """The programs of an organisation, newest first: 1 query."""
    found = ApiClient.objects.filter(organisation=organisation).select_related("acts_for")
    return found.order_by("-created_at", "id")


def client_by_token(token: str, now: datetime) -> ApiClient | None:
    """The program whose token this is, while it opens anything: 1 query, 1 write an hour."""
    client = (
        ApiClient.objects.select_related("organisation", "acts_for")
        .filter(token_sha256=digest(token), revoked_at=None, expires_at__gt=now)
        .filter(acts_for__is_active=True)
        .first()
    )
    if client is not None:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _NOTED_EACH)
        if client.last_used_at is None or client.last_used_at < now - _NOTED_EACH:
            ApiClient.objects.filter(stale, pk=client.pk).update(last_used_at=now)
    return client


def forget_requests(now: datetime) -> int:
    """Remove requests whose keys are free again; how many."""
    return ApiRequest.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0]


def digest(token: str) -> str:
    """What is stored of `token`: without stretching, because nobody guesses 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _record(action: str, client: ApiClient, actor: User, now: datetime) -> None:
    audit.record(
        action,
        organisation_id=client.organisation_id,
        actor_id=actor.pk,
        subject_kind="api_client",
        subject_id=client.pk,
        at=now,
    )
