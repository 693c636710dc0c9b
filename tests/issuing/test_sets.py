"""Sets of awards beyond a search: of a table, of a file; links sent again to many."""

from uuid import uuid4

import pytest
from django.core import mail
from django.utils import timezone

from cairn.issuing.models import Award
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Organisation, Role
from cairn.wallet import mailing
from cairn.wallet.bulk import prepare_claims
from tests import world
from tests.issuing.desk import client_of
from tests.wallet.mailbox import committed, held
from tests.wallet.test_mailing import awards_to, chunk_of

pytestmark = pytest.mark.django_db
NOW = world.NOW


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation()


def test_links_are_sent_again_to_all_of_a_table_who_have_not_claimed(issuer: Organisation) -> None:
    awards = awards_to(issuer, "ada@example.org", "bob@example.org")
    chunk = chunk_of(*awards)
    prepare_claims(chunk_id=chunk.id, now=NOW)
    mailing.send_waiting(NOW)
    other = held(issuer)
    mail.outbox.clear()
    client = client_of(world.member(issuer, Role.AWARDER))
    page = f"/console/{issuer.slug}/awards/set/send-again/"
    looked = client.get(page, {"batch": str(chunk.batch_id)})
    assert "2 awards" in looked.content.decode()
    context = looked.context
    form = {
        "batch": str(chunk.batch_id),
        "step": "confirm",
        "act_id": str(context["act_id"]),
        "digest": context["chosen"].digest,
    }
    for _ in range(2):  # sent twice, done once
        assert client.post(page, form).status_code == 302
    with committed():
        run_until_idle(timezone.now())
    assert {letter.to[0] for letter in mail.outbox} == {"ada@example.org", "bob@example.org"}
    assert len(mail.outbox) == 2
    assert awards[0].claim_links.filter(state="open").count() == 1
    everything = client.get(page).content.decode()
    assert "1 more was chosen and stays" in everything
    assert other.award.recipient_name in everything


def test_without_its_number_the_form_is_refused(issuer: Organisation) -> None:
    client = client_of(world.member(issuer, Role.AWARDER))
    page = f"/console/{issuer.slug}/awards/set/send-again/"
    assert client.post(page, {"step": "confirm", "act_id": "1"}).status_code == 400


def test_the_awards_of_a_table_are_listed_and_acted_on(issuer: Organisation) -> None:
    ada, bob = awards_to(issuer, "ada@example.org", "bob@example.org")
    chunk = chunk_of(ada)
    client = client_of(world.member(issuer, Role.REGISTRAR))
    listed = client.get(f"/console/{issuer.slug}/awards/", {"batch": str(chunk.batch_id)})
    assert "ada@example.org" in listed.content.decode()
    assert "bob@example.org" not in listed.content.decode()
    page = f"/console/{issuer.slug}/awards/set/withdraw/"
    looked = client.get(page, {"batch": str(chunk.batch_id)})
    said = {"act_id": str(uuid4()), "reason": "error", "batch": str(chunk.batch_id)}
    digest = looked.context["chosen"].digest
    client.post(page, said | {"step": "confirm", "digest": digest})
    assert [Award.objects.get(pk=each.pk).state for each in (ada, bob)] == ["withdrawn", "issued"]
