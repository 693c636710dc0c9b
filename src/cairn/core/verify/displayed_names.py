"""Whether a name in the report may mislead the eye: hidden, reversing or look-alike characters.

Source: Unicode UAX #9 and UTS #39; what counts as odd is decided in `cairn.core.wording.names`.
A warning only: real names are odd too.
"""

from cairn.core.verify.report import Check, CheckId, Facts, Reason, Result
from cairn.core.wording.names import Flag, flags

_REASONS = {
    Flag.BIDI: Reason.NAME_BIDI,
    Flag.ZERO_WIDTH: Reason.NAME_ZERO_WIDTH,
    Flag.UNREADABLE: Reason.NAME_UNREADABLE,
    Flag.MIXED_SCRIPTS: Reason.NAME_MIXED_SCRIPTS,
}


def check_names(facts: Facts) -> tuple[Check, ...]:
    """A warning for each oddity of each name: issuer, title, recipient."""
    checks = []
    for name in dict.fromkeys((facts.issuer_name, facts.title, facts.recipient)):
        for flag in flags(name):
            reason = _REASONS[Flag(flag)]
            checks.append(Check(CheckId.NAMES, Result.WARNING, reason, {"name": name}))
    return tuple(checks)
