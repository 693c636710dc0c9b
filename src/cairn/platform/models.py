"""Facts that other rooms must be told (outbox), who did what (audit), and the seals upon that.

This room stands below all others, so it names their objects by id and never by foreign key.
"""

from django.db import models


class OutboxEvent(models.Model):
    """Something happened; written in the transaction in which it did.  Holds no personal data."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)  # "credential.issued"
    schema_version = models.PositiveSmallIntegerField(default=1)
    organisation_id = models.UUIDField(null=True)  # null: the installation itself
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    payload = models.JSONField(default=dict)  # ids and plain values
    # Handed to its consumers.  A flag, not a high-water mark: a slow transaction commits late with
    # a low id, and would be passed over for ever.
    is_relayed = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["subject_id"]),
            models.Index(fields=["id"], condition=models.Q(is_relayed=False), name="to_relay"),
        )


class AuditEntry(models.Model):
    """One act of one person or job.  Append-only: triggers refuse UPDATE and DELETE."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)  # a user; null: the system
    action = models.CharField(max_length=80)  # an action of the permission matrix
    subject_kind = models.CharField(max_length=40)  # "award"
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    details = models.JSONField(default=dict)  # ids and plain values, no personal data

    class Meta:
        indexes = (
            models.Index(fields=["organisation_id", "at"]),
            models.Index(fields=["subject_id"]),
        )


class AuditSeal(models.Model):
    """The seal upon one entry of the audit: a link of the chain of its organisation.

    Append-only like the entries.  What is hashed says `audit_chain`.  No foreign key: a seal stays
    and tells of an entry that is gone.
    """

    id = models.BigAutoField(primary_key=True)
    chain = models.UUIDField()  # the organisation; zero: the installation itself
    sequence = models.PositiveBigIntegerField()  # from 1, without a gap
    entry_id = models.BigIntegerField(unique=True)
    entry_at = models.DateTimeField()  # when the entry said it was
    marks = models.CharField(max_length=64)  # of its columns, to say which of them differs
    sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chain", "sequence"], name="one_seal_a_place"),
        )
