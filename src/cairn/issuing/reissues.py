"""Credentials issued again, for the key that signed them was given up: by whom, and how far it is.

What is done stands in `reissuing`.
"""

import uuid

from django.conf import settings
from django.db import models

from cairn.organisations.models import Organisation


class Reissue(models.Model):
    """All awards in force that one key signed get a credential by another key.

    ordered → planned → done; `awards` is known once it is planned.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="reissues")
    key_fragment = models.CharField(max_length=120)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    awards = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "key_fragment"], name="one_reissue_a_key"),
        )


class ReissueChunk(models.Model):
    """Awards whose new credentials are signed in one transaction."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reissue = models.ForeignKey(Reissue, models.PROTECT, related_name="chunks")
    number = models.PositiveIntegerField()
    award_ids = models.JSONField()  # in the order of the ids
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "reissue", "number"], name="one_reissue_chunk_a_number"
            ),
        )
