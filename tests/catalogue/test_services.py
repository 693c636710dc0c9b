"""The life of a version: who may do what, in which order, and who comes second."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from cairn.catalogue.content import Content
from cairn.catalogue.models import Achievement, AchievementVersion, Decision
from cairn.catalogue.services import (
    Incomplete,
    StaleEdit,
    approve_version,
    create_achievement,
    edit_draft,
    new_version,
    request_changes,
    retire_achievement,
    submit_version,
    withdraw_draft,
)
from cairn.core.errors import CairnError, Conflict, Malformed, NotAllowed
from cairn.organisations.models import Role
from cairn.people.models import User
from cairn.platform.models import AuditEntry, OutboxEvent
from tests.catalogue.conftest import House
from tests.catalogue.making import (
    LATER,
    NOON,
    content,
    digest,
    draft,
    member,
    organisation,
    published,
)

_STATE = AchievementVersion.State


def submitted(house: House) -> AchievementVersion:
    version = draft(house.organisation, house.designer)
    return submit_version(version_id=version.pk, actor=house.designer, now=NOON)


def approve(version: AchievementVersion, actor: User) -> AchievementVersion:
    return approve_version(
        version_id=version.pk,
        reasons="Sound.",
        seen_sha256=digest(version),
        actor=actor,
        now=LATER,
    )


def test_a_second_person_publishes(house: House) -> None:
    version = approve(submitted(house), house.approver)
    assert version.state == _STATE.PUBLISHED
    assert version.approval == AchievementVersion.Approval.SECOND_PERSON
    assert version.content_sha256 == Content.of(version).sha256()
    kinds = [event.kind for event in OutboxEvent.objects.order_by("id")]
    assert kinds == ["version.submitted", "version.published"]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["achievement.create", "achievement.submit", "achievement.approve"]


def test_nobody_approves_what_they_wrote_on(house: House) -> None:
    version = draft(house.organisation, house.designer)
    edit_draft(
        version_id=version.pk,
        content=content(human_code="DS-102"),
        seen=version.edited_at,
        actor=house.owner,
        now=LATER,
    )
    submit_version(version_id=version.pk, actor=house.designer, now=LATER)
    with pytest.raises(NotAllowed, match="another approver"):
        approve(version, house.owner)
    assert approve(version, house.approver).state == _STATE.PUBLISHED


def test_one_person_alone_publishes_as_not_independently_approved(db: None) -> None:
    of = organisation("solo")
    alone = member(of, Role.OWNER)
    version = published(of, alone, alone)
    assert version.approval == AchievementVersion.Approval.NOT_INDEPENDENT


def test_a_second_approver_ends_self_approval(db: None) -> None:
    of = organisation("duo")
    owner = member(of, Role.OWNER)
    member(of, Role.APPROVER)
    version = draft(of, owner)
    submit_version(version_id=version.pk, actor=owner, now=NOON)
    with pytest.raises(NotAllowed):
        approve(version, owner)


def test_of_two_approvers_the_second_gets_a_conflict(house: House) -> None:
    version = submitted(house)
    approve(version, house.approver)
    with pytest.raises(Conflict, match="published"):
        approve(version, house.owner)
    assert Decision.objects.count() == 1


def test_an_approval_holds_for_the_text_that_was_seen(house: House) -> None:
    version = submitted(house)
    seen = digest(version)
    request_changes(
        version_id=version.pk, reasons="Why?", seen_sha256=seen, actor=house.reviewer, now=LATER
    )
    version.refresh_from_db()
    edit_draft(
        version_id=version.pk,
        content=content(workload_hours=10),
        seen=version.edited_at,
        actor=house.designer,
        now=LATER,
    )
    submit_version(version_id=version.pk, actor=house.designer, now=LATER)
    with pytest.raises(Conflict, match="changed since"):
        approve_version(
            version_id=version.pk, reasons="Yes", seen_sha256=seen, actor=house.approver, now=LATER
        )


def test_changes_are_asked_for_with_reasons(house: House) -> None:
    version = submitted(house)
    with pytest.raises(Malformed, match="reasons"):
        request_changes(
            version_id=version.pk,
            reasons="  ",
            seen_sha256=digest(version),
            actor=house.reviewer,
            now=LATER,
        )
    version.refresh_from_db()
    assert version.state == _STATE.SUBMITTED


def test_a_reviewer_does_not_approve_and_a_viewer_does_nothing(house: House) -> None:
    version = submitted(house)
    for who in (house.reviewer, house.designer, house.viewer):
        with pytest.raises(NotAllowed):
            approve(version, who)
    with pytest.raises(NotAllowed):
        draft(house.organisation, house.viewer)
    with pytest.raises(NotAllowed):
        withdraw_draft(version_id=version.pk, actor=house.reviewer, now=LATER)


def test_a_published_version_is_edited_by_nobody(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    acts: tuple[Callable[[], object], ...] = (
        lambda: edit_draft(
            version_id=version.pk,
            content=content(human_code="X"),
            seen=version.edited_at,
            actor=house.owner,
            now=LATER,
        ),
        lambda: withdraw_draft(version_id=version.pk, actor=house.owner, now=LATER),
        lambda: submit_version(version_id=version.pk, actor=house.owner, now=LATER),
    )
    for act in acts:
        with pytest.raises(Conflict):
            act()


def test_a_stale_edit_is_refused_and_changes_nothing(house: House) -> None:
    version = draft(house.organisation, house.designer)
    seen = version.edited_at
    edit_draft(
        version_id=version.pk,
        content=content(human_code="FIRST"),
        seen=seen,
        actor=house.designer,
        now=LATER,
    )
    with pytest.raises(StaleEdit):
        edit_draft(
            version_id=version.pk,
            content=content(human_code="SECOND"),
            seen=seen,
            actor=house.owner,
            now=LATER + timedelta(minutes=1),
        )
    version.refresh_from_db()
    assert version.human_code == "FIRST"


def test_only_one_draft_is_open(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    second = new_version(achievement_id=version.achievement_id, actor=house.designer, now=LATER)
    assert (second.number, Content.of(second)) == (2, Content.of(version))
    with pytest.raises(Conflict, match="open already"):
        new_version(achievement_id=version.achievement_id, actor=house.owner, now=LATER)
    withdraw_draft(version_id=second.pk, actor=house.designer, now=LATER)
    third = new_version(achievement_id=version.achievement_id, actor=house.owner, now=LATER)
    assert third.number == 3


def test_a_double_click_makes_one_achievement(house: House) -> None:
    first = draft(house.organisation, house.designer)
    again = create_achievement(
        organisation=house.organisation,
        content=content(),
        actor=house.designer,
        now=LATER,
        achievement_id=first.achievement_id,
    )
    assert again == first
    elsewhere = organisation("other")
    with pytest.raises(Conflict):
        create_achievement(
            organisation=elsewhere,
            content=content(),
            actor=member(elsewhere, Role.DESIGNER),
            now=LATER,
            achievement_id=first.achievement_id,
        )


def test_two_of_one_name_have_two_addresses(house: House) -> None:
    one, two = (draft(house.organisation, house.designer) for _ in range(2))
    assert one.achievement.slug == "data-storytelling"
    assert two.achievement.slug == f"data-storytelling-{two.achievement_id.hex[:8]}"
    other = draft(house.organisation, house.designer, language="ar", name={"ar": "البيانات"})
    assert other.achievement.slug == other.achievement_id.hex[:8]


def test_a_micro_credential_says_what_annex_i_asks(house: House) -> None:
    version = draft(
        house.organisation,
        house.designer,
        outcomes=[],
        workload_hours=None,
        quality_assurance={},
        criteria={},
    )
    with pytest.raises(Incomplete) as caught:
        submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    assert [field for field, _ in caught.value.flaws] == [
        "criteria",
        "outcomes",
        "workload_hours",
        "quality_assurance",
    ]


def test_another_type_needs_only_what_open_badges_asks(house: House) -> None:
    version = draft(
        house.organisation,
        house.designer,
        achievement_type="Badge",
        outcomes=[],
        workload_hours=None,
    )
    submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    assert approve(version, house.approver).state == _STATE.PUBLISHED


def test_a_language_is_finished_or_left_out(house: House) -> None:
    version = draft(house.organisation, house.designer, criteria={"en": "Pass."})
    with pytest.raises(Incomplete) as caught:
        submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    assert [field for field, _ in caught.value.flaws] == ["criteria_fr"]


def test_retired_means_no_new_version_and_no_second_retirement(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    with pytest.raises(NotAllowed):
        retire_achievement(achievement_id=version.achievement_id, actor=house.designer, now=LATER)
    retire_achievement(achievement_id=version.achievement_id, actor=house.approver, now=LATER)
    for act in (new_version, retire_achievement):
        with pytest.raises(Conflict, match="retired"):
            act(achievement_id=version.achievement_id, actor=house.owner, now=LATER)
    assert Achievement.objects.get().state == Achievement.State.RETIRED


def test_what_is_retired_is_published_no_more(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    second = new_version(achievement_id=version.achievement_id, actor=house.designer, now=LATER)
    submit_version(version_id=second.pk, actor=house.designer, now=LATER)
    retire_achievement(achievement_id=version.achievement_id, actor=house.approver, now=LATER)
    with pytest.raises(Conflict, match="retired"):
        approve(second, house.approver)


def test_the_database_refuses_an_author_as_second_person(house: House) -> None:
    version = submitted(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        AchievementVersion.objects.filter(pk=version.pk).update(
            state=_STATE.PUBLISHED,
            published_at=LATER,
            approved_by=house.designer,
            approval=AchievementVersion.Approval.SECOND_PERSON,
        )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": {"en": "Data\nBcc: eve@example.org"}}, "/name/en"),
        ({"name": {"en": "Bell\x07"}}, "/name/en"),
        ({"name": {"en": "Turned \u202eover"}}, "/name/en"),
        ({"name": {"en": "N" * 201}}, "/name/en"),
        ({"name": {"fr": "Sans anglais"}}, "/name/en"),
        ({"description": {"en": "x" * 10_001}}, "/description/en"),
        ({"outcomes": [{"en": "one\ntwo"}]}, "/outcomes/en"),
        ({"tags": ["a\r\nb"]}, "/tags"),
        ({"achievement_type": "Coupon"}, "/achievement_type"),
        ({"field_of_study": "9999"}, "/field_of_study"),
        ({"eqf_level": 9}, "/eqf_level"),
        ({"eqf_level": 5, "has_no_level": True}, "/eqf_level"),
        ({"workload_hours": 0}, "/workload_hours"),
        ({"participation": "dreaming"}, "/participation"),
        ({"alignments": [{"targetName": "x", "targetUrl": "no address"}]}, "/alignments/0/"),
        ({"result_descriptions": [{"name": "x", "resultType": "Vibe"}]}, "/result_descr"),
    ],
)
def test_a_draft_never_holds_what_could_not_be_signed(
    changes: dict[str, object], path: str
) -> None:
    with pytest.raises(CairnError, match=f"^{path}"):
        content(**changes)


def test_ten_thousand_characters_are_taken(house: House) -> None:
    version = draft(
        house.organisation,
        house.designer,
        criteria={"en": "é" * 10_000, "fr": "é" * 10_000},
    )
    submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    assert approve(version, house.approver).criteria["en"] == "é" * 10_000
