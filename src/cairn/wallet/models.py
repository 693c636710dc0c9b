"""What a learner holds, who may see it, the links by which it was claimed and shared, the mail.

Tokens of links are kept as digests; a share key is kept, because its holder wants to see it again.
"""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.issuing.models import Award, Credential
from cairn.organisations.models import Organisation


def reminder_days() -> list[int]:
    """After how many days unclaimed awards are called to mind, unless an organisation says."""
    return [7, 21]


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
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by_sha256 = models.CharField(max_length=64, blank=True)  # of the browser's form secret


class Mail(models.Model):
    """One letter about one award to whom it concerns: what became of it, not what it said.

    It names nobody: it goes to the address of its link, or else to whoever holds the award.  What
    is sent twice, because we died before noting that the mail service took it, is the same letter:
    the same link, and a `Message-ID` made of the id here.
    """

    class Kind(models.TextChoices):
        CLAIM = "claim", _("Link to claim it")
        AGAIN = "again", _("Link to claim it, asked for again")
        REMINDER = "reminder", _("Reminder to claim it")
        WITHDRAWN = "withdraw", _("Told that it was withdrawn")
        SUSPENDED = "suspend", _("Told that it was suspended")
        REINSTATED = "reinstate", _("Told that it is in force again")
        REPLACED = "replace", _("Told that it was replaced")
        RENEWED = "renewed", _("Told that it was renewed")
        ENDING = "ending", _("Reminder that it ends soon")
        TAKEN_BACK = "taken_back", _("Told that it was taken back")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits to be sent")
        SENDING = "sending", _("Being sent")  # claimed by a sender, until `due_at`
        SENT = "sent", _("Taken by the mail service")
        FAILED = "failed", _("Not delivered")
        VOID = "void", _("Not needed any more")

    class Problem(models.TextChoices):
        ADDRESS = "address", _("The mail service refused the address.")
        LETTER = "letter", _("The mail service refused the letter.")
        SERVICE = "service", _("The mail service could not be reached.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, models.PROTECT, related_name="mails")
    link = models.ForeignKey(ClaimLink, models.SET_NULL, null=True, related_name="mails")
    kind = models.CharField(max_length=12, choices=Kind)
    occasion = models.CharField(max_length=64)  # what it is about, such as a credential, an event
    reason = models.CharField(max_length=12, blank=True)  # the public category of an act
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    problem = models.CharField(max_length=12, choices=Problem, blank=True)  # of the last attempt
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not sent before
    attempted_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # So one claim mail a credential, which is one of a learner and an award.
            models.UniqueConstraint(
                fields=["organisation", "award", "kind", "occasion"], name="one_mail_an_occasion"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="sent_means_when",
            ),
        )
        indexes = (models.Index(fields=["state", "due_at"]),)


class MailSettings(models.Model):
    """How an organisation writes to learners; without a row, as the defaults here."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, primary_key=True, related_name="mail_settings"
    )
    sender_name = models.CharField(max_length=100, blank=True)  # "": the organisation's own
    reply_to = models.EmailField(blank=True)  # "": the organisation's own
    reminder_days = models.JSONField(default=reminder_days)  # after the claim mail; none: off
    # {kind of text: {language: plain text}}, put before our own; see `texts`.
    texts = models.JSONField(default=dict)


class Wish(models.Model):
    """What a holder asks the issuer for: another name in their credentials, or to have one renewed.

    The name is emptied once the wish is answered: then the credentials say it, or nothing does.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("Another name")
        RENEWAL = "renewal", _("Renewal")

    class State(models.TextChoices):
        OPEN = "open"
        MET = "met"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    award = models.ForeignKey(Award, models.PROTECT, related_name="wishes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "award", "kind"],
                condition=models.Q(state="open"),
                name="one_open_wish_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(name=""),
                name="an_answered_wish_names_nobody",
            ),
        )
