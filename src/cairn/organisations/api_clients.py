"""Programs that act for a member through the API, and the requests of theirs that were done."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token opens; the roles of the member whose it is bound it further."""

    READ_BATCHES = "batches:read", _("See bulk awards, their problems and their report")
    WRITE_BATCHES = "batches:write", _("Upload tables and submit them for approval")


class ApiClient(models.Model):
    """A program with a token, which may do what its member may, as far as its scopes go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="api_clients"
    )
    acts_for = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)  # of Scope
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)  # to the hour


class ApiRequest(models.Model):
    """A request that was done, by its Idempotency-Key: sent again, it is answered and not done.

    Written in the transaction of what it did; kept for a day.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="requests")
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)  # of method, address and body
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "client", "key"], name="one_request_a_key"
            ),
        )
