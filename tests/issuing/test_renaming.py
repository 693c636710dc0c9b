"""`cairn.issuing.renaming`: another name in all that one issuer awarded, the old one nowhere."""

import json
from uuid import uuid4

import pytest

from cairn.core.errors import Conflict, Malformed
from cairn.issuing import renaming, selectors, services
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act
from cairn.issuing.models import Award, SignedForm
from cairn.organisations.models import Organisation, Role
from cairn.platform.models import AuditEntry, OutboxEvent
from cairn.wallet.models import Holding
from tests import world
from tests.issuing.desk import client_of

pytestmark = pytest.mark.django_db
NOW = world.NOW
OLD, NEW = "Adam Oldname", "Ada Lovelace"


def awarded(issuer: Organisation, email: str = "ada@example.org") -> Award:
    return world.issued_award(issuer, email=email, name=OLD)


def order() -> Order:
    return Order(Act.REPLACE, uuid4(), renaming.NAME)


def document(award: Award) -> str:
    credential = selectors.current_credential(award)
    assert credential is not None
    body = selectors.form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    return json.dumps(json.loads(body or b""), ensure_ascii=False)


def test_all_awards_of_the_person_say_the_new_name_and_nothing_says_the_old() -> None:
    issuer = world.organisation()
    actor = world.member(issuer, Role.REGISTRAR)
    first, withdrawn = awarded(issuer), awarded(issuer)
    services.withdraw_award(
        award=withdrawn, reason=Award.Reason.ERROR, note="", actor=actor, now=NOW
    )
    other = awarded(world.organisation())  # of another issuer
    planned = renaming.rename(
        issuer=issuer, learner=first.learner, name=NEW, order=order(), actor=actor, now=NOW
    )
    assert [len(planned.replaced), len(planned.recorded)] == [1, 1]
    world.sign_orders()
    names = dict(Award.objects.values_list("id", "recipient_name"))
    assert (names[first.id], names[withdrawn.id], names[other.id]) == (NEW, NEW, OLD)
    first.refresh_from_db()
    assert NEW in document(first)
    assert OLD not in document(first)
    said = [
        *AuditEntry.objects.values_list("details", flat=True),
        *OutboxEvent.objects.values_list("payload", flat=True),
    ]
    assert OLD not in str(said)
    assert NEW not in str(said)


def test_what_the_person_claimed_at_another_address_is_theirs_too() -> None:
    issuer, person = world.organisation(), world.user()
    first, second = awarded(issuer), awarded(issuer, email="ada@work.example")
    stranger = awarded(issuer, email="eve@example.org")
    for award in (first, second):
        award.learner.user = person
        award.learner.save()
        Holding.objects.create(award=award, holder=person)
    found = renaming.awards_of_person(issuer, first.learner)
    assert {award.id for award in found} == {first.id, second.id}
    assert stranger.id not in {award.id for award in found}


def test_a_name_that_all_have_or_that_hides_something_is_refused() -> None:
    award = awarded(world.organisation())
    for name in (OLD, "", "Ada\u202eLovelace"):
        with pytest.raises(Malformed):
            renaming.planned_renaming([award], name)


def test_while_one_is_being_signed_nothing_is_renamed() -> None:
    award = world.planned_award(world.organisation(), name=OLD)
    with pytest.raises(Conflict, match="being signed"):
        renaming.planned_renaming([award], NEW)


def test_by_page_it_is_previewed_and_done_once() -> None:
    issuer = world.organisation()
    award = awarded(issuer)
    client = client_of(world.member(issuer, Role.REGISTRAR))
    page = f"/console/{issuer.slug}/awards/{award.id}/name/"
    form = {"act_id": str(uuid4()), "name": NEW, "note": ""}
    assert "1 new credential is signed" in client.post(page, form).content.decode()
    for _ in range(2):  # sent twice, done once
        assert client.post(page, form | {"step": "confirm"}).status_code == 302
    world.sign_orders()
    assert award.changes.count() == 1
    shown = client.get(f"/console/{issuer.slug}/awards/{award.id}/").content.decode()
    assert OLD not in shown
    assert client.post(page, form | {"act_id": str(uuid4())}).status_code == 422
