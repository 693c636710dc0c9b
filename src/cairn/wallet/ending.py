"""What a holder is told of a credential that ends."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cairn.issuing.models import Award
from cairn.issuing.renewal_rules import RenewalRule
from cairn.issuing.renewing import rule_of


def how_to_renew(award: Award, language: str) -> str:
    """What to do before it ends, in the issuer's words if they wrote some; "" if nothing can be.

    No query if version, achievement and rule came along.
    """
    rule = rule_of(award.version.achievement)
    if rule is None or not rule.how or award.valid_until is None:
        return ""
    own = rule.texts.get(language) or rule.texts.get(award.language, "")
    if own:
        return str(own)
    if rule.how == RenewalRule.How.REQUEST:
        return _("Ask for a new one on its page.")
    return _("Ask the issuer which new evidence or assessment it takes.")


def may_ask(award: Award, now: datetime) -> bool:
    """Whether its holder can ask for a new one on its page."""
    rule = rule_of(award.version.achievement)
    if rule is None or not rule.how or award.valid_until is None:
        return False
    is_open = now >= award.valid_until - timedelta(days=rule.days_before)
    return is_open and award.state == Award.State.ISSUED
