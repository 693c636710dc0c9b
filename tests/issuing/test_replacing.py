"""`cairn.issuing.replacing`: a corrected credential in place of another, one or a cohort."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.openbadges import result_id
from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Conflict, Malformed, NotAllowed
from cairn.core.verify.report import Outcome
from cairn.issuing import replacing, selectors, services
from cairn.issuing.acts import Order
from cairn.issuing.changes import Act, Change
from cairn.issuing.models import Award, Credential, SignedForm
from cairn.issuing.replacing import Correction
from cairn.organisations.models import Role
from cairn.platform import outbox
from cairn.platform.models import OutboxEvent
from cairn.signing.models import SigningOrder
from cairn.verification.services import check
from tests import world

pytestmark = pytest.mark.django_db
NOW = world.NOW


def ordered() -> Order:
    return Order(Act.REPLACE, uuid4(), "error")


def correction(award: Award, **changes: Any) -> Correction:
    said = Correction(
        version=award.version,
        name=award.recipient_name,
        achieved=services.Achieved(narrative=award.narrative, results=award.results),
        valid_from=award.valid_from,
        valid_until=award.valid_until,
    )
    return replace(said, **changes)


def correct(award: Award, order: Order | None = None, **changes: Any) -> Award:
    actor = changes.pop("actor", None) or world.member(award.issuer, Role.REGISTRAR)
    return replacing.replace_award(
        award=award,
        correction=correction(award, **changes),
        order=order or ordered(),
        actor=actor,
        now=NOW,
    )


def current(award: Award) -> Credential:
    found = selectors.current_credential(award)
    assert found is not None
    return found


def body(credential: Credential) -> bytes:
    found = selectors.form_body(credential, SignedForm.Form.DATA_INTEGRITY)
    assert found is not None
    return found


def outcome(credential: Credential) -> Outcome:
    report = check(body(credential), now=NOW, claimed=None)[0].report
    assert report is not None
    return report.outcome


def newer(version: AchievementVersion, **changes: Any) -> AchievementVersion:
    return world.published_version(
        version.achievement.creator, achievement=version.achievement, number=2, **changes
    )


def test_the_old_file_says_replaced_and_the_new_one_is_in_force() -> None:
    award = world.issued_award(world.organisation(), name="Ada Lovelase")
    old = current(award)
    correct(award, name="Ada Lovelace")
    world.sign_orders()
    new = current(award)
    assert new != old
    assert b"Ada Lovelace" in body(new)
    assert (outcome(old), outcome(new)) == (Outcome.REPLACED, Outcome.IN_FORCE)
    award.refresh_from_db()
    assert award.state == Award.State.ISSUED


def test_there_is_something_newer_before_the_old_one_is_revoked() -> None:
    award = world.issued_award(world.organisation())
    correct(award, name="Ada King")
    placed = SigningOrder.objects.filter(state="placed").order_by("placed_at", "id")
    events = OutboxEvent.objects.filter(subject_id__in=placed.values("id"))
    kinds = [event.payload["kind"] for event in events.order_by("id")]
    assert kinds == ["credential", "status_list"]


def test_a_chain_of_corrections_ends_at_the_newest() -> None:
    award = world.issued_award(world.organisation())
    first = current(award)
    for name in ("Ada King", "Ada Byron"):
        correct(award, name=name)
        world.sign_orders()
        award.refresh_from_db()
    assert selectors.newest_of(first.id) == current(award)
    assert outcome(first) is Outcome.REPLACED


def test_another_address_ends_the_chain() -> None:
    award = world.issued_award(world.organisation())
    first = current(award)
    correct(award, name="Ada King")
    world.sign_orders()
    award.refresh_from_db()
    services.correct_address(
        award=award,
        email="other@example.org",
        actor=world.member(award.issuer, Role.AWARDER),
        now=NOW,
    )
    world.sign_orders()
    assert selectors.newest_of(first.id) is None
    assert outcome(first) is Outcome.WITHDRAWN


def test_what_changes_nothing_or_cannot_be_signed_is_refused() -> None:
    award = world.issued_award(world.organisation())
    with pytest.raises(Malformed, match="change something"):
        correct(award)
    with pytest.raises(Malformed):
        correct(award, valid_until=award.valid_from - timedelta(days=1))
    with pytest.raises(Malformed):
        correct(award, name="Ada\u202eecalevoL")
    assert Credential.objects.filter(award=award).count() == 1


def test_a_form_sent_twice_replaces_once() -> None:
    award, order = world.issued_award(world.organisation()), ordered()
    correct(award, order, name="Ada King")
    correct(award, order, name="Ada King")
    assert Credential.objects.filter(award=award).count() == 2
    assert Change.objects.count() == 1


def test_only_what_is_in_force_is_replaced_and_by_who_may() -> None:
    award = world.planned_award(world.organisation())
    with pytest.raises(Conflict):
        correct(award, name="Ada King")
    with pytest.raises(NotAllowed):
        correct(award, name="Ada King", actor=world.member(award.issuer, Role.VIEWER))


def test_what_was_handed_back_goes_to_another_address_instead() -> None:
    award = world.issued_award(world.organisation())
    with transaction.atomic():
        outbox.emit(
            "credential.handed_back",
            organisation_id=award.issuer_id,
            subject_id=award.id,
            at=NOW,
        )
    with pytest.raises(Conflict, match="another address"):
        correct(award, name="Ada King")


def test_a_cohort_moves_to_the_newer_version() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, ects=Decimal(5))
    awards = [world.issued_award(issuer, version) for _ in range(3)]
    olds = [current(award) for award in awards]
    after = newer(version, ects=Decimal(6))
    actor, order = world.member(issuer, Role.REGISTRAR), ordered()
    for _ in range(2):  # a double click
        replacing.move_awards(
            issuer=issuer,
            award_ids=[award.id for award in awards],
            version=after,
            order=order,
            actor=actor,
            now=NOW,
        )
    world.sign_orders()
    for award, old in zip(awards, olds, strict=True):
        award.refresh_from_db()
        said = strict_json.read(body(current(award)))
        assert said["credentialSubject"]["achievement"]["creditsAvailable"] == 6  # type: ignore[index,call-overload]
        assert outcome(old) is Outcome.REPLACED
    assert Credential.objects.filter(award__in=awards).count() == 6


_POINTS = {"name": "Points", "resultType": "RawScore", "valueMin": "0", "valueMax": "10"}


def test_results_follow_to_the_ids_of_the_newer_version() -> None:
    issuer = world.organisation()
    version = world.published_version(issuer, result_descriptions=[_POINTS])
    said: dict[str, Json] = {
        "type": ["Result"],
        "value": "7",
        "resultDescription": _result_id(version),
    }
    award = world.issued_award(issuer, version, achieved=services.Achieved(results=[said]))
    after = newer(version, result_descriptions=[_POINTS])
    assert replacing.moved_results(award, after) == [
        {**said, "resultDescription": _result_id(after)}
    ]
    other = world.published_version(
        issuer, achievement=version.achievement, number=3, result_descriptions=[]
    )
    with pytest.raises(Conflict, match="other results"):
        replacing.moved_results(award, other)


def test_a_version_must_be_newer_published_and_of_the_same_achievement() -> None:
    award = world.issued_award(world.organisation())
    stranger = world.published_version(award.issuer)
    with pytest.raises(Malformed):
        replacing.refuse_version(award, stranger)
    with pytest.raises(Malformed, match="not written in"):
        replacing.refuse_version(
            award,
            newer(
                award.version,
                language="fr",
                name={"fr": "Bases"},
                description={"fr": "Mesure."},
                criteria={"fr": "Réussir."},
                outcomes=[{"fr": "Lire."}],
            ),
        )


def _result_id(version: AchievementVersion) -> str:
    return result_id(version, 0)


def test_one_issuer_does_not_move_awards_of_another() -> None:
    award = world.issued_award(world.organisation())
    other = world.organisation()
    with pytest.raises(Conflict):
        replacing.move_awards(
            issuer=other,
            award_ids=[award.id, UUID(int=1)],
            version=award.version,
            order=ordered(),
            actor=world.member(other, Role.REGISTRAR),
            now=NOW,
        )
