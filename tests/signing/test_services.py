"""The states of keys, and who may change them."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cairn.core.errors import Conflict, NotAllowed
from cairn.organisations.models import Membership, Organisation
from cairn.people.models import User
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.signing.models import SigningKey
from cairn.signing.services import (
    activate_next_keys,
    create_keys,
    mark_compromised,
    rotate_keys,
)
from tests.signing.conftest import NOW

DAY = timedelta(days=1)


def _states(organisation: Organisation) -> Counter[str]:
    return Counter(organisation.signing_keys.values_list("state", flat=True))


def _events() -> list[str]:
    return list(OutboxEvent.objects.order_by("id").values_list("kind", flat=True))


def test_a_new_organisation_has_an_active_key_of_each_algorithm(issuer: Organisation) -> None:
    keys = issuer.signing_keys.order_by("algorithm")
    assert [(key.algorithm, key.state) for key in keys] == [
        ("Ed25519", "active"),
        ("RSA", "active"),
    ]


def test_keys_are_made_once(issuer: Organisation, owner: User) -> None:
    with pytest.raises(Conflict, match="replace"):
        create_keys(organisation=issuer, actor=owner, now=NOW)


def test_new_keys_are_published_a_day_before_they_sign(issuer: Organisation, owner: User) -> None:
    since = rotate_keys(organisation=issuer, actor=owner, now=NOW)
    assert since == NOW + DAY
    assert _states(issuer) == {"active": 2, "next": 2}
    assert activate_next_keys(organisation=issuer, now=since - timedelta(seconds=1)) == 0
    assert activate_next_keys(organisation=issuer, now=since) == 2
    assert _states(issuer) == {"retired": 2, "active": 2}
    assert _events() == ["key.prepared", "key.rotated"]


def test_activating_twice_changes_nothing(issuer: Organisation, owner: User) -> None:
    rotate_keys(organisation=issuer, actor=owner, now=NOW)
    activate_next_keys(organisation=issuer, now=NOW + DAY)
    assert activate_next_keys(organisation=issuer, now=NOW + 2 * DAY) == 0


def test_a_rotation_under_way_is_not_begun_again(issuer: Organisation, owner: User) -> None:
    rotate_keys(organisation=issuer, actor=owner, now=NOW)
    with pytest.raises(Conflict, match="within a day"):
        rotate_keys(organisation=issuer, actor=owner, now=NOW)


def test_a_forced_rotation_takes_the_keys_that_are_published(
    issuer: Organisation, owner: User
) -> None:
    rotate_keys(organisation=issuer, actor=owner, now=NOW)
    rotate_keys(organisation=issuer, actor=owner, now=NOW, is_forced=True)
    assert _states(issuer) == {"retired": 2, "active": 2}


def test_a_key_that_was_given_up_is_replaced_at_once(issuer: Organisation, owner: User) -> None:
    key = issuer.signing_keys.get(algorithm="Ed25519")
    mark_compromised(organisation=issuer, fragment=key.fragment, actor=owner, now=NOW)
    assert _states(issuer) == {"compromised": 1, "active": 2}
    assert _events() == ["key.compromised"]
    with pytest.raises(Conflict, match="already"):
        mark_compromised(organisation=issuer, fragment=key.fragment, actor=owner, now=NOW)


def test_giving_up_a_retired_key_leaves_the_active_ones(issuer: Organisation, owner: User) -> None:
    rotate_keys(organisation=issuer, actor=owner, now=NOW, is_forced=True)
    retired = issuer.signing_keys.get(algorithm="RSA", state="retired")
    mark_compromised(organisation=issuer, fragment=retired.fragment, actor=owner, now=NOW)
    assert _states(issuer) == {"retired": 1, "compromised": 1, "active": 2}


@pytest.mark.parametrize("roles", [["designer", "awarder"], ["viewer"], []])
def test_only_an_owner_changes_keys(issuer: Organisation, roles: list[str]) -> None:
    member = User.objects.create_user("member@north.example")
    Membership.objects.create(organisation=issuer, user=member, roles=roles, created_at=NOW)
    key = issuer.signing_keys.get(algorithm="RSA")
    with pytest.raises(NotAllowed):
        rotate_keys(organisation=issuer, actor=member, now=NOW)
    with pytest.raises(NotAllowed):
        mark_compromised(organisation=issuer, fragment=key.fragment, actor=member, now=NOW)
    assert _states(issuer) == {"active": 2}


def test_each_act_is_in_the_audit_with_who_did_it(issuer: Organisation, owner: User) -> None:
    rotate_keys(organisation=issuer, actor=owner, now=NOW)
    acts = AuditEntry.objects.filter(organisation_id=issuer.id).order_by("id")
    assert [(act.action, act.actor_id) for act in acts] == [
        ("keys.create", owner.id),
        ("keys.create", owner.id),
        ("keys.prepare", owner.id),
        ("keys.prepare", owner.id),
    ]


def test_the_database_refuses_a_second_active_key_of_an_algorithm(issuer: Organisation) -> None:
    rotate_keys(organisation=issuer, actor=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        issuer.signing_keys.update(state=SigningKey.State.ACTIVE)
