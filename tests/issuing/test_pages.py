"""The pages of issuing, at their boundary: what comes in, what page and status come out."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cairn.issuing.models import Award, Credential, StatusList
from cairn.organisations.models import Role
from cairn.platform import outbox
from cairn.signing.models import SigningOrder
from tests import world
from tests.issuing.desk import client_of, desk

pytestmark = pytest.mark.django_db

RESULTS = [
    {"name": "Score", "resultType": "Percent", "valueMin": "0", "valueMax": "100"},
    {"name": "Grade", "resultType": "LetterGrade", "allowedValue": ["C", "B", "A"]},
]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_an_award_is_filled_in_looked_at_and_made() -> None:
    at = desk(result_descriptions=RESULTS)
    assert "Air Quality Basics" in text_of(at.client.get(at.url("new/")))
    assert at.client.get(at.award_url).status_code == 200
    answers = at.answers(result_0="87.5", result_1="A", narrative="Measured **dust**.")
    preview = at.client.post(at.award_url, answers)
    assert preview.status_code == 200
    assert "87.5" in text_of(preview)
    assert not Award.objects.exists()
    made = at.client.post(at.award_url, {**answers, "step": "confirm"})
    award = Award.objects.get()
    assert made.status_code == 302
    assert made["Location"] == at.url(f"{award.id}/")
    assert [result.get("value") for result in award.results] == ["87.5", "A"]


def test_a_preview_can_be_changed_and_keeps_what_was_written() -> None:
    at = desk()
    page = at.client.post(at.award_url, at.answers(narrative="Kept words.", step="edit"))
    assert page.status_code == 200
    assert "Kept words." in text_of(page)
    assert not Award.objects.exists()


def test_a_double_click_awards_once() -> None:
    at = desk()
    answers = at.answers(step="confirm")
    first, second = at.client.post(at.award_url, answers), at.client.post(at.award_url, answers)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Award.objects.count() == 1
    assert Credential.objects.count() == 1


def test_a_second_form_for_the_same_learner_says_so() -> None:
    at = desk()
    at.client.post(at.award_url, at.answers(step="confirm"))
    again = at.client.post(at.award_url, at.answers(email="ADA@example.org", step="confirm"))
    assert again.status_code == 422
    assert "has this award" in text_of(again)
    assert Award.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "ada@example.org\nBcc: eve@example.org", "line break"),
        ("email", "ada\u202e@example.org", "direction of writing"),
        ("email", "ada\u200b@example.org", "nobody sees"),
        ("email", "ada", "not an e-mail address"),
        ("email", "аda@example.org", "two scripts"),
        ("email", f"{'a' * 65}@example.org", "not an e-mail address"),
        ("email", "", "required"),
        ("name", "Ada\nLovelace", "line break"),
        ("name", "Ada \u2066Lovelace", "direction of writing"),
        ("name", "Ada\u200bLovelace", "nobody sees"),
        ("name", "   ", "missing"),
        ("name", "a" * 201, "at most 200"),
        ("narrative", "bell \x07", "cannot be signed"),
        ("evidence_url", "javascript:alert(1)", "valid URL"),
        ("evidence_url", "ftp://example.org/a", "web page"),
        ("evidence_name", "Portfolio", "Give its address too"),
        ("language", "de", "not one of the available choices"),
        ("offering", "7d5e2b5e-8d6c-4e0f-9d0a-0e1f2a3b4c5d", "not one of the available choices"),
        ("award_id", "1", "valid UUID"),
        ("result_0", "101", "from 0 to 100"),
        ("result_0", "many", "from 0 to 100"),
        ("result_1", "Z", "not one of the available choices"),
    ],
)
def test_a_bad_answer_is_shown_where_it_stands(field: str, value: str, words: str) -> None:
    at = desk(result_descriptions=RESULTS)
    page = at.client.post(at.award_url, {**at.answers(), field: value, "step": "confirm"})
    assert page.status_code == 422
    assert words in text_of(page)
    assert not Award.objects.exists()


def test_an_award_being_signed_says_so_and_looks_again() -> None:
    at = desk()
    made = at.client.post(at.award_url, at.answers(step="confirm"))
    page = text_of(at.client.get(made["Location"]))
    assert "It is being signed." in page
    assert "data-waiting" in page  # for the script of all pages
    world.sign_orders()
    page = text_of(at.client.get(made["Location"]))
    assert "data-waiting" not in page
    assert "In force" in page
    assert "Awarded" in page
    assert "by Grace Hopper" in page


def test_the_exact_bytes_of_each_form_can_be_downloaded() -> None:
    at = desk()
    award = world.issued_award(at.organisation)
    for form in Credential.objects.get(award=award).forms.all():
        answer = at.client.get(at.url(f"{award.id}/forms/{form.form}"))
        assert answer.content == bytes(form.body)
        assert "attachment" in answer["Content-Disposition"]
    assert at.client.get(at.url(f"{award.id}/forms/docx")).status_code == 404


def test_withdrawing_shows_what_everybody_will_read_and_then_is_final() -> None:
    at = desk()
    award = world.issued_award(at.organisation)
    url = at.url(f"{award.id}/withdraw/")
    assert at.client.get(url).status_code == 200
    assert at.client.post(url, {}).status_code == 422
    assert at.client.post(url, {"reason": "dislike"}).status_code == 422
    answers = {"reason": "error", "note": "wrong Ada"}
    preview = at.client.post(url, answers)
    assert "This credential was withdrawn by its issuer." in text_of(preview)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED
    first = at.client.post(url, {**answers, "step": "confirm"})
    second = at.client.post(url, {"reason": "other", "note": "", "step": "confirm"})
    assert (first.status_code, second.status_code) == (302, 409)
    award.refresh_from_db()
    assert (award.state, award.withdrawn_reason) == (Award.State.WITHDRAWN, "error")
    page = text_of(at.client.get(at.url(f"{award.id}/")))
    assert "It was awarded by mistake" in page
    assert "wrong Ada" in page


def test_an_award_nobody_claimed_goes_to_another_address() -> None:
    at = desk()
    award = world.issued_award(at.organisation, email="old@example.org")
    url = at.url(f"{award.id}/address/")
    assert at.client.get(url).status_code == 200
    assert at.client.post(url, {"email": "old@example.org"}).status_code == 422
    assert at.client.post(url, {"email": "new\n@example.org"}).status_code == 422
    assert at.client.post(url, {"email": "new@example.org"}).status_code == 302
    award.refresh_from_db()
    assert award.learner.email == "new@example.org"


def test_awards_are_found_by_name_address_achievement_and_state() -> None:
    at = desk(name={"en": "Écologie"})
    world.issued_award(at.organisation, name="Alan Turing", email="alan@example.org")
    world.planned_award(at.organisation, at.version, name="Ada Lovelace", email="ada@example.org")
    for query, found in (("q=lovelace", 1), ("q=ALAN@", 1), ("q=ecologie", 1), ("q=zzz", 0)):
        page = text_of(at.client.get(at.url(f"?{query}")))
        assert page.count('role="rowheader"') == found, query
    assert text_of(at.client.get(at.url("?state=issued"))).count('role="rowheader"') == 1
    assert text_of(at.client.get(at.url("?state=nonsense&page=x"))).count('role="rowheader"') == 2


def test_a_viewer_may_look_and_not_award() -> None:
    at = desk()
    award = world.issued_award(at.organisation)
    viewer = client_of(world.member(at.organisation, Role.VIEWER))
    listed = viewer.get(at.url())
    assert listed.status_code == 200
    assert "Award somebody" not in text_of(listed)
    assert "Withdraw" not in text_of(viewer.get(at.url(f"{award.id}/")))
    for rest in ("new/", f"new/{at.version.id}/", f"{award.id}/withdraw/", f"{award.id}/address/"):
        assert viewer.get(at.url(rest)).status_code == 403, rest
    assert viewer.post(at.award_url, at.answers(step="confirm")).status_code == 403
    answers = {"reason": "error", "step": "confirm"}
    assert viewer.post(at.url(f"{award.id}/withdraw/"), answers).status_code == 403


def test_what_belongs_to_another_organisation_is_not_found() -> None:
    at, other = desk(), desk()
    award = world.issued_award(other.organisation)
    rests = ("", "withdraw/", "address/", "forms/eddsa-rdfc-2022")
    for rest in rests:
        assert at.client.get(at.url(f"{award.id}/{rest}")).status_code == 404, rest
        assert at.client.get(other.url(f"{award.id}/{rest}")).status_code == 404, rest
    answers = {"reason": "error", "step": "confirm"}
    assert at.client.post(at.url(f"{award.id}/withdraw/"), answers).status_code == 404
    assert (
        at.client.post(at.url(f"{award.id}/address/"), {"email": "a@b.example"}).status_code == 404
    )
    assert at.client.post(at.url(f"new/{other.version.id}/"), at.answers()).status_code == 404
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_an_award_id_of_another_organisation_is_refused() -> None:
    at, other = desk(), desk()
    foreign = world.issued_award(other.organisation)
    page = at.client.post(at.award_url, at.answers(award_id=str(foreign.id), step="confirm"))
    assert page.status_code == 409
    assert Award.objects.count() == 1


def test_a_status_list_is_public_for_a_minute_and_for_any_origin() -> None:
    at = desk()
    world.issued_award(at.organisation)
    published = StatusList.objects.get()
    answer = Client().get(f"/status/{published.id}")
    assert answer.content == bytes(published.body)
    assert answer["Content-Type"] == "application/vc"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=60"
    again = Client().get(f"/status/{published.id}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(f"/status/{uuid4()}").status_code == 404


def test_nothing_newer_is_given_out_than_what_somebody_holds() -> None:
    at = desk()
    credential = Credential.objects.get(award=world.issued_award(at.organisation))
    answer = Client().get(f"/c/{credential.id}/newest")
    assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")


def test_a_status_list_that_was_never_signed_is_not_found() -> None:
    at = desk()
    world.planned_award(at.organisation)
    assert Client().get(f"/status/{StatusList.objects.get().id}").status_code == 404


def test_what_is_final_or_claimed_offers_no_form() -> None:
    at = desk()
    award = world.issued_award(at.organisation)
    with transaction.atomic():
        outbox.emit(
            "credential.claimed",
            organisation_id=at.organisation.id,
            subject_id=award.id,
            at=world.NOW,
        )
    assert at.client.get(at.url(f"{award.id}/address/")).status_code == 409
    assert "Send to another" not in text_of(at.client.get(at.url(f"{award.id}/")))
    at.client.post(at.url(f"{award.id}/withdraw/"), {"reason": "other", "step": "confirm"})
    assert at.client.get(at.url(f"{award.id}/withdraw/")).status_code == 409


def test_an_award_that_could_not_be_signed_says_why() -> None:
    at = desk()
    award = world.planned_award(at.organisation, now=timezone.now())
    SigningOrder.objects.update(state=SigningOrder.State.FAILED, problem="no active key")
    page = text_of(at.client.get(at.url(f"{award.id}/")))
    assert "It could not be signed." in page
    assert "no active key" in page
    assert 'http-equiv="refresh"' not in page


def test_a_page_stops_looking_when_signing_takes_long() -> None:
    at = desk()
    award = world.planned_award(at.organisation)  # long ago
    page = text_of(at.client.get(at.url(f"{award.id}/")))
    assert "It is still not signed." in page
    assert 'http-equiv="refresh"' not in page


NASTY = [
    "\x00",
    "a" * 100_000,
    "😀" * 300,
    "{{ 7*7 }}",
    "<script>",
    "' OR 1=1 --",
    "-1",
    "٣",
]


@pytest.mark.parametrize("index", range(len(NASTY)))
def test_nothing_that_is_sent_ends_in_an_error_of_ours(index: int) -> None:
    at = desk(result_descriptions=RESULTS)
    award = world.issued_award(at.organisation)
    value = NASTY[index]
    fields = [*at.answers(), "narrative", "evidence_url", "evidence_name", "result_0", "step"]
    asked = [(at.award_url, {**at.answers(step="confirm"), field: value}) for field in fields]
    asked += [(at.award_url, {}), (at.url(f"{award.id}/address/"), {"email": value})]
    asked += [(at.url(f"{award.id}/withdraw/"), {"reason": value, "note": value})]
    for url, data in asked:
        answer = at.client.post(url, data)
        assert answer.status_code in (200, 302, 409, 422), (url, data)
        assert "<script>" not in text_of(answer)
    for query in ({"q": value}, {"state": value}, {"page": value}):
        assert at.client.get(at.url(), query).status_code == 200


def test_what_a_learner_did_is_shown_as_markdown_and_never_as_html() -> None:
    at = desk()
    narrative = "Measured **dust**. <script>alert(1)</script> [x](javascript:alert(1))"
    preview = text_of(at.client.post(at.award_url, at.answers(narrative=narrative)))
    assert "<strong>dust</strong>" in preview
    assert "<script>alert" not in preview
    assert 'href="javascript' not in preview
