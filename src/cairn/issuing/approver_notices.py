"""Letters to the owners of an organisation: somebody changed who approves, or what needs it.

Owners would otherwise learn of it too late to stop it.
"""

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from cairn.issuing.approvals import ApprovalRule, ApproverKey
from cairn.issuing.approver_keys import fingerprint
from cairn.issuing.documents import title_of
from cairn.organisations.models import Membership, Organisation, Role


def tell_of_key(*, key_id: UUID) -> None:
    """Somebody registered a passkey for approvals."""
    key = ApproverKey.objects.select_related("issuer", "user").get(pk=key_id)
    context = {"who": key.user, "passkey": key.name, "fingerprint": fingerprint(key)}
    _tell(key.issuer, "approver_key", context)


def tell_of_rule(*, rule_id: UUID) -> None:
    """Somebody said that awards of an achievement need a signed approval, or do no more."""
    rule = ApprovalRule.objects.select_related("issuer", "changed_by", "achievement").get(
        pk=rule_id
    )
    newest = rule.achievement.versions.order_by("-number").first()
    title = title_of(newest, rule.issuer.language) if newest else rule.achievement.slug
    context = {"who": rule.changed_by, "title": title, "is_required": rule.is_required}
    _tell(rule.issuer, "approval_rule", context)


def _tell(organisation: Organisation, letter: str, context: dict[str, object]) -> None:
    link = settings.CAIRN.base_url + reverse("issuing:approvals", args=[organisation.slug])
    context = {**context, "organisation": organisation, "link": link}
    members = Membership.objects.filter(organisation=organisation, user__is_active=True)
    for member in members.select_related("user"):
        if Role.OWNER in member.roles:
            with translation.override(member.user.language):
                subject = render_to_string(f"issuing/mail/{letter}_subject.txt", context).strip()
                text = render_to_string(f"issuing/mail/{letter}.txt", context)
            send_mail(subject, text, None, [member.user.email])
