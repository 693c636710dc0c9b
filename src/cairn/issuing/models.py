"""Awards (decisions to give), credentials (signed documents), status lists.

`issuer` stands in every unique key of the tables that grow.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.catalogue.models import AchievementVersion, Offering
from cairn.issuing.approvals import ApprovalRule as ApprovalRule  # models of this room
from cairn.issuing.approvals import ApprovedPart as ApprovedPart
from cairn.issuing.approvals import ApproverKey as ApproverKey
from cairn.issuing.approvals import ApproverKeyDecision as ApproverKeyDecision
from cairn.issuing.approvals import BatchApproval as BatchApproval
from cairn.issuing.changes import Change as Change  # models of this room
from cairn.issuing.reissues import Reissue as Reissue
from cairn.issuing.reissues import ReissueChunk as ReissueChunk
from cairn.issuing.removals import Removal as Removal
from cairn.issuing.renewal_rules import RenewalRule as RenewalRule
from cairn.issuing.sources import BatchSource as BatchSource
from cairn.organisations.models import Organisation
from cairn.people.models import Learner


class Award(models.Model):
    """The decision to give one learner a version, as of one run: once.

    The run is `offering`, or none.  Personal data of an award stands here and in its credential.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Being signed")  # ordered, not signed yet
        ISSUED = "issued", _("In force")
        SUSPENDED = "suspended", _("Suspended")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REPLACED = "replaced", _("Replaced")

    class Reason(models.TextChoices):
        """Why it was withdrawn: the public category."""

        ERROR = "error", _("It was awarded by mistake")
        MISCONDUCT = "misconduct", _("A rule of the assessment was broken")
        REQUEST = "request", _("The learner asked for it")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="awards")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="awards")
    offering = models.ForeignKey(Offering, models.PROTECT, null=True, related_name="awards")
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="awards")
    recipient_name = models.CharField(max_length=200)
    language = models.CharField(max_length=12)  # of the signed credential
    narrative = models.TextField(blank=True)  # Markdown: what this learner did
    evidence_url = models.URLField(max_length=500, blank=True)
    evidence_name = models.CharField(max_length=200, blank=True)
    results = models.JSONField(default=list)  # of Open Badges Result's terms
    student_number = models.CharField(max_length=200, blank=True)  # in the issuer's own register
    # What else is signed, by Open Badges' terms (`documents.FURTHER_TERMS`): role, credits earned …
    terms = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    awarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    awarded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=12, choices=Reason, blank=True)
    withdrawn_note = models.TextField(blank=True)  # internal, never published

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "version", "learner", "offering"], name="one_award_a_run"
            ),
            models.UniqueConstraint(
                fields=["issuer", "version", "learner"],
                condition=models.Q(offering=None),
                name="one_award_without_a_run",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn")
                | models.Q(withdrawn_at__isnull=False, withdrawn_reason__gt=""),
                name="withdrawn_means_when_and_why",
            ),
        )
        indexes = (
            models.Index(fields=["issuer", "-awarded_at"]),
            # By which a row without an address finds its learner.
            models.Index(
                fields=["issuer", "student_number"],
                condition=~models.Q(student_number=""),
                name="award_of_a_number",
            ),
        )

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether it is, or will be, in force or suspended; what is withdrawn stays withdrawn."""
        return self.state in (self.State.PLANNED, self.State.ISSUED, self.State.SUSPENDED)


class StatusList(models.Model):
    """A published list of one issuer and one purpose; entries are handed out at random."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # /status/<id>
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="status_lists")
    purpose = models.CharField(max_length=12)  # "revocation", "suspension"
    bits = models.BinaryField()  # what the next signed list says
    taken = models.BinaryField()  # which entries were handed out
    is_open = models.BooleanField(default=True)  # entries are still handed out
    # The bits differ from `body`; set and cleared under the lock of this row.  Times can't say it:
    # a slow transaction commits late with an early one.
    is_changed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)  # of what is published, monotonic
    body = models.BinaryField(default=bytes)  # the signed list as published
    signed_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)  # of `body`; signed anew before

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "purpose"],
                condition=models.Q(is_open=True),
                name="one_open_list_a_purpose",
            ),
        )
        indexes = (models.Index(fields=["valid_until"]),)


class Credential(models.Model):
    """One document with one id, /c/<id>, signed in one form or several."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="credentials")
    award = models.ForeignKey(Award, models.PROTECT, related_name="credentials")
    salt = models.CharField(max_length=64)  # of the hashed address in it
    is_current = models.BooleanField(default=True)  # another address makes another the current one
    planned_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "award", "id"], name="credential_of_award"),
            models.UniqueConstraint(
                fields=["issuer", "award"],
                condition=models.Q(is_current=True),
                name="one_current_credential_an_award",
            ),
        )


class StatusEntry(models.Model):
    """Which entry of which list speaks of a credential."""

    id = models.BigAutoField(primary_key=True)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="status_entries")
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="entries")
    index = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "status_list", "index"], name="one_credential_an_entry"
            ),
        )


class SignedForm(models.Model):
    """The exact bytes that were signed, in one form.  Never changed."""

    class Form(models.TextChoices):
        DATA_INTEGRITY = "eddsa-rdfc-2022", _("Open Badges 3.0, JSON with a proof in it")
        OPEN_BADGES_JWT = "vc-jwt-openbadges", _("Open Badges 3.0, JWT (RS256)")
        VC_JWT = "vc+jwt", _("W3C Verifiable Credential, JWT")

    id = models.BigAutoField(primary_key=True)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="forms")
    form = models.CharField(max_length=20, choices=Form)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64, db_index=True)
    key_fragment = models.CharField(max_length=120)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "credential", "form"], name="one_body_a_form"
            ),
        )


class Batch(models.Model):
    """An uploaded table of people for one version and run: read, approved, awarded once.

    reading → draft → submitted → planning → running → done; failed from reading, withdrawn from all
    that nobody approved.  A small table is read at once.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        FAILED = "failed", _("Could not be read")
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for approval")
        PLANNING = "planning", _("Being planned")
        RUNNING = "running", _("Being signed")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Approval(models.TextChoices):
        SECOND_PERSON = "second_person", _("A second person approved it.")
        NOT_INDEPENDENT = "not_independent", _("Not independently approved.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="batches")
    version = models.ForeignKey(AchievementVersion, models.PROTECT, related_name="batches")
    offering = models.ForeignKey(Offering, models.PROTECT, null=True, related_name="batches")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20)
    separator = models.CharField(max_length=1)
    header = models.JSONField()  # the headings, in their order
    mapping = models.JSONField(default=dict)  # heading to field; the next table of the version too
    header_problems = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    approval = models.CharField(max_length=20, choices=Approval, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["issuer", "-uploaded_at"]),)


class BatchRow(models.Model):
    """One row of a batch.  Its id is the id of the award that it becomes, so that is one.

    What a row says of a person is emptied once the award says it.
    """

    class State(models.TextChoices):
        UNREAD = "unread", _("Not read yet")  # the columns must be mended first
        READY = "ready", _("Ready")
        UNSURE = "unsure", _("Known under another address")  # somebody chooses which one counts
        PROBLEM = "problem", _("To be mended")
        DUPLICATE = "duplicate", _("Twice in the file")
        HELD = "held", _("Awarded before")
        PLANNED = "planned", _("Being signed")
        ISSUED = "issued", _("Issued")
        PARKED = "parked", _("Could not be signed")

    class Address(models.TextChoices):
        """Which address counts for a learner whose number is known under another one."""

        KNOWN = "known", _("The one that is known")
        TABLE = "table", _("The one in the table")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet counts
    state = models.CharField(max_length=12, choices=State, default=State.UNREAD)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    student_number = models.CharField(max_length=200, blank=True)
    said = models.JSONField(default=dict)  # other columns of the award
    cells = models.JSONField(default=list)  # as uploaded
    problems = models.JSONField(default=list)  # of column, value, problem, mend
    address = models.CharField(max_length=8, choices=Address, blank=True)  # as somebody chose

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "batch", "number"], name="one_row_a_number"),
        )
        indexes = (
            models.Index(fields=["batch", "state", "number"]),
            models.Index(fields=["batch", "email"]),
            models.Index(fields=["batch", "student_number"]),
        )


class BatchChunk(models.Model):
    """The rows of a batch that are signed in one transaction, from `first_row` to `last_row`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="chunks")
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["issuer", "batch", "first_row"], name="one_chunk_a_first_row"
            ),
        )
