"""What the wallet adds to pages of the console; the settings say where (CONSOLE_PANELS)."""

from dataclasses import dataclass

from cairn.issuing import permissions as issuing
from cairn.issuing.models import Award, Batch
from cairn.organisations.console import MemberRequest
from cairn.organisations.panels import Panel
from cairn.wallet import deliveries, permissions, wishes
from cairn.wallet.models import ClaimLink, Mail

FAILURES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A letter in the log."""

    mail: Mail
    to: str  # "" for the holder, whose address is theirs
    is_open: bool  # its link still opens something


def letters_of_award(request: MemberRequest, award: Award) -> Panel | None:
    """The delivery log of one award."""
    found = deliveries.letters_about(award.id)
    if not found:
        return None
    lines = [
        Line(
            mail,
            mail.link.email if mail.link else "",
            mail.link is not None and mail.link.state == ClaimLink.State.OPEN,
        )
        for mail in found
    ]
    may_retry = _may_retry(request) and any(
        line.mail.state == Mail.State.FAILED and (line.is_open or not line.mail.link)
        for line in lines
    )
    return Panel("wallet/panels/award.html", {"lines": lines, "may_retry": may_retry})


def letters_of_batch(request: MemberRequest, batch: Batch) -> Panel | None:
    """How far the letters to the people of a table came, and which did not arrive."""
    mails = deliveries.of_batch(batch.id)
    counts = deliveries.counted(mails)
    if not counts.all:
        return None
    failures = deliveries.failures(mails) if counts.failed else Mail.objects.none()
    context = {
        "counts": counts,
        "failures": failures[:FAILURES_SHOWN],
        "more": max(0, counts.failed - FAILURES_SHOWN),
        "may_retry": _may_retry(request),
    }
    return Panel("wallet/panels/batch.html", context)


def wishes_of_learner(request: MemberRequest, award: Award) -> Panel | None:
    """What the holder of an award asks for."""
    found = wishes.open_wishes(award)
    may_answer = not issuing.REPLACE.roles.isdisjoint(request.roles)
    context = {"wishes": found, "may_answer": may_answer}
    return Panel("wallet/panels/wishes.html", context) if found else None


def _may_retry(request: MemberRequest) -> bool:
    return not permissions.RETRY.roles.isdisjoint(request.roles)
