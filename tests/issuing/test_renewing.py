"""`cairn.issuing.renewing`: a later end under a rule, and the old one says it was replaced."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cairn.core.errors import Conflict, NotAllowed
from cairn.issuing import renewing, selectors
from cairn.issuing.acts import Order
from cairn.issuing.changes import RENEWED, Act
from cairn.issuing.models import Award
from cairn.issuing.renewal_rules import RenewalRule
from cairn.organisations.models import Role
from cairn.people.models import User
from tests import world
from tests.issuing.desk import client_of

pytestmark = pytest.mark.django_db
NOW = world.NOW


def award_with_rule(how: str = "request") -> Award:
    """One that ends on 1 June 2027, renewable in the last sixty days."""
    issuer = world.organisation()
    award = world.issued_award(issuer, world.published_version(issuer, valid_for_months=12))
    RenewalRule.objects.create(achievement=award.version.achievement, how=how, edited_at=NOW)
    return award


def renew(award: Award, *, actor: User | None = None, after: timedelta) -> Award:
    assert award.valid_until is not None
    (renewed,) = renewing.renew_awards(
        issuer=award.issuer,
        award_ids=[award.id],
        order=Order(Act.REPLACE, uuid4(), RENEWED),
        actor=actor or world.member(award.issuer, Role.REGISTRAR),
        now=award.valid_until + after,
    )
    world.sign_orders(now=award.valid_until + after)
    return Award.objects.get(pk=renewed.pk)


def test_before_its_end_it_holds_on_for_one_more_term_and_the_old_one_is_replaced() -> None:
    award = award_with_rule()
    old = selectors.current_credential(award)
    renewed = renew(award, after=timedelta(days=-10))
    assert renewed.valid_from == award.valid_from
    assert renewed.valid_until is not None
    assert renewed.valid_until.isoformat() == "2028-06-01T23:59:59+00:00"
    assert old is not None
    new = selectors.newest_of(old.id)
    assert new == selectors.current_credential(renewed)
    change = selectors.replacement(old.id)
    assert change is not None
    assert change.reason_label == "It was renewed"


def test_after_its_end_it_claims_nothing_of_the_time_between() -> None:
    award = award_with_rule()
    renewed = renew(award, after=timedelta(days=10))
    assert renewed.valid_from.isoformat() == "2027-06-11T23:59:59+00:00"
    assert renewed.valid_until is not None
    assert renewed.valid_until.isoformat() == "2028-06-11T23:59:59+00:00"


@pytest.mark.parametrize(("how", "days", "why"), [("", -1, "Renewals"), ("request", -61, "late")])
def test_it_is_not_renewed_against_its_rule(how: str, days: int, why: str) -> None:
    award = award_with_rule(how)
    with pytest.raises(Conflict, match=why):
        renew(award, after=timedelta(days=days))


def test_what_has_no_end_is_not_renewed() -> None:
    award = world.issued_award(world.organisation())
    award.valid_until = NOW
    with pytest.raises(Conflict, match="no end"):
        renew(award, after=timedelta())


def test_a_viewer_renews_nothing() -> None:
    award = award_with_rule()
    with pytest.raises(NotAllowed):
        renew(award, actor=world.member(award.issuer, Role.VIEWER), after=timedelta())


def test_what_can_be_renewed_is_found_by_its_window() -> None:
    award = award_with_rule()
    assert award.valid_until is not None
    for days, number in ((-61, 0), (-59, 1), (30, 1), (366, 0)):
        found = renewing.renewable(award.issuer, award.valid_until + timedelta(days=days))
        assert len(found) == number, days


def test_a_registrar_writes_the_rule_and_renews_what_ends_by_page() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, valid_for_months=1)
    made = timezone.now() - timedelta(days=20)
    award = world.issued_award(issuer, version, now=made)
    client = client_of(world.member(issuer, Role.REGISTRAR))
    base = f"/console/{issuer.slug}/awards/"
    rule = f"{base}renewals/{version.achievement_id}/"
    assert client.post(rule, {"how": "request", "days_before": "0"}).status_code == 422
    said = client.post(rule, {"how": "request", "days_before": "30", "text_en": "Ask us."})
    assert said.status_code == 302
    assert "1 award" in client.get(f"{base}renewals/").content.decode()
    page = f"{base}set/renew/"
    looked = client.get(page, {"achievement": str(version.achievement_id)})
    form = {
        "achievement": str(version.achievement_id),
        "act_id": str(uuid4()),
        "digest": looked.context["chosen"].digest,
        "step": "confirm",
        "note": "",
    }
    for _ in range(2):  # sent twice, done once
        assert client.post(page, form).status_code == 302
    world.sign_orders(now=timezone.now())
    before = award.valid_until
    award.refresh_from_db()
    assert before is not None
    assert award.valid_until is not None
    assert award.valid_until > before + timedelta(days=27)
    assert award.changes.count() == 1
    assert "Nothing to do" in client.get(page, {"q": "Ada"}).content.decode()
