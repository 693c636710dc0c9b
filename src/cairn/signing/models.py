"""Keys, wrapped or in a security module, and orders to sign with them.

Rooms place orders; only the signer job opens a key.  What is signed is stored by the room whose
object it is, as the exact bytes.
"""

import uuid

from django.db import models

from cairn.organisations.models import Organisation


class SigningKey(models.Model):
    """A key pair of an organisation; the private part is wrapped, or in a module (`HeldKey`).

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
    # Nonce and AES-256-GCM, associated data: the key's id.  Empty for a key in a security module.
    wrapped_private = models.BinaryField()
    master_key_id = models.CharField(max_length=16)  # which master key wraps it; "" for none
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


class HeldKey(models.Model):
    """A key is kept in a security module: in this token, its object by the id of the key."""

    key = models.OneToOneField(
        SigningKey, models.CASCADE, primary_key=True, related_name="held_in_module"
    )
    token = models.CharField(max_length=64)  # its label


class WantedKey(models.Model):
    """A key that the signer job shall make in the security module, which no page can reach.

    Its id will be the id of the key, so that it is made once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="wanted_keys")
    algorithm = models.CharField(max_length=20)
    is_at_once = models.BooleanField()  # it signs as soon as it is made
    requester_id = models.UUIDField(null=True)  # a user; null: the system
    wanted_at = models.DateTimeField()
    problem = models.TextField(blank=True)  # why it could not be made yet

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "algorithm"], name="one_wanted_key_an_algorithm"
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


class PostponedOrder(models.Model):
    """An order that waits until its keys can be reached again."""

    order = models.OneToOneField(
        SigningOrder, models.CASCADE, primary_key=True, related_name="postponed"
    )
    problem = models.TextField()
    since = models.DateTimeField()


class RotationPlan(models.Model):
    """How often an organisation's keys are replaced; without a row, by `rotation.DEFAULT`."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="rotation_plan"
    )
    is_scheduled = models.BooleanField()
    months = models.PositiveSmallIntegerField()
