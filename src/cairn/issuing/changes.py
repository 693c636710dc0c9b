"""What was done to awards after they were given: each act with its public reason, for good."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cairn.organisations.models import Organisation


class Act(models.TextChoices):
    """What can be done to an award that was given."""

    WITHDRAW = "withdraw", _("Withdraw")
    SUSPEND = "suspend", _("Suspend")
    REINSTATE = "reinstate", _("Put in force again")
    REPLACE = "replace", _("Replace")


RENEWED = "renewed"  # why one replaces another that ends
KEY_GIVEN_UP = "key"  # no person chooses it: see `reissuing`


# The public categories of each act.
REASONS: dict[Act, tuple[tuple[str, object], ...]] = {
    Act.WITHDRAW: (
        ("error", _("It was awarded by mistake")),
        ("misconduct", _("A rule of the assessment was broken")),
        ("request", _("The learner asked for it")),
        ("other", _("Another reason")),
    ),
    Act.SUSPEND: (
        ("review", _("It is being looked into")),
        ("request", _("The learner asked for it")),
        ("other", _("Another reason")),
    ),
    Act.REINSTATE: (
        ("settled", _("The question is settled")),
        ("error", _("It was suspended by mistake")),
        ("other", _("Another reason")),
    ),
    Act.REPLACE: (
        ("error", _("A mistake was put right")),
        ("name", _("The learner has another name")),
        (RENEWED, _("It was renewed")),
        ("version", _("The description of the achievement was put right")),
        (KEY_GIVEN_UP, _("The key that signed it was given up")),
        ("other", _("Another reason")),
    ),
}


def reason_label(act: str, reason: str) -> str:
    """The public category in words, "" for one that there is not."""
    return str(dict(REASONS[Act(act)]).get(reason, ""))


class Change(models.Model):
    """One act on one award.  Triggers refuse UPDATE; it can only be erased whole."""

    id = models.BigAutoField(primary_key=True)
    issuer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    award = models.ForeignKey("issuing.Award", models.PROTECT, related_name="changes")
    act = models.CharField(max_length=12, choices=Act)
    # Drawn once a form, the same for all awards of a set: a form sent twice acts once.
    act_id = models.UUIDField(default=uuid.uuid4)
    reason = models.CharField(max_length=12)
    note = models.TextField(blank=True)  # internal, never published
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Of a replacement: the credential that was revoked, and the one in its place.
    replaced = models.ForeignKey(
        "issuing.Credential", models.PROTECT, null=True, related_name="replacements"
    )
    successor = models.ForeignKey(
        "issuing.Credential", models.PROTECT, null=True, related_name="places_taken"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["issuer", "act_id", "award"], name="one_act_an_award"),
            models.CheckConstraint(
                condition=models.Q(act="replace", replaced__isnull=False, successor__isnull=False)
                | (~models.Q(act="replace") & models.Q(replaced=None, successor=None)),
                name="a_replacement_names_both",
            ),
        )

    @property
    def reason_label(self) -> str:
        """The public category in words."""
        return reason_label(self.act, self.reason)
