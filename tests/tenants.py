"""A tenant with one of everything, for tests that walk all routes.

A new argument in an address needs a sample: by its name in `_samples`, or for one route alone in
`_samples_of_routes`.  Without one the walk fails.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from cairn.catalogue.models import AchievementVersion
from cairn.erasure import cases, letters
from cairn.erasure.choices import Decision
from cairn.erasure.models import Case
from cairn.issuing.batches import services as batches
from cairn.issuing.models import ApproverKey, Award, Batch, SignedForm, StatusList
from cairn.jobs.models import Delivery
from cairn.organisations import clients, membership
from cairn.organisations.invitations import digest
from cairn.organisations.models import (
    ApiClient,
    Capability,
    Invitation,
    Membership,
    Organisation,
    Register,
    RegisterEntry,
    Role,
    Scope,
)
from cairn.people.models import User
from cairn.platform.models import OutboxEvent
from cairn.platform.storage import keep
from cairn.signing.models import SigningKey
from cairn.wallet import claims
from cairn.wallet.models import ClaimLink, Holding, Wish
from tests import world

Samples = Mapping[str, Any]


@dataclass(frozen=True)
class Tenant:
    """An organisation, a member in each role, and objects of it by the name of an argument."""

    organisation: Organisation
    members: dict[Role, User]
    holder: User  # whose the objects of signed-in pages are
    samples: Samples
    of_routes: Mapping[str, Samples]

    def arguments(self, route: str, names: Sequence[str]) -> dict[str, Any]:
        """A value for each argument of a route."""
        samples = {**self.samples, **self.of_routes.get(route, {})}
        return {name: samples[name] for name in names}


def tenant() -> Tenant:
    """An organisation with keys, and one of everything."""
    organisation = world.organisation(capabilities=[Capability.ISSUE, Capability.REGISTER])
    members = {
        role: world.member(organisation, role, name=f"{role.label} of {organisation}")
        for role in Role
    }
    holder = world.user(name=f"Learner of {organisation}")
    version = world.published_version(organisation)
    award = world.issued_award(organisation, version, email=holder.email)
    samples = _samples(organisation, members, version, award, holder)
    of_routes = _samples_of_routes(organisation, members, award, holder)
    return Tenant(organisation, members, holder, samples, of_routes)


def _samples(
    organisation: Organisation,
    members: dict[Role, User],
    version: AchievementVersion,
    award: Award,
    holder: User,
) -> Samples:
    colleague = world.member(organisation, Role.VIEWER, name=f"Colleague at {organisation}")
    holding = Holding.objects.create(award=award, holder=holder, claimed_at=world.NOW)
    return {
        "slug": organisation.slug,
        "organisation_id": organisation.id,
        "wish_id": Wish.objects.create(
            organisation=organisation, award=award, by=holder, kind="name", made_at=world.NOW
        ).id,
        "user_id": colleague.id,
        "delivery_id": _parked_delivery(organisation).id,
        "member_id": Membership.objects.get(organisation=organisation, user=colleague).id,
        "invitation_id": _invitation(organisation, members[Role.OWNER]).id,
        "fragment": SigningKey.objects.filter(organisation=organisation)[0].fragment,
        "achievement_id": version.achievement_id,
        "number": version.number,
        "version_id": version.id,
        "offering_id": world.offering(version).id,
        "sha256": keep(f"picture of {organisation}".encode()),
        "award_id": award.id,
        "kind": "csv",
        "batch_id": _batch(organisation, members, version).id,
        "credential_id": award.credentials.get().id,
        "form": SignedForm.Form.DATA_INTEGRITY,
        "list_id": StatusList.objects.get(issuer=organisation).id,
        "holding_id": holding.id,
        "register_id": (entry := _register_entry(organisation)).register_id,
        "entry_id": entry.id,
        "key_id": _approver_key(organisation, members[Role.APPROVER]).id,
        "client_id": _api_client(organisation, members[Role.OWNER]).id,
        "pk": _passkey(holder).pk,
    }


def _approver_key(organisation: Organisation, approver: User) -> ApproverKey:
    return ApproverKey.objects.create(
        issuer=organisation,
        user=approver,
        name="A key",
        credential_id=organisation.id.bytes,
        public_key=b"key",
        registered_at=world.NOW,
    )


def _passkey(holder: User) -> Authenticator:
    data = {"name": "A phone", "credential": {}}
    return Authenticator.objects.create(user=holder, type=Authenticator.Type.WEBAUTHN, data=data)


def _batch(
    organisation: Organisation, members: dict[Role, User], version: AchievementVersion
) -> Batch:
    return batches.upload(
        issuer=organisation,
        version=version,
        offering=None,
        language="en",
        data=f"name,email\nOf {organisation.slug},of-{organisation.slug}@example.org\n".encode(),
        file_name="people.csv",
        actor=members[Role.AWARDER],
        now=world.NOW,
    )


def _samples_of_routes(
    organisation: Organisation, members: dict[Role, User], award: Award, holder: User
) -> dict[str, Samples]:
    state, author = AchievementVersion.State, members[Role.DESIGNER]
    draft = _unpublished(organisation, author, state.DRAFT)
    submitted = _unpublished(organisation, author, state.SUBMITTED)
    waiting = world.issued_award(organisation, email=holder.email)
    unclaimed = world.issued_award(organisation)
    link = {"token": _claim_link(unclaimed, f"claim-{organisation.slug}")}
    case = _case(organisation, holder)
    letter = {"case_id": case.id, "token": letters.token_of(case.id)}
    return {
        "catalogue:edit": draft,
        "catalogue:withdraw": draft,
        "catalogue:review": submitted,
        **{route: {"case_id": case.id} for route in _OF_CASE},
        "erasure:link": letter,
        "erasure:link_bundle": letter,
        "issuing:withdraw": {"award_id": unclaimed.id},
        "issuing:address": {"award_id": unclaimed.id},
        "issuing:correct": {"award_id": unclaimed.id},
        "issuing:send_again": {"award_id": unclaimed.id},
        "organisations:invitation": {"token": organisation.slug},
        "site:catalogue_entry": {"slug": award.version.achievement.slug},
        "site:credential_file": {"extension": "json"},
        "site:demo_sign_in": {"email": holder.email},
        "site:demo_letter": {"name": "20261124-120000-1.log"},
        "wallet:claim": link,
        "wallet:not_me": link,
        "wallet:fresh_link": link,
        "wallet:claim_waiting": {"holding_id": Holding.objects.create(award=waiting).id},
        "wallet:file": {"extension": "json"},
        "wallet:code": {"extension": "svg"},
    }


_OF_CASE = ("erasure:case", "erasure:carry_out", "erasure:own_case", "erasure:own_bundle")


def _case(organisation: Organisation, holder: User) -> Case:
    erase = Decision.ERASE
    return cases.ask(user=holder, organisation=organisation, wants=erase, wish="", now=world.NOW)


def _unpublished(organisation: Organisation, author: User, state: str) -> Samples:
    version = world.published_version(
        organisation,
        author=author,
        state=state,
        published_at=None,
        approved_by=None,
        approval="",
    )
    return {"achievement_id": version.achievement_id, "number": version.number}


def _api_client(organisation: Organisation, owner: User) -> ApiClient:
    name = f"Records of {organisation}"
    return clients.create(
        organisation=organisation, name=name, scopes=[*Scope], actor=owner, now=world.NOW
    )[0]


def _parked_delivery(organisation: Organisation) -> Delivery:
    event = OutboxEvent.objects.create(
        kind="tenant.made",
        organisation_id=organisation.id,
        subject_id=organisation.id,
        at=world.NOW,
        is_relayed=True,
    )
    return Delivery.objects.create(
        event=event,
        consumer="nobody",
        state=Delivery.State.FAILED,
        attempts=5,
        due_at=world.NOW,
        problem="this version has no consumer",
    )


def _register_entry(organisation: Organisation) -> RegisterEntry:
    register = Register.objects.create(
        operator=organisation, name=f"Register of {organisation}", created_at=world.NOW, body=b"{}"
    )
    return RegisterEntry.objects.create(
        register=register, issuer_did="did:web:listed.example", name="Listed", added_at=world.NOW
    )


def _invitation(organisation: Organisation, owner: User) -> Invitation:
    invitation = membership.invite_member(
        organisation=organisation,
        actor=owner,
        email=f"invited-to-{organisation.slug}@example.org",
        roles=[Role.VIEWER],
        now=timezone.now(),
    )
    invitation.token_sha256 = digest(organisation.slug)
    invitation.save()
    return invitation


def _claim_link(award: Award, token: str) -> str:
    now: datetime = timezone.now()
    Holding.objects.create(award=award)
    ClaimLink.objects.create(
        award=award,
        credential=award.credentials.get(),
        email=award.learner.email,
        token_sha256=claims.digest(token),
        created_at=now,
        expires_at=now + timedelta(days=90),
    )
    return token
