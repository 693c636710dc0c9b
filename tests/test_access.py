"""Who may open which page: every route, every role, two tenants (trust.md, threats 1 to 3).

The routes come from the URL conf, so that a new page is walked the day it is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from cairn.organisations import clients
from cairn.organisations.access import Action
from cairn.organisations.models import Role, Scope
from cairn.people.models import User
from cairn.people.operators import add_operator
from tests import world
from tests.tenants import Tenant, tenant

# Views of others, which can't carry our mark.
OF_OTHERS = {
    "account_change_password": "signed_in",
    "account_complete_password_reset": "public",
    "account_confirm_login_code": "public",
    "account_confirm_password_reset_code": "public",
    "account_email": "signed_in",
    "account_email_verification_sent": "public",
    "account_inactive": "public",
    "account_login": "public",
    "account_logout": "public",
    "account_password_reset_completed": "public",
    "account_reauthenticate": "signed_in",
    "account_request_login_code": "public",
    "account_reset_password": "public",
    "account_set_password": "signed_in",
    "account_signup": "public",
    "mfa_activate_totp": "signed_in",
    "mfa_add_webauthn": "signed_in",
    "mfa_authenticate": "public",
    "mfa_deactivate_totp": "signed_in",
    "mfa_download_recovery_codes": "signed_in",
    "mfa_edit_webauthn": "signed_in",
    "mfa_generate_recovery_codes": "signed_in",
    "mfa_index": "signed_in",
    "mfa_list_webauthn": "signed_in",
    "mfa_login_webauthn": "public",
    "mfa_reauthenticate": "signed_in",
    "mfa_reauthenticate_webauthn": "signed_in",
    "mfa_remove_webauthn": "signed_in",
    "mfa_view_recovery_codes": "signed_in",
    "set_language": "public",
}
# Requests that carry no cookie of ours, so that there is nothing to forge.
WITHOUT_CSRF: frozenset[str] = frozenset({"verification:verify"})
API = "api"  # opened by a token, never by a cookie


@dataclass(frozen=True)
class Route:
    """One address of the URL conf."""

    name: str  # "organisations:members"
    arguments: tuple[str, ...]
    view: Any

    @property
    def access(self) -> Action | str | None:
        return OF_OTHERS.get(self.name) or getattr(self.view, "access", None)

    def url(self, owner: Tenant, *, slug: str | None = None) -> str:
        """Its address for the objects of `owner`, in the console of `slug` if given."""
        arguments = owner.arguments(self.name, list(self.arguments))
        if slug is not None:
            arguments["slug"] = slug
        return reverse(self.name, kwargs=arguments)


def _routes(resolver: URLResolver, space: str = "", outer: tuple[str, ...] = ()) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        own = outer + _arguments(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern, inner, own)
        elif isinstance(pattern, URLPattern):
            yield Route(f"{space}{pattern.name}", own, pattern.callback)


def _arguments(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)


@cache
def routes() -> tuple[Route, ...]:
    """Every route."""
    return tuple(_routes(get_resolver()))


def _console_routes() -> list[Route]:
    return [route for route in routes() if isinstance(route.access, Action)]


@contextmanager
def _undone() -> Iterator[None]:
    """What is done inside leaves nothing behind, so that one request can't help the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _client(user: User | None = None, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def _ask(client: Client, method: str, url: str) -> HttpResponseBase:
    with _undone():
        return client.get(url) if method == "GET" else client.post(url)


def _row_counts() -> dict[str, int]:
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: model._default_manager.count() for model in models}


def test_every_route_says_who_may_open_it() -> None:
    unmarked = [route.name for route in routes() if route.access is None]
    assert unmarked == []
    assert {name for name in OF_OTHERS if name not in {route.name for route in routes()}} == set()


def test_every_route_has_a_name_of_its_own() -> None:
    names = [route.name for route in routes()]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.django_db
def test_every_argument_of_a_route_has_a_sample() -> None:
    one = tenant()
    for route in routes():
        route.url(one)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_the_console_opens_to_its_roles_and_to_nobody_else(method: str) -> None:
    ours, wrong = tenant(), []
    clients = {role: _client(user) for role, user in ours.members.items()}
    for route in _console_routes():
        assert isinstance(route.access, Action)
        for role, client in clients.items():
            status = _ask(client, method, route.url(ours)).status_code
            if (role in route.access.roles) is (status in (403, 404)) or status >= 500:
                wrong.append((route.name, role.value, status))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_the_console_is_not_there_for_strangers(method: str) -> None:
    ours, theirs = tenant(), tenant()
    strangers = [world.user(), theirs.holder, theirs.members[Role.OWNER]]
    wrong = [
        (route.name, status)
        for route in _console_routes()
        for client in map(_client, strangers)
        if (status := _ask(client, method, route.url(ours)).status_code) != 404
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_object_of_another_tenant_is_found_through_ones_own(method: str) -> None:
    ours, theirs = tenant(), tenant()
    client = _client(ours.members[Role.OWNER])  # who may do everything here
    wrong = [
        (route.name, status)
        for route in _console_routes()
        if route.arguments != ("slug",)
        for url in [route.url(theirs, slug=ours.organisation.slug)]
        if (status := _ask(client, method, url).status_code) not in (404, 405)
    ]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_signed_in_is_asked_to(method: str) -> None:
    ours, wrong = tenant(), []
    for route in routes():
        if route.access == "public":
            continue
        answer = _ask(_client(), method, route.url(ours))
        if route.access == API:
            if answer.status_code != 401:
                wrong.append((route.name, answer.status_code))
            continue
        if answer.status_code != 302 or "/accounts/login/?next=" not in answer["Location"]:
            wrong.append((route.name, answer.status_code))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_token_opens_the_api_of_its_organisation_and_a_cookie_opens_none(method: str) -> None:
    ours, theirs = tenant(), tenant()
    owner = ours.members[Role.OWNER]
    _made, token = clients.create(
        organisation=ours.organisation,
        name="All",
        scopes=[*Scope],
        actor=owner,
        now=timezone.now(),
    )
    by_token, by_cookie = _client(headers={"Authorization": f"Bearer {token}"}), _client(owner)
    wrong = []
    for route in routes():
        if route.access != API:
            continue
        mixed = theirs.arguments(route.name, list(route.arguments))
        mixed["organisation_id"] = ours.organisation.id
        own = _ask(by_token, method, route.url(ours)).status_code
        foreign = _ask(by_token, method, route.url(theirs)).status_code
        inside = _ask(by_token, method, reverse(route.name, kwargs=mixed)).status_code
        cookie = _ask(by_cookie, method, route.url(ours)).status_code
        has_object = len(route.arguments) > 1
        if (
            own in (401, 403, 404)
            or own >= 500
            or foreign != 404
            or cookie != 401
            or (has_object and inside not in (404, 405, 400))
        ):
            wrong.append((route.name, own, foreign, inside, cookie))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_of_operators_is_there_for_them_alone(method: str) -> None:
    ours, operator = tenant(), add_operator(email="ops@example.org", now=world.NOW)
    others = [*ours.members.values(), ours.holder]
    wrong = []
    for route in routes():
        if route.access != "operator":
            continue
        own = _ask(_client(operator), method, route.url(ours)).status_code
        foreign = {_ask(_client(one), method, route.url(ours)).status_code for one in others}
        if own in (403, 404) or own >= 500 or foreign != {404}:
            wrong.append((route.name, own, foreign))
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_ones_own_is_not_there_for_others(method: str) -> None:
    ours, other = tenant(), world.user()
    wrong = []
    for route in routes():
        if route.access != "signed_in" or not route.arguments:
            continue
        own = _ask(_client(ours.holder), method, route.url(ours)).status_code
        foreign = _ask(_client(other), method, route.url(ours)).status_code
        if own in (403, 404) or own >= 500 or foreign not in (404, 405):
            wrong.append((route.name, own, foreign))
    assert wrong == []


@pytest.mark.django_db
def test_nothing_is_changed_without_the_token_against_forgery() -> None:
    ours = tenant()
    client = _client(ours.members[Role.OWNER], enforce_csrf_checks=True)
    wrong = [
        (route.name, status)
        for route in routes()
        if route.name not in WITHOUT_CSRF and route.access != API
        if (status := _ask(client, "POST", route.url(ours)).status_code) not in (403, 405)
    ]
    assert wrong == []


@pytest.mark.django_db
def test_reading_changes_no_row() -> None:
    ours, wrong = tenant(), []
    clients = [_client(), *map(_client, [ours.holder, *ours.members.values()])]
    before = _row_counts()
    for route in routes():
        for client in clients:
            client.get(route.url(ours))
        after = _row_counts()
        if after != before:
            wrong.append((route.name, {k: v for k, v in after.items() if v != before[k]}))
            before = after
    assert wrong == []
