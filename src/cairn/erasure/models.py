"""Cases: what a learner asks of one organisation, and what it decides.

Each organisation decides on its own awards alone.  What says who asked is emptied once that is
erased; what was decided, when and why stays.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.erasure.choices import Decision, Identity, basis_label
from cairn.issuing.models import Award
from cairn.organisations.models import Organisation
from cairn.people.models import Learner


class PrivacySettings(models.Model):
    """How long an organisation keeps its awards, and where learners can complain."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="privacy_settings"
    )
    retention_years = models.PositiveSmallIntegerField(null=True)  # None: without an end
    complaints = models.TextField(blank=True)  # "": our own text


class Case(models.Model):
    """A request of one learner to one organisation, or a proposal because time is over."""

    class Origin(models.TextChoices):
        REQUEST = "request", _("The learner asked")
        RETENTION = "retention", _("The time of keeping was over")

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        DECIDED = "decided", _("Will be erased")  # the learner saves what they have first
        DONE = "done", _("Closed")
        TAKEN_BACK = "taken_back", _("Taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="erasure_cases")
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.REQUEST)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    # Whose data it is: somebody who signs in, or whom the organisation knows by an address.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="erasure_cases"
    )
    learner = models.ForeignKey(Learner, models.PROTECT, null=True, related_name="+")
    email = models.EmailField(blank=True)  # where the letter goes
    language = models.CharField(max_length=12)  # of the letter
    wants = models.CharField(max_length=12, choices=Decision, default=Decision.ERASE)
    wish = models.TextField(blank=True)  # in the learner's words
    asked_at = models.DateTimeField()  # when it reached the organisation
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # who wrote it down; None: the learner did
    due_at = models.DateTimeField()
    identity = models.CharField(max_length=12, choices=Identity, blank=True)
    identity_note = models.TextField(blank=True)  # internal
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    basis = models.CharField(max_length=16, blank=True)
    reasons = models.TextField(blank=True)  # told to the learner
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    erase_on = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    awards_removed = models.PositiveIntegerField(default=0)
    letter_due_at = models.DateTimeField(null=True)  # None: none waits; else not tried before
    letter_sent_at = models.DateTimeField(null=True)  # of the decision

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=models.Q(state__in=("open", "decided"), origin="request"),
                name="one_open_case_a_user",
            ),
            models.UniqueConstraint(
                fields=["organisation", "learner"],
                condition=models.Q(state__in=("open", "decided"), origin="request"),
                name="one_open_case_a_learner",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="") | models.Q(decided_at__isnull=False, basis__gt=""),
                name="decided_means_when_and_why",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state", "due_at"]),
            models.Index(fields=["letter_due_at"]),
        )

    @property
    def basis_label(self) -> str:
        """The ground in words."""
        return basis_label(self.decision, self.basis)

    @property
    def number(self) -> str:
        """By which people name it."""
        return str(self.id)[:8]

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to happen."""
        return self.state in (self.State.OPEN, self.State.DECIDED)


class CaseAward(models.Model):
    """An award that was decided on, until that is carried out: then nothing joins it to anybody."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="awards")
    award = models.ForeignKey(Award, models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["case", "award"], name="one_award_a_case"),)
