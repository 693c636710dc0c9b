"""From checks to the one outcome above them.

Precedence: what is certain and worst comes first.  A document that its issuer didn't sign says
nothing about dates or status; a withdrawn credential is withdrawn whether or not it expired too;
only then does a check that could not be made hold the answer back.
"""

from collections.abc import Iterable

from cairn.core.verify.report import Check, CheckId, Outcome, Reason, Result

_AUTHORSHIP = (CheckId.CONTEXT, CheckId.DOCUMENT, CheckId.PROOF, CheckId.ISSUER)
_BY_REASON = (
    (Reason.REPLACED, Outcome.REPLACED),
    (Reason.STATUS_REVOKED, Outcome.WITHDRAWN),
    (Reason.STATUS_SUSPENDED, Outcome.SUSPENDED),
    (Reason.VALIDITY_EXPIRED, Outcome.EXPIRED),
    (Reason.VALIDITY_NOT_YET, Outcome.NOT_YET_IN_FORCE),
)
_OPEN_OR_FAILED = (Result.FAIL, Result.NOT_CHECKED)
_DECISIVE = (*_AUTHORSHIP, CheckId.STATUS)


def outcome_of(checks: Iterable[Check]) -> Outcome:
    """The outcome that `checks` add up to; order doesn't matter."""
    found = tuple(checks)
    open_or_failed = [check for check in found if check.result in _OPEN_OR_FAILED]
    authorship = {check.result for check in open_or_failed if check.id in _AUTHORSHIP}
    if Result.FAIL in authorship:
        return Outcome.ALTERED
    if Result.NOT_CHECKED in authorship:
        return Outcome.NOT_CHECKED
    reasons = {check.reason for check in found}
    for reason, outcome in _BY_REASON:
        if reason in reasons:
            return outcome
    if any(check.result is Result.NOT_CHECKED for check in open_or_failed if check.id in _DECISIVE):
        return Outcome.NOT_CHECKED
    # its own words are intact, but they speak of a document that is no longer there: no accusation
    if Reason.RESOURCE_DIFFERS in reasons:
        return Outcome.NOT_CHECKED
    return Outcome.IN_FORCE
