"""Pages to suspend, correct, and act on many: what they show before, and what they do once."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from cairn.issuing import acts
from cairn.issuing.models import Award, Credential
from cairn.organisations.models import Role
from cairn.platform.models import OutboxEvent
from tests import world
from tests.issuing.desk import Desk, client_of, desk

pytestmark = pytest.mark.django_db


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.content.decode())
    named = [
        (re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in found
    ]
    return {name[1]: value[1] for name, value in named if name and value}


def text(page: Any) -> str:
    assert isinstance(page, HttpResponse)
    return page.content.decode()


def suspendable(**changes: Any) -> tuple[Desk, Award]:
    at = desk(is_suspendable=True, **changes)
    return at, world.issued_award(at.organisation, at.version)


def test_suspending_shows_what_everybody_will_read_and_can_be_undone() -> None:
    at, award = suspendable()
    url = at.url(f"{award.id}/suspend/")
    form = at.client.get(url)
    answers = {**hidden(form), "reason": "review", "note": "asks the board"}
    assert at.client.post(url, {**answers, "reason": "dislike"}).status_code == 422
    assert "This credential is suspended for now by its issuer." in text(
        at.client.post(url, answers)
    )
    confirmed = {**answers, "step": "confirm"}
    assert [at.client.post(url, confirmed).status_code for _ in range(2)] == [302, 302]
    assert OutboxEvent.objects.filter(kind="award.suspended").count() == 1
    page = text(at.client.get(at.url(f"{award.id}/")))
    assert "It is being looked into" in page
    assert "asks the board" in page
    back = at.url(f"{award.id}/reinstate/")
    answers = {**hidden(at.client.get(back)), "reason": "settled", "step": "confirm"}
    assert at.client.post(back, answers).status_code == 302
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_what_can_not_be_suspended_offers_no_form() -> None:
    at = desk()
    award = world.issued_award(at.organisation, at.version)
    assert at.client.get(at.url(f"{award.id}/suspend/")).status_code == 409
    assert "/suspend/" not in text(at.client.get(at.url(f"{award.id}/")))


def test_a_correction_shows_what_changes_and_is_made_once() -> None:
    at, award = suspendable()
    url = at.url(f"{award.id}/correct/")
    form = at.client.get(url)
    answers = {
        **hidden(form),
        "name": award.recipient_name,
        "narrative": "",
        "evidence_url": "",
        "evidence_name": "",
        "since": "2026-06-01",
        "until": "",
        "reason": "error",
        "note": "",
    }
    assert at.client.post(url, answers).status_code == 422  # changes nothing
    answers["name"] = "Ada King"
    preview = text(at.client.post(url, answers))
    assert "<del>Ada Lovelace</del>" in preview
    assert "<ins>Ada King</ins>" in preview
    assert "This credential has been replaced by a newer one." in preview
    confirmed = {**answers, "step": "confirm"}
    assert [at.client.post(url, confirmed).status_code for _ in range(2)] == [302, 302]
    assert Credential.objects.filter(award=award).count() == 2
    world.sign_orders()
    page = text(at.client.get(at.url(f"{award.id}/")))
    assert "Replaced by a corrected one: A mistake was put right" in page


def test_a_correction_under_a_newer_version_shows_its_facts_too() -> None:
    at, award = suspendable(ects=Decimal(5))
    world.published_version(
        at.organisation, achievement=at.version.achievement, number=2, ects=Decimal(6)
    )
    url = at.url(f"{award.id}/correct/")
    assert "?version=2" in text(at.client.get(url))
    form = at.client.get(f"{url}?version=2")
    answers = {**hidden(form), "name": "Ada Lovelace", "since": "2026-06-01", "reason": "version"}
    preview = text(at.client.post(f"{url}?version=2", answers))
    assert "<del>5" in preview
    assert "<ins>6" in preview


def test_a_search_is_withdrawn_as_a_set_once() -> None:
    at, award = suspendable()
    others = [world.issued_award(at.organisation, at.version) for _ in range(2)]
    stranger = world.issued_award(at.organisation, name="Zoe Other")
    url = at.url("set/withdraw/")
    form = at.client.get(url, {"q": "Lovelace", "state": "issued"})
    assert "3 awards" in text(form)
    answers = {**hidden(form), "reason": "error", "note": ""}
    preview = at.client.post(url, answers)
    assert "This credential was withdrawn by its issuer." in text(preview)
    confirmed = {**answers, **hidden(preview), "step": "confirm"}
    assert [at.client.post(url, confirmed).status_code for _ in range(2)] == [302, 302]
    states = [Award.objects.get(pk=each.pk).state for each in (award, *others, stranger)]
    assert states == ["withdrawn"] * 3 + ["issued"]
    assert OutboxEvent.objects.filter(kind="credential.withdrawn").count() == 3


def test_ticked_awards_are_the_set_and_what_cannot_is_counted() -> None:
    at, award = suspendable()
    other = world.issued_award(at.organisation)  # of a version that is not suspendable
    url = at.url("set/suspend/")
    form = at.client.get(url, {"award": [str(award.id), str(other.id)]})
    assert "1 more was chosen" in text(form)


def test_a_set_that_changed_since_the_preview_is_not_acted_on() -> None:
    at, award = suspendable()
    url = at.url("set/suspend/")
    answers = {**hidden(at.client.get(url)), "reason": "review"}
    confirmed = {**answers, **hidden(at.client.post(url, answers)), "step": "confirm"}
    world.issued_award(at.organisation, at.version)
    assert at.client.post(url, confirmed).status_code == 409
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_a_cohort_moves_to_the_newest_version() -> None:
    at, award = suspendable(ects=Decimal(5))
    url = at.url("set/replace/")
    assert at.client.get(url).status_code == 409  # there is none
    world.published_version(
        at.organisation, achievement=at.version.achievement, number=2, ects=Decimal(6)
    )
    form = at.client.get(url)
    assert "<ins>6" in text(form)
    answers = {**hidden(form), "reason": "version", "note": ""}
    confirmed = {**answers, **hidden(at.client.post(url, answers)), "step": "confirm"}
    assert [at.client.post(url, confirmed).status_code for _ in range(2)] == [302, 302]
    award.refresh_from_db()
    assert award.version.number == 2
    assert Credential.objects.filter(award=award).count() == 2


def test_sets_are_bounded_and_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    at, award = suspendable()
    other = desk()
    assert "Nothing to do" in text(
        other.client.get(other.url("set/withdraw/"), {"award": str(award.id)})
    )
    assert at.client.get(at.url("set/withdraw/"), {"award": "x"}).status_code == 400
    monkeypatch.setattr(acts, "AT_MOST", 0)
    assert at.client.get(at.url("set/withdraw/")).status_code == 400


def test_a_viewer_sees_no_acts() -> None:
    at, award = suspendable()
    viewer = client_of(world.member(at.organisation, Role.VIEWER))
    assert "set/withdraw" not in text(viewer.get(at.url()))
    assert viewer.get(at.url("set/withdraw/")).status_code == 403
    assert viewer.post(at.url(f"{award.id}/send-again/")).status_code == 403


def test_the_link_is_sent_again_by_a_button() -> None:
    at, award = suspendable()
    url = at.url(f"{award.id}/send-again/")
    assert "/send-again/" in text(at.client.get(at.url(f"{award.id}/")))
    assert at.client.get(url).status_code == 405
    assert at.client.post(url).status_code == 302
    assert OutboxEvent.objects.filter(kind="award.link_wanted").count() == 1
    assert Client().post(url).status_code == 302  # to sign in
    assert OutboxEvent.objects.filter(kind="award.link_wanted").count() == 1
