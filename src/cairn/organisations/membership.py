"""Inviting people, changing what they may do, parting from them.

Lock order: the organisation, then invitations and memberships.  Holding the organisation makes
"at least one owner" true for two owners who remove each other at once.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.organisations.access import Action, require
from cairn.organisations.invitations import VALID_FOR, digest, new_token
from cairn.organisations.models import Invitation, Membership, Organisation, Role
from cairn.organisations.permissions import CHANGE_MEMBER, INVITE, REMOVE_MEMBER
from cairn.organisations.selectors import is_member
from cairn.people.addresses import canonical_address
from cairn.people.models import User
from cairn.people.selectors import verified_addresses
from cairn.platform import audit, outbox


@transaction.atomic
def invite_member(
    *,
    organisation: Organisation,
    actor: User,
    email: str,
    roles: Iterable[Role],
    now: datetime,
) -> Invitation:
    """Ask whoever reads `email` to join; the event has the mail written, by `invitations.send`.

    An open invitation of the same address is replaced.  Raises `Malformed` for no address and no
    role, `Conflict` for somebody who is a member already.
    """
    _locked(organisation, actor, INVITE)
    address, names = canonical_address(email), _names(roles)
    if is_member(organisation, address):
        raise Conflict(_("this person is a member already; change their roles in the list"))
    _open(organisation).filter(email=address).update(state=Invitation.State.WITHDRAWN)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        roles=names,
        token_sha256=digest(new_token()),  # of the one in the mail as soon as there is a mail
        invited_by=actor,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    _record(INVITE, organisation, actor, "invitation", invitation.id, now, roles=" ".join(names))
    outbox.emit("member.invited", organisation_id=organisation.id, subject_id=invitation.id, at=now)
    return invitation


@transaction.atomic
def withdraw_invitation(
    *, organisation: Organisation, actor: User, invitation_id: UUID, now: datetime
) -> None:
    """Make the link in the mail worthless.  Raises `Conflict` if it was accepted meanwhile."""
    _locked(organisation, actor, INVITE)
    if not _open(organisation).filter(id=invitation_id).update(state=Invitation.State.WITHDRAWN):
        raise Conflict(_("this invitation is not open any more"))
    _record(INVITE, organisation, actor, "invitation", invitation_id, now, withdrawn=True)


@transaction.atomic
def accept_invitation(*, token: str, actor: User, now: datetime) -> Membership:
    """Join.  The link is not enough: `actor` must have shown that they read the invited address.

    Raises `NotAllowed` for another person, `Conflict` for an invitation that is spent or over.
    """
    invitation = Invitation.objects.filter(token_sha256=digest(token)).first()
    if invitation is None:
        raise NotAllowed(_("there is no such invitation; open the link in the mail once more"))
    organisation = Organisation.objects.select_for_update().get(id=invitation.organisation_id)
    if invitation.email not in verified_addresses(actor):
        raise NotAllowed(
            _("the invitation was sent to another address; add it to your account first")
        )
    if (
        not _open(organisation)
        .filter(id=invitation.id, expires_at__gt=now)
        .update(state=Invitation.State.ACCEPTED)
    ):
        raise Conflict(_("this invitation was used, withdrawn, or is too old; ask for a new one"))
    membership, _made = Membership.objects.get_or_create(
        organisation=organisation, user=actor, defaults={"roles": [], "created_at": now}
    )
    membership.roles = _names(Role(name) for name in {*membership.roles, *invitation.roles})
    membership.save(update_fields=["roles"])
    _record_join(membership, actor, now)
    return membership


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    user: User,
    roles: Iterable[Role],
    actor: User | None,
    now: datetime,
) -> Membership:
    """Make `user` a member without asking them: for operators (no actor), and for the demo.

    Raises `Conflict` for somebody who is a member already.
    """
    Organisation.objects.select_for_update().get(id=organisation.id)
    if actor is not None:
        require(actor, INVITE, organisation)
    if Membership.objects.filter(organisation=organisation, user=user).exists():
        raise Conflict(
            _("%(who)s is a member of %(name)s already") % {"who": user, "name": organisation}
        )
    membership = Membership.objects.create(
        organisation=organisation, user=user, roles=_names(roles), created_at=now
    )
    _record_join(membership, actor, now)
    return membership


@transaction.atomic
def change_roles(
    *,
    organisation: Organisation,
    actor: User,
    membership_id: UUID,
    roles: Iterable[Role],
    now: datetime,
) -> Membership:
    """Give a member exactly these roles.  Raises `Conflict` where no owner would be left."""
    _locked(organisation, actor, CHANGE_MEMBER)
    membership = _member(organisation, membership_id)
    names = _names(roles)
    if Role.OWNER not in names:
        _keep_an_owner(organisation, membership)
    membership.roles = names
    membership.save(update_fields=["roles"])
    _record(
        CHANGE_MEMBER, organisation, actor, "membership", membership.id, now, roles=" ".join(names)
    )
    return membership


@transaction.atomic
def remove_member(
    *, organisation: Organisation, actor: User, membership_id: UUID, now: datetime
) -> None:
    """Part from a member; what they did stays theirs.  Raises `Conflict` for the last owner."""
    _locked(organisation, actor, REMOVE_MEMBER)
    membership = _member(organisation, membership_id)
    _keep_an_owner(organisation, membership)
    _record(REMOVE_MEMBER, organisation, actor, "membership", membership.id, now)
    membership.delete()


def _locked(organisation: Organisation, actor: User, action: Action) -> None:
    # First the lock, then the question: roles are what they are once nobody else can change them.
    Organisation.objects.select_for_update().get(id=organisation.id)
    require(actor, action, organisation)


def _member(organisation: Organisation, membership_id: UUID) -> Membership:
    membership = organisation.memberships.filter(id=membership_id).first()
    if membership is None:
        raise Conflict(_("this person is not a member any more"))
    return membership


def _keep_an_owner(organisation: Organisation, leaving: Membership) -> None:
    others = organisation.memberships.exclude(id=leaving.id).values_list("roles", flat=True)
    if Role.OWNER in leaving.roles and not any(Role.OWNER in roles for roles in others):
        raise Conflict(_("an organisation keeps at least one owner; make somebody else one first"))


def _open(organisation: Organisation) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organisation=organisation, state=Invitation.State.OPEN)


def _names(roles: Iterable[Role]) -> list[str]:
    given = frozenset(roles)
    if not given:
        raise Malformed(_("a member needs at least one role"))
    return [role.value for role in Role if role in given]


def _record_join(membership: Membership, actor: User | None, now: datetime) -> None:
    audit.record(
        "member.join",
        organisation_id=membership.organisation_id,
        actor_id=actor.id if actor else None,
        subject_kind="membership",
        subject_id=membership.id,
        at=now,
    )


def _record(
    action: Action,
    organisation: Organisation,
    actor: User,
    kind: str,
    subject_id: UUID,
    now: datetime,
    **details: outbox.Plain,
) -> None:
    audit.record(
        action.name,
        organisation_id=organisation.id,
        actor_id=actor.id,
        subject_kind=kind,
        subject_id=subject_id,
        at=now,
        **details,
    )
