"""Facts that other rooms must be told (outbox), and who did what (audit).

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
