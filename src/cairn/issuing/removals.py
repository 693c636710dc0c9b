"""Awards whose personal data was erased, or which only registrars may see any more."""

from django.db import models


class Removal(models.Model):
    """That an award left the sight of people, and why.  Of an erased one only numbers are left."""

    class Kind(models.TextChoices):
        ERASED = "erased"
        RESTRICTED = "restricted"  # kept in the register of awards, shown to registrars alone

    class Origin(models.TextChoices):
        REQUEST = "request"  # the learner asked for it
        RETENTION = "retention"  # the time for which the issuer keeps awards was over

    award = models.OneToOneField(
        "issuing.Award", models.PROTECT, primary_key=True, related_name="removal"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    origin = models.CharField(max_length=12, choices=Origin)
    at = models.DateTimeField()
