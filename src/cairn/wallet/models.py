"""What a learner holds, who may see it, and the links by which it was claimed and shared.

Tokens of links are kept as digests; a share key is kept, because its holder wants to see it again.
"""

import uuid

from django.conf import settings
from django.db import models

from cairn.issuing.models import Award, Credential


class Holding(models.Model):
    """An award in its learner's hands; private until they say otherwise."""

    class Visibility(models.TextChoices):
        PRIVATE = "private"
        LINK = "link"  # whoever has the share key
        PUBLIC = "public"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.OneToOneField(Award, models.PROTECT, related_name="holding")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="holdings"
    )
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.PRIVATE)
    share_key = models.CharField(max_length=64, blank=True)  # in the link and QR; "" if withdrawn
    claimed_at = models.DateTimeField(null=True)
    handed_back_at = models.DateTimeField(null=True)  # "this isn't me"


class ClaimLink(models.Model):
    """The link in the mail to a learner: opening it claims nothing, confirming does."""

    class State(models.TextChoices):
        OPEN = "open"
        USED = "used"
        VOID = "void"  # handed back, or the address was corrected

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="claim_links")
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="+")  # then the newest
    email = models.EmailField()  # to which it was sent
    token_sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # null: the mail service did not take it
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by_sha256 = models.CharField(max_length=64, blank=True)  # of the browser's form secret


class Notice(models.Model):
    """A letter to the holder: what their issuer did to the credential, and the public reason."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdraw"
        SUSPENDED = "suspend"
        REINSTATED = "reinstate"
        REPLACED = "replace"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event_id = models.BigIntegerField(unique=True)  # of the outbox: one letter for each
    award = models.ForeignKey(Award, models.PROTECT, related_name="notices")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.CharField(max_length=12)  # the public category
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # null: the mail service did not take it
