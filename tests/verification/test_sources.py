"""What a check here reads from the database of the installation itself."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cairn.core.codec import strict_json
from cairn.core.errors import CairnError, NotAllowed, Unobtainable
from cairn.core.verify.report import Outcome, Reason, Report
from cairn.organisations.models import Register, RegisterEntry
from cairn.signing.identity import issuer_did, key_url
from cairn.verification.services import check
from cairn.verification.sources import own_sources
from cairn.wallet.models import Holding
from tests.verification import world
from tests.verification.world import NOW

pytestmark = pytest.mark.django_db


def report_on(data: bytes, minutes: int = 0) -> Report:
    (answer,) = check(data, now=NOW + timedelta(minutes=minutes))
    assert answer.report is not None, answer.problem
    return answer.report


def reasons(report: Report) -> set[Reason]:
    return {each.reason for each in report.checks}


def test_our_own_credential_is_in_force_without_any_network() -> None:
    report = report_on(world.issued().body)
    assert report.outcome is Outcome.IN_FORCE
    assert Reason.STATUS_GOOD in reasons(report)


def test_a_withdrawal_shows_at_the_next_look_though_lists_are_kept_for_minutes() -> None:
    made = world.issued()
    assert report_on(made.body).outcome is Outcome.IN_FORCE
    world.publish(made.status_list, 7, now=NOW + timedelta(minutes=1))
    assert report_on(made.body, minutes=1).outcome is Outcome.WITHDRAWN


def test_a_list_published_twice_in_one_second_is_read_anew() -> None:
    made = world.issued()
    report_on(made.body)
    world.publish(made.status_list, 7)
    assert report_on(made.body).outcome is Outcome.WITHDRAWN


def test_our_addresses_are_answered_under_https_and_under_the_base_address() -> None:
    made = world.issued()
    documents = own_sources().documents
    did_url = f"https://cairn.test/i/{made.organisation.id}/did.json"
    document = strict_json.read(documents.get(did_url, now=NOW))
    assert isinstance(document, dict)
    assert document["id"] == issuer_did(made.organisation)
    assert documents.get(did_url.replace("https", "http"), now=NOW)
    key = made.organisation.signing_keys.get(algorithm="RSA")
    jwk = documents.get(key_url(made.organisation, key.fragment), now=NOW)
    assert b'"RS256"' in jwk


@pytest.mark.parametrize(
    "path",
    ["/", "/i/x/did.json", "/status/{}", "/i/{}/did.json", "/i/{}/keys/a.jwk", "/c/{}", "/admin"],
)
def test_nothing_else_at_our_host_is_a_document_and_it_is_not_fetched(path: str) -> None:
    with pytest.raises(Unobtainable, match="nothing is published"):
        own_sources().documents.get(f"https://cairn.test{path.format(uuid4())}", now=NOW)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/status/1",
        "http://[::1]/did.json",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[",
        "https://cairn.test.evil.invalid/",
        "https://cairn.test@127.0.0.1/",
    ],
)
def test_other_addresses_go_through_the_guarded_fetcher(url: str) -> None:
    with pytest.raises(CairnError) as caught:
        own_sources().documents.get(url, now=NOW)
    assert isinstance(caught.value, NotAllowed | Unobtainable)


@pytest.mark.parametrize(
    ("visibility", "key", "is_shown"),
    [
        (Holding.Visibility.PUBLIC, "", True),
        (Holding.Visibility.LINK, "share", True),
        (Holding.Visibility.LINK, "other", False),
        (Holding.Visibility.LINK, "", False),
        (Holding.Visibility.PRIVATE, "share", False),
    ],
)
def test_a_link_to_a_credential_shows_what_its_holder_shows(
    visibility: str, key: str, is_shown: bool
) -> None:
    made = world.issued(visibility, "share")
    link = f"https://cairn.test/c/{made.credential.id}?key={key}"
    answers = check(link.encode(), now=NOW)
    outcomes = [answer.report.outcome for answer in answers if answer.report]
    assert (Outcome.IN_FORCE in outcomes) is is_shown
    if not is_shown:
        assert "nothing is published" in answers[-1].problem


def test_a_credential_that_was_handed_back_is_not_shown() -> None:
    made = world.issued()
    Holding.objects.filter(id=made.holding.id).update(handed_back_at=NOW)
    answers = check(f"https://cairn.test/c/{made.credential.id}".encode(), now=NOW)
    assert answers[-1].report is None


def test_a_register_of_this_installation_says_so_and_forgets_removed_entries() -> None:
    made = world.issued()
    assert Reason.REGISTER_NONE_ASKED in reasons(report_on(made.body))
    register = Register.objects.create(
        operator=world.organisation("Ministry"), name="Skills register", created_at=NOW
    )
    assert Reason.REGISTER_NOT_LISTED in reasons(report_on(made.body))
    entry = RegisterEntry.objects.create(
        register=register, issuer_did=issuer_did(made.organisation), name="North", added_at=NOW
    )
    report = report_on(made.body)
    (listed,) = [each for each in report.checks if each.reason is Reason.REGISTER_LISTED_HERE]
    assert listed.facts["operator"] == "Ministry"
    entry.removed_at = NOW
    entry.save()
    assert Reason.REGISTER_NOT_LISTED in reasons(report_on(made.body))


def test_a_compromised_key_is_known_at_once() -> None:
    made = world.issued()
    assert report_on(made.body).outcome is Outcome.IN_FORCE
    made.organisation.signing_keys.filter(algorithm="Ed25519").update(
        state="compromised", compromised_at=NOW
    )
    assert report_on(made.body).outcome is not Outcome.IN_FORCE
