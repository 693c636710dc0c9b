"""Achievements, their versions, decisions about them, their offerings.

Texts for readers are `{language: text}`; a signed credential carries one language of them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.organisations.models import Organisation


class Achievement(models.Model):
    """What a provider recognises, through all its versions."""

    class State(models.TextChoices):
        ACTIVE = "active"
        RETIRED = "retired"  # no further awards

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    creator = models.ForeignKey(Organisation, models.PROTECT, related_name="achievements")
    slug = models.SlugField(max_length=120, unique=True)  # an alias; signed bytes hold the id
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    created_at = models.DateTimeField()


class AchievementVersion(models.Model):
    """One version.  A draft can be edited; a published one never changes."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"  # a draft that was given up

    class Approval(models.TextChoices):
        """Who let it be published; kept apart from external quality assurance."""

        SECOND_PERSON = "second_person"
        NOT_INDEPENDENT = "not_independent"  # the organisation has one person

    class Participation(models.TextChoices):
        """How learners take part."""

        ONLINE = "online", _("Online")
        ON_SITE = "on_site", _("On site")
        BLENDED = "blended", _("Blended: online and on site")

    class Supervision(models.TextChoices):
        """Who watches an assessment, and whether the learner's identity is checked there."""

        NONE = "none", _("Unsupervised, identity not checked")
        ONLINE = "online", _("Supervised online, identity checked")
        ON_SITE = "on_site", _("Supervised on site, identity checked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()  # from 1; fixed when the draft is made
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Everybody who wrote on it, the author among them: none of them approves it.
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    language = models.CharField(max_length=12, default="en")  # the one it was written in

    name = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    criteria = models.JSONField(default=dict)  # Markdown
    outcomes = models.JSONField(default=list)  # [{language: text}]
    prerequisites = models.JSONField(default=dict)
    achievement_type = models.CharField(max_length=60, default="MicroCredential")
    human_code = models.CharField(max_length=60, blank=True)  # as in the provider's prospectus
    field_of_study = models.CharField(max_length=10, blank=True)  # ISCED-F 2013
    eqf_level = models.PositiveSmallIntegerField(null=True)  # 1 to 8
    has_no_level = models.BooleanField(default=False)  # said on purpose: no level applies
    workload_hours = models.PositiveIntegerField(null=True)  # notional: all a learner does
    ects = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    participation = models.CharField(max_length=20, choices=Participation, blank=True)
    assessment_type = models.JSONField(default=dict)
    supervision = models.CharField(max_length=40, choices=Supervision, blank=True)
    quality_assurance = models.JSONField(default=dict)
    tags = models.JSONField(default=list)
    alignments = models.JSONField(default=list)  # objects of Open Badges Alignment's terms
    result_descriptions = models.JSONField(default=list)  # of Open Badges ResultDescription's terms
    image_sha256 = models.CharField(max_length=64, blank=True)  # a PNG at /media/<sha256>
    drawing_family = models.CharField(max_length=20, blank=True)  # of a generated badge drawing
    valid_for_months = models.PositiveSmallIntegerField(null=True)  # null: no end
    names_learner = models.BooleanField(default=True)  # the display name goes into credentials
    is_suspendable = models.BooleanField(default=False)
    search_text = models.TextField(blank=True)  # words of all languages, folded; made from the rest

    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approval = models.CharField(max_length=20, choices=Approval, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)  # of the published content, JCS

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["achievement", "number"], name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["achievement"],
                condition=models.Q(state__in=["draft", "submitted"]),
                name="one_open_draft_an_achievement",
            ),
            models.CheckConstraint(
                condition=models.Q(eqf_level=None) | models.Q(eqf_level__range=(1, 8)),
                name="eqf_level_is_1_to_8",
            ),
            models.CheckConstraint(
                condition=models.Q(has_no_level=False) | models.Q(eqf_level=None),
                name="no_level_means_none",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False, approved_by__isnull=False, approval__gt=""),
                name="published_means_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(approval="second_person")
                | ~models.Q(approved_by=models.F("author")),
                name="an_author_never_approves",
            ),
        )


class Decision(models.Model):
    """What was said about a submitted version, by whom and why.  Never edited."""

    class Outcome(models.TextChoices):
        CHANGES = "changes"
        APPROVED = "approved"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    reasons = models.TextField()
    at = models.DateTimeField()


class Offering(models.Model):
    """A run of a published version: when, where, in which language."""

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="offerings")
    name = models.CharField(max_length=120)  # "Autumn 2026"
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=12, default="en")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["version", "name"], name="one_offering_a_name"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="offering_ends_after_it_starts",
            ),
        )
