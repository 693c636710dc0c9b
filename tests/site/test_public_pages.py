"""The pages that anybody may open: the front door, issuers, registers, errors."""

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cairn.core.verify.pipeline import verify
from cairn.core.verify.report import Outcome
from cairn.organisations import registers
from cairn.organisations.models import Capability, Organisation, Register, Role
from cairn.platform.models import AuditEntry
from cairn.signing.identity import issuer_did
from cairn.signing.models import SigningOrder
from cairn.signing.opening import open_signer
from cairn.signing.registers import sign_register
from cairn.site.errors import server_error
from cairn.verification.sources import own_sources
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db


def ministry() -> tuple[Organisation, Register]:
    """An operator with a register that names one issuer, signed."""
    operator = world.organisation(name="Ministry", capabilities=[Capability.REGISTER])
    actor = world.member(operator, Role.REGISTRAR)
    register = registers.open_register(
        organisation=operator, name="Skills register", actor=actor, now=NOW
    )
    return operator, register


def name_in(register: Register, organisation: Organisation, name: str) -> None:
    operator = register.operator
    registers.add_entry(
        organisation=operator,
        register_id=register.id,
        issuer_did=issuer_did(organisation),
        name=name,
        actor=world.member(operator, Role.REGISTRAR),
        now=NOW,
    )


def sign(register: Register) -> None:
    order = SigningOrder.objects.create(
        organisation=register.operator, kind="register", subject_id=register.id, placed_at=NOW
    )
    sign_register(order, open_signer(register.operator, NOW), NOW)


@pytest.mark.parametrize("path", ["/", "/help", "/privacy", "/accessibility", "/api/docs"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_short_pages_open_in_each_language(client: Client, path: str, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()


def test_the_front_door_leads_to_the_three_others(client: Client) -> None:
    page = client.get("/").content.decode()
    for name in ("site:catalogue", "organisations:choose", "verification:verify"):
        assert f'href="{reverse(name)}"' in page


def test_an_issuers_page_has_its_keys_achievements_and_who_names_it(client: Client) -> None:
    university = world.organisation(name="North University")
    version = world.published_version(university)
    _, register = ministry()
    name_in(register, university, "University of the North")
    page = client.get(f"/issuers/{university.slug}").content.decode()
    assert issuer_did(university) in page
    assert version.name["en"] in page
    assert "“Ministry” names it as “University of the North” in its register" in page
    assert "not an independent word" in page
    assert page.count("Signs now") == 2


def test_an_issuer_in_no_register_is_said_to_be_so(client: Client) -> None:
    university = world.organisation()
    page = client.get(f"/issuers/{university.slug}").content.decode()
    assert "its name is its own word" in page


def test_the_id_of_an_issuer_leads_to_its_page(client: Client) -> None:
    university = world.organisation(has_keys=False)
    answer = client.get(f"/issuers/{university.id}")
    assert answer["Location"] == f"/issuers/{university.slug}"
    assert client.get("/issuers/nobody").status_code == 404
    assert "has no keys yet" in client.get(answer["Location"]).content.decode()


def test_what_an_organisation_says_of_itself_cannot_become_markup(client: Client) -> None:
    university = world.organisation(
        name="<script>alert(1)</script>", description={"en": "<img src=x onerror=alert(1)>"}
    )
    page = client.get(f"/issuers/{university.slug}").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/json", "application/vc"),
        ("application/vc", "application/vc"),
        ("application/ld+json, text/html;q=0.5", "application/vc"),
        ("*/*", "application/vc"),
        ("", "application/vc"),
    ],
)
def test_a_register_is_a_page_for_people_and_a_signed_document_for_programs(
    client: Client, accept: str, media_type: str
) -> None:
    _, register = ministry()
    name_in(register, world.organisation(), "North")
    sign(register)
    answer = client.get(f"/registers/{register.id}", headers={"accept": accept})
    assert answer["Content-Type"] == media_type
    assert "Accept" in answer["Vary"]
    if media_type == "application/vc":
        report = verify(answer.content, own_sources(), now=NOW)
        assert report.outcome is Outcome.IN_FORCE


def test_a_register_page_names_operator_issuers_and_former_ones(client: Client) -> None:
    operator, register = ministry()
    university = world.organisation()
    name_in(register, university, "North")
    actor = world.member(operator, Role.OWNER)
    entry = register.entries.get()
    registers.remove_entry(organisation=operator, entry_id=entry.id, actor=actor, now=NOW)
    page = client.get(f"/registers/{register.id}", headers={"accept": "text/html"}).content.decode()
    assert "Ministry" in page
    assert "No longer in it" in page
    assert AuditEntry.objects.filter(action="register.remove_entry").count() == 1


def test_a_register_that_was_never_signed_is_no_document(client: Client) -> None:
    _, register = ministry()
    assert client.get(f"/registers/{register.id}").status_code == 404
    assert client.get(f"/registers/{register.id}/register.json").status_code == 404


def test_nothing_is_404_in_our_look_and_a_problem_below_the_api(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "This address leads nowhere" in answer.content.decode()
    answer = client.get("/api/v2/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_a_form_from_elsewhere_is_told_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "a@b.example"})
    assert answer.status_code == 403
    assert "This form was open for too long" in answer.content.decode()


def test_a_foreign_host_is_400_in_words(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.invalid"})
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_our_own_fault_needs_no_database_to_be_admitted(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        answer = server_error(RequestFactory().get("/c/x"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_search_engines_are_kept_from_persons(client: Client) -> None:
    page = client.get("/robots.txt").content.decode()
    for path in ("/c/", "/claim/", "/me/", "/console/"):
        assert f"Disallow: {path}" in page
