"""What can be decided on a request, and on which ground of the GDPR, in plain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Decision(models.TextChoices):
    """What an issuer does with a request."""

    ERASE = "erase", _("Erase")
    RESTRICT = "restrict", _("Restrict: keep it in the register of awards, show it to nobody else")
    REFUSE = "refuse", _("Refuse")


class Identity(models.TextChoices):
    """How the issuer knows that whoever asks is the learner."""

    SIGNED_IN = "signed_in", _("They signed in with an address that they have proved")
    KNOWN = "known", _("They are known here in person")
    DOCUMENT = "document", _("They showed a document")
    ANSWERED = "answered", _("They answered a mail to the address of the award")
    OTHER = "other", _("In another way")


# By decision: the grounds, with the article.
BASES: dict[Decision, tuple[tuple[str, object], ...]] = {
    Decision.ERASE: (
        ("not_needed", _("The data is needed no longer (Art. 17(1)(a))")),
        ("consent", _("The learner takes back their consent (Art. 17(1)(b))")),
        ("objection", _("The learner objects, and nothing outweighs that (Art. 17(1)(c))")),
        ("unlawful", _("The data should never have been kept (Art. 17(1)(d))")),
        ("duty", _("A law demands that it is erased (Art. 17(1)(e))")),
        ("retention", _("The time for which awards are kept is over (Art. 5(1)(e))")),
    ),
    Decision.RESTRICT: (
        ("keep_register", _("A law or public task demands a register of awards (Art. 17(3)(b))")),
        ("contested", _("Whether it is right has to be looked into (Art. 18(1)(a))")),
        ("asked", _("The learner would rather have it restricted (Art. 18(1)(b))")),
        ("claims", _("The learner needs it for a legal claim (Art. 18(1)(c))")),
        ("weighing", _("An objection is being weighed (Art. 18(1)(d))")),
    ),
    Decision.REFUSE: (
        ("public_task", _("A law or public task demands that it is kept (Art. 17(3)(b))")),
        ("archive", _("It is kept for archives, research or statistics (Art. 17(3)(d))")),
        ("own_claims", _("It is needed for a legal claim (Art. 17(3)(e))")),
        ("who", _("It is not shown that whoever asks is the learner (Art. 12(6))")),
        ("unfounded", _("The request is plainly unfounded or repeated without end (Art. 12(5))")),
    ),
}


def basis_label(decision: str, basis: str) -> str:
    """The ground in words, "" for none."""
    found = dict(BASES[Decision(decision)]) if decision else {}
    return str(found.get(basis, ""))
