"""Who acts for an organisation: invited, given roles, parted from; an owner always stays."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.organisations import invitations, membership, selectors
from cairn.organisations.access import roles_of
from cairn.organisations.models import Invitation, Membership, Organisation, Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry, OutboxEvent
from tests import world

NOW = world.NOW


@pytest.fixture
def organisation(db: None) -> Organisation:
    return world.organisation(has_keys=False)


@pytest.fixture
def owner(organisation: Organisation) -> User:
    return world.member(organisation, Role.OWNER)


def _membership(organisation: Organisation, user: User) -> Membership:
    return Membership.objects.get(organisation=organisation, user=user)


def _invite(organisation: Organisation, owner: User, email: str, *roles: Role) -> Invitation:
    return membership.invite_member(
        organisation=organisation, actor=owner, email=email, roles=roles, now=NOW
    )


def _mailed_token(invitation: Invitation) -> str:
    invitations.send(invitation_id=invitation.id)
    found = re.search(r"/invitations/(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_an_invitation_makes_a_member_in_its_roles(organisation: Organisation, owner: User) -> None:
    guest = world.user(email="guest@example.org")
    invitation = _invite(organisation, owner, "Guest@Example.org", Role.AWARDER, Role.VIEWER)
    token = _mailed_token(invitation)
    assert mail.outbox[-1].to == ["guest@example.org"]
    membership.accept_invitation(token=token, actor=guest, now=NOW)
    assert roles_of(guest, organisation) == {Role.AWARDER, Role.VIEWER}


def test_the_token_stands_in_the_mail_alone(organisation: Organisation, owner: User) -> None:
    invitation = _invite(organisation, owner, "guest@example.org", Role.VIEWER)
    token = _mailed_token(invitation)
    invitation.refresh_from_db()
    assert invitation.token_sha256 == invitations.digest(token)
    told = [*OutboxEvent.objects.values_list("payload"), *AuditEntry.objects.values_list("details")]
    assert token not in str(told)
    assert "guest@" not in str(told)


def test_a_second_mail_makes_the_first_worthless(organisation: Organisation, owner: User) -> None:
    invitation = _invite(organisation, owner, "guest@example.org", Role.VIEWER)
    first, second = _mailed_token(invitation), _mailed_token(invitation)
    assert selectors.invitation_with(first) is None
    assert selectors.invitation_with(second) == invitation


def test_the_link_alone_lets_nobody_in(organisation: Organisation, owner: User) -> None:
    token = _mailed_token(_invite(organisation, owner, "guest@example.org", Role.OWNER))
    with pytest.raises(NotAllowed):
        membership.accept_invitation(token=token, actor=world.user(), now=NOW)
    with pytest.raises(NotAllowed):
        membership.accept_invitation(token="made-up", actor=world.user(), now=NOW)


def test_an_invitation_is_used_once(organisation: Organisation, owner: User) -> None:
    guest = world.user(email="guest@example.org")
    token = _mailed_token(_invite(organisation, owner, "guest@example.org", Role.VIEWER))
    joined = membership.accept_invitation(token=token, actor=guest, now=NOW)
    membership.remove_member(
        organisation=organisation, actor=owner, membership_id=joined.id, now=NOW
    )
    with pytest.raises(Conflict):
        membership.accept_invitation(token=token, actor=guest, now=NOW)


def test_an_invitation_ends(organisation: Organisation, owner: User) -> None:
    guest = world.user(email="guest@example.org")
    token = _mailed_token(_invite(organisation, owner, "guest@example.org", Role.VIEWER))
    late = NOW + timedelta(days=14)
    with pytest.raises(Conflict):
        membership.accept_invitation(token=token, actor=guest, now=late)
    assert not selectors.open_invitations(organisation, late)


def test_a_withdrawn_invitation_is_worthless(organisation: Organisation, owner: User) -> None:
    guest = world.user(email="guest@example.org")
    invitation = _invite(organisation, owner, "guest@example.org", Role.VIEWER)
    token = _mailed_token(invitation)
    withdraw = {"organisation": organisation, "actor": owner, "now": NOW}
    membership.withdraw_invitation(invitation_id=invitation.id, **withdraw)  # type: ignore[arg-type] # one dict for two calls
    with pytest.raises(Conflict):
        membership.withdraw_invitation(invitation_id=invitation.id, **withdraw)  # type: ignore[arg-type] # as above
    with pytest.raises(Conflict):
        membership.accept_invitation(token=token, actor=guest, now=NOW)
    sent = len(mail.outbox)
    invitations.send(invitation_id=invitation.id)
    assert len(mail.outbox) == sent


def test_a_newer_invitation_replaces_an_open_one(organisation: Organisation, owner: User) -> None:
    first = _invite(organisation, owner, "guest@example.org", Role.OWNER)
    second = _invite(organisation, owner, "guest@example.org", Role.VIEWER)
    first.refresh_from_db()
    assert first.state == Invitation.State.WITHDRAWN
    assert list(selectors.open_invitations(organisation, NOW)) == [second]


def test_a_member_is_not_invited_again(organisation: Organisation, owner: User) -> None:
    with pytest.raises(Conflict):
        _invite(organisation, owner, owner.email.upper(), Role.VIEWER)


@pytest.mark.parametrize("email", ["guest@example.org\nBcc: all@example.org", "guest", ""])
def test_nobody_is_invited_at_what_is_no_address(
    organisation: Organisation, owner: User, email: str
) -> None:
    with pytest.raises(Malformed):
        _invite(organisation, owner, email, Role.VIEWER)


def test_a_member_has_at_least_one_role(organisation: Organisation, owner: User) -> None:
    with pytest.raises(Malformed):
        _invite(organisation, owner, "guest@example.org")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_an_owner_says_who_may_do_what(
    organisation: Organisation, owner: User, role: Role
) -> None:
    member = world.member(organisation, role)
    own = _membership(organisation, member).id
    acts: list[Callable[[], object]] = [
        lambda: _invite(organisation, member, "guest@example.org", Role.VIEWER),
        lambda: membership.change_roles(
            organisation=organisation,
            actor=member,
            membership_id=own,
            roles=[Role.OWNER],
            now=NOW,
        ),
        lambda: membership.remove_member(
            organisation=organisation, actor=member, membership_id=own, now=NOW
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_an_owner_of_another_organisation_may_nothing_here(
    organisation: Organisation, owner: User
) -> None:
    elsewhere = world.organisation(has_keys=False)
    stranger = world.member(elsewhere, Role.OWNER)
    with pytest.raises(NotAllowed):
        _invite(organisation, stranger, "guest@example.org", Role.VIEWER)
    with pytest.raises(Conflict):  # a member, but not of the organisation that is named
        membership.remove_member(
            organisation=elsewhere,
            actor=stranger,
            membership_id=_membership(organisation, owner).id,
            now=NOW,
        )


def test_the_last_owner_stays(organisation: Organisation, owner: User) -> None:
    own = _membership(organisation, owner).id
    with pytest.raises(Conflict):
        membership.remove_member(organisation=organisation, actor=owner, membership_id=own, now=NOW)
    with pytest.raises(Conflict):
        membership.change_roles(
            organisation=organisation,
            actor=owner,
            membership_id=own,
            roles=[Role.VIEWER],
            now=NOW,
        )
    world.member(organisation, Role.OWNER)
    membership.change_roles(
        organisation=organisation, actor=owner, membership_id=own, roles=[Role.VIEWER], now=NOW
    )
    assert roles_of(owner, organisation) == {Role.VIEWER}


def test_each_act_is_in_the_audit(organisation: Organisation, owner: User) -> None:
    member = world.member(organisation, Role.VIEWER)
    given = {"organisation": organisation, "actor": owner, "now": NOW}
    own = _membership(organisation, member).id
    membership.change_roles(membership_id=own, roles=[Role.AWARDER], **given)  # type: ignore[arg-type] # one dict for two calls
    membership.remove_member(membership_id=own, **given)  # type: ignore[arg-type] # as above
    acts = AuditEntry.objects.filter(subject_id=own).order_by("id")
    assert [(one.action, one.actor_id) for one in acts] == [
        ("member.change", owner.id),
        ("member.remove", owner.id),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one() -> None:
    organisation = world.organisation(has_keys=False)
    owners = [world.member(organisation, Role.OWNER) for _ in range(2)]
    barrier = threading.Barrier(2)
    refused: list[Exception] = []

    def remove(actor: User, other: User) -> None:
        member = _membership(organisation, other).id
        barrier.wait()
        try:
            membership.remove_member(
                organisation=organisation, actor=actor, membership_id=member, now=NOW
            )
        except (Conflict, NotAllowed) as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=remove, args=pair) for pair in (owners, owners[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(refused) == 1
    assert Membership.objects.filter(organisation=organisation).count() == 1
