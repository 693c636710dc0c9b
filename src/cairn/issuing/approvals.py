"""Approvals that are signed with a passkey: who must, who may, and what was approved.

All rows are kept for good but questions that nobody answered; triggers refuse the rest.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import Achievement
from cairn.organisations.models import Organisation


class ApprovalRule(models.Model):
    """An owner says whether awards of an achievement need a signed approval; the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="+")
    is_required = models.BooleanField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["issuer", "achievement", "-changed_at"]),)


class ApproverKey(models.Model):
    """The public key of a passkey that may approve for an organisation once that is confirmed.

    A copy of what the account has, so that a key put into the account later approves nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="approver_keys")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)  # as the account calls the passkey
    credential_id = models.BinaryField()
    public_key = models.BinaryField()  # COSE_Key, RFC 9052
    registered_at = models.DateTimeField()


class ApproverKeyDecision(models.Model):
    """What was decided about an approver key; withdrawn is final."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("May approve")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(ApproverKey, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    seal = models.CharField(max_length=64)  # of a confirmation: see `approver_keys`


class BatchApproval(models.Model):
    """A question to approve a batch, for one person, and the answer of their passkey."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    batch = models.ForeignKey("issuing.Batch", models.PROTECT, related_name="signed_approvals")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nonce = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    part_digests = models.BinaryField()  # 32 bytes a part, in their order
    asked_at = models.DateTimeField()
    key = models.ForeignKey(ApproverKey, models.PROTECT, null=True, related_name="+")
    client_data = models.BinaryField(default=bytes)
    authenticator_data = models.BinaryField(default=bytes)
    signature = models.BinaryField(default=bytes)
    sign_count = models.PositiveBigIntegerField(default=0)  # as the device said; synced ones say 0
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "batch"],
                condition=models.Q(answered_at__isnull=False),
                name="one_signed_approval_a_batch",
            ),
        )


class ApprovedPart(models.Model):
    """The digests of the rows `first_row` to `last_row` that were asked about: 32 bytes a row."""

    id = models.BigAutoField(primary_key=True)
    approval = models.ForeignKey(BatchApproval, models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    row_digests = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["approval", "position"], name="one_part_a_position"),
        )
