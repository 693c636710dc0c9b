"""Keys, wrapped, and orders to sign with them.

Rooms place orders; only the signer job opens a key.  What is signed is stored by the room whose
object it is, as the exact bytes.
"""

import uuid

from django.db import models

from cairn.organisations.models import Organisation


class SigningKey(models.Model):
    """A key pair of an organisation; the private part is wrapped under the master key.

    next → active → retired, or compromised from any of them.  Retired keys stay published.
    """

    class State(models.TextChoices):
        NEXT = "next"
        ACTIVE = "active"
        RETIRED = "retired"
        COMPROMISED = "compromised"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="signing_keys")
    algorithm = models.CharField(max_length=20)  # "Ed25519", "P-256", "RSA"
    fragment = models.CharField(max_length=120)  # of its verification method: <yyyymm>-<thumbprint>
    public_jwk = models.JSONField()
    wrapped_private = models.BinaryField()  # nonce and AES-256-GCM; associated data: the key's id
    master_key_id = models.CharField(max_length=16)  # which master key wraps it
    state = models.CharField(max_length=12, choices=State, default=State.NEXT)
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    compromised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "fragment"], name="one_key_a_fragment"),
            models.UniqueConstraint(
                fields=["organisation", "algorithm"],
                condition=models.Q(state="active"),
                name="one_active_key_an_algorithm",
            ),
        )


class SigningOrder(models.Model):
    """A room asks for one object to be signed, after it checked that the requester may."""

    class State(models.TextChoices):
        PLACED = "placed"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)  # "credential", "status_list", "register"
    subject_id = models.UUIDField()
    requester_id = models.UUIDField(null=True)  # a user; null: the system
    state = models.CharField(max_length=12, choices=State, default=State.PLACED)
    problem = models.TextField(blank=True)
    placed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
