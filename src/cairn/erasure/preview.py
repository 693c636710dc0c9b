"""What an erasure would delete and what it would leave, counted, before anybody decides."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from cairn.erasure.choices import Decision
from cairn.issuing.changes import Change
from cairn.issuing.erasing import rows_about
from cairn.issuing.models import Award, SignedForm
from cairn.wallet.models import ClaimLink, Holding, Mail

Line = tuple[str, str]  # what, and how much of it


def goes(awards: Sequence[Award], decision: Decision) -> list[Line]:
    """What would go.  5 queries, and one over rows of tables that became no award."""
    ids = [award.id for award in awards]
    wallet = [
        (_("Pages of credentials and their sharing"), _count(Holding, ids)),
        (_("Links to claim"), _count(ClaimLink, ids)),
    ]
    match decision:
        case Decision.REFUSE:
            return []
        case Decision.RESTRICT:
            return wallet
        case Decision.ERASE:
            forms = SignedForm.objects.filter(credential__award__in=ids).count()
            return [
                (_("Name, address, student number, results, texts and evidence"), _of(awards)),
                (_("Signed files kept here"), str(forms)),
                *wallet,
                (_("Letters in the log of mail"), _count(Mail, ids)),
                (_("Reasons and notes of changes"), _count(Change, ids)),
                (_("Rows of uploaded tables"), str(_rows(awards))),
            ]


def stays(awards: Sequence[Award], decision: Decision) -> list[Line]:
    """What would stay.  No query."""
    match decision:
        case Decision.REFUSE:
            return [(_("Everything as it is"), _of(awards))]
        case Decision.RESTRICT:
            return [
                (_("The register of awards, for registrars alone"), _of(awards)),
                (_("What the learner saved: it goes on counting"), _of(awards)),
            ]
        case Decision.ERASE:
            return [
                (_("That there was an award: version, run and dates, without a name"), _of(awards)),
                (_("What the learner saved: it says “withdrawn” when it is checked"), _of(awards)),
                (_("Who did what, by number alone"), ""),
            ]


def _rows(awards: Sequence[Award]) -> int:
    if not awards:
        return 0
    found = rows_about(
        awards[0].issuer,
        emails={award.learner.email for award in awards},
        names={award.recipient_name for award in awards},
        numbers={award.student_number for award in awards} - {""},
    )
    return sum(1 for _row in found)


def _count(model: type[Holding | ClaimLink | Mail | Change], ids: Sequence[UUID]) -> str:
    return str(model._default_manager.filter(award__in=ids).count())


def _of(awards: Sequence[Award]) -> str:
    return str(len(awards))
