"""Whether and how the credentials of an achievement are renewed: a rule beside its versions.

It is not signed, and can change while versions can't.
"""

from django.db import models
from django.utils.translation import gettext_lazy

from cairn.catalogue.models import Achievement


class RenewalRule(models.Model):
    """How credentials of an achievement are renewed, through all its versions."""

    class How(models.TextChoices):
        REQUEST = "request", gettext_lazy("On request: the learner asks")
        EVIDENCE = "evidence", gettext_lazy("By new evidence or a new assessment")

    achievement = models.OneToOneField(
        Achievement, models.PROTECT, primary_key=True, related_name="renewal_rule"
    )
    how = models.CharField(max_length=12, choices=How, blank=True)  # "": not at all
    days_before = models.PositiveSmallIntegerField(default=60)  # the end: it opens, learners told
    texts = models.JSONField(default=dict)  # {language: what to do, plain text}
    edited_at = models.DateTimeField()
