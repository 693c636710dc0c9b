"""`cairn.wallet.wishes`: holders ask for another name or a renewal; their issuer answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cairn.core.errors import Conflict, NotAllowed
from cairn.issuing.renewal_rules import RenewalRule
from cairn.jobs.worker import run_until_idle
from cairn.organisations.models import Role
from cairn.wallet import wishes
from cairn.wallet.models import Holding, Wish
from tests import world
from tests.issuing.desk import client_of
from tests.wallet.mailbox import committed, held, signed_in

pytestmark = pytest.mark.django_db
NAME = "Zora Newname"


@pytest.fixture
def holding() -> Holding:
    return held(world.organisation(), now=timezone.now(), name="Adam Oldname")


def learner(holding: Holding) -> Client:
    assert holding.holder is not None
    return signed_in(holding.holder)


def registrar(holding: Holding) -> Client:
    return client_of(world.member(holding.award.issuer, Role.REGISTRAR))


def test_another_name_is_asked_for_seen_met_and_forgotten(holding: Holding) -> None:
    mine = f"/me/credentials/{holding.id}/"
    assert learner(holding).post(f"{mine}ask-name", {"name": ""}).status_code == 422
    assert learner(holding).post(f"{mine}ask-name", {"name": NAME}).status_code == 302
    assert "has not answered yet" in learner(holding).get(mine).content.decode()
    client, award = registrar(holding), holding.award
    page = f"/console/{award.issuer.slug}/awards/{award.id}/"
    assert NAME in client.get(page).content.decode()
    opened = client.post(f"{page}name/", {"name": NAME, "step": "wish"})
    form = {**opened.context["form"].initial, "note": "", "step": "confirm"}
    assert client.post(f"{page}name/", form).status_code == 302
    with committed():
        run_until_idle(timezone.now())
    wish = Wish.objects.get()
    assert (wish.state, wish.name) == ("met", "")
    award.refresh_from_db()
    assert award.recipient_name == NAME


def test_a_declined_wish_forgets_the_name_and_is_told(holding: Holding) -> None:
    assert holding.holder is not None
    wish = wishes.ask(
        holding_id=holding.id,
        kind=Wish.Kind.NAME,
        name=NAME,
        actor=holding.holder,
        now=timezone.now(),
    )
    page = f"/console/{holding.award.issuer.slug}/wishes/{wish.id}/decline"
    client = registrar(holding)
    assert client.post(page).status_code == 302
    assert client.post(page).status_code == 409
    assert Wish.objects.get().name == ""
    mine = learner(holding).get(f"/me/credentials/{holding.id}/").content.decode()
    assert "The issuer declined" in mine


def test_one_wish_of_a_kind_at_a_time_and_only_for_what_one_holds(holding: Holding) -> None:
    assert holding.holder is not None

    def ask(actor: object = holding.holder) -> None:
        wishes.ask(
            holding_id=holding.id,
            kind=Wish.Kind.NAME,
            name=NAME,
            actor=actor,  # type: ignore[arg-type]  # a user either way
            now=timezone.now(),
        )

    ask()
    with pytest.raises(Conflict, match="already"):
        ask()
    with pytest.raises(NotAllowed):
        ask(world.user())


def test_a_renewal_is_asked_for_while_it_can_be_had() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, valid_for_months=1)
    holding = held(issuer, now=timezone.now() - timedelta(days=20), version=version)
    client, mine = learner(holding), f"/me/credentials/{holding.id}/"
    assert client.post(f"{mine}ask-renewal").status_code == 409
    RenewalRule.objects.create(
        achievement=version.achievement, how="request", edited_at=timezone.now()
    )
    assert "Ask to have it renewed" in client.get(mine).content.decode()
    assert client.post(f"{mine}ask-renewal").status_code == 302
    assert Wish.objects.get().kind == "renewal"
