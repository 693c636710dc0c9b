"""A holding as cards and pages show it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy

from cairn.core.verify.report import Outcome
from cairn.core.wording.render import negotiate, outcome_title
from cairn.wallet.facts import Shown, shown
from cairn.wallet.models import Holding
from cairn.wallet.selectors import standing

PRIVACY = {
    Holding.Visibility.PRIVATE: (gettext_lazy("Private"), "lock"),
    Holding.Visibility.LINK: (gettext_lazy("Link-only"), "link"),
    Holding.Visibility.PUBLIC: (gettext_lazy("Public"), "globe"),
}
# The state that gives an outcome its colour, and the icon that gives it its shape.
_LOOKS = {
    Outcome.IN_FORCE: ("ok", "ok"),
    Outcome.NOT_YET_IN_FORCE: ("", "soon"),
    Outcome.EXPIRED: ("warn", "expired"),
    Outcome.REPLACED: ("", "replaced"),
    Outcome.SUSPENDED: ("warn", "suspended"),
    Outcome.WITHDRAWN: ("stone", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A holding in a list."""

    holding_id: UUID
    credential: Shown
    outcome: Outcome
    outcome_text: str
    outcome_state: str
    outcome_icon: str
    privacy_text: str
    privacy_icon: str


def card(holding: Holding, now: datetime) -> Card:
    """The card of a holding; its outcome is from our own records."""
    outcome = standing(holding.award, now)
    state, icon = _LOOKS[outcome]
    text, privacy_icon = PRIVACY[Holding.Visibility(holding.visibility)]
    return Card(
        holding_id=holding.id,
        credential=shown(holding.award),
        outcome=outcome,
        outcome_text=outcome_title(outcome, negotiate(get_language() or "en")),
        outcome_state=state,
        outcome_icon=icon,
        privacy_text=str(text),
        privacy_icon=privacy_icon,
    )
