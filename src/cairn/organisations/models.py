"""Organisations, who acts for them, and the registers that name issuers."""

import uuid

from django.conf import settings
from django.db import models

from cairn.organisations.api_clients import ApiClient as ApiClient  # models of this room
from cairn.organisations.api_clients import ApiRequest as ApiRequest
from cairn.organisations.api_clients import Scope as Scope


class Kind(models.TextChoices):
    """What an organisation is; it may be several."""

    UNIVERSITY = "university"
    PROVIDER = "provider"  # bootcamps and other alternative providers
    PROFESSIONAL_BODY = "professional_body"
    EMPLOYER = "employer"
    AUTHORITY = "authority"  # ministries, regulators, quality assurance agencies


class Capability(models.TextChoices):
    """What an organisation may do on this installation."""

    ISSUE = "issue"
    REGISTER = "register"  # runs a register of issuers
    CHECK = "check"  # checks credentials as an employer
    OVERSEE = "oversee"


class Role(models.TextChoices):
    """What a member does; the matrix of `permissions` says what each may."""

    OWNER = "owner"
    DESIGNER = "designer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ASSESSOR = "assessor"
    AWARDER = "awarder"
    REGISTRAR = "registrar"
    VIEWER = "viewer"


class Organisation(models.Model):
    """A tenant: every object of a provider is looked up through it."""

    class State(models.TextChoices):
        ACTIVE = "active"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True)  # an alias; signed bytes hold the id
    name = models.CharField(max_length=200)
    description = models.JSONField(default=dict)  # {language: text}
    kinds = models.JSONField(default=list)  # of Kind
    capabilities = models.JSONField(default=list)  # of Capability
    url = models.URLField(blank=True)
    email = models.EmailField(blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")  # sets where a day ends
    logo_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user acts for an organisation, in one role or several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    roles = models.JSONField(default=list)  # of Role
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "user"], name="one_membership_an_organisation"
            ),
        )


class Invitation(models.Model):
    """An address was asked to join; the token is in the mail, its digest here."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    email = models.EmailField()
    roles = models.JSONField(default=list)
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()


class Register(models.Model):
    """A register of issuers that an organisation of this installation runs and signs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="registers")
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)  # one more with each change of its entries
    version = models.PositiveIntegerField(default=0)  # of what is published, monotonic
    body = models.BinaryField(default=bytes)  # the signed register as published, exact bytes
    signed_at = models.DateTimeField(null=True)


class RegisterEntry(models.Model):
    """A register names an issuer, ours or another's.  Removed entries keep their dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    register = models.ForeignKey(Register, models.PROTECT, related_name="entries")
    issuer_did = models.CharField(max_length=400)
    name = models.CharField(max_length=200)  # as the register calls it
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["register", "issuer_did"],
                condition=models.Q(removed_at=None),
                name="one_standing_entry_an_issuer",
            ),
        )
