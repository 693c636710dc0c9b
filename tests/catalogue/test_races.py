"""Two at once, on a database that really commits: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from cairn.catalogue.models import AchievementVersion, Decision
from cairn.catalogue.services import approve_version, edit_draft, new_version, submit_version
from cairn.core.errors import Conflict
from cairn.organisations.models import Role
from cairn.platform.models import OutboxEvent
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

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> int:
    """How many of the acts won, all begun together; the others got a `Conflict`."""
    barrier = threading.Barrier(len(acts))
    lost: list[Conflict] = []

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except Conflict as err:
            lost.append(err)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return len(acts) - len(lost)


def test_of_many_approvers_one_publishes() -> None:
    of = organisation()
    author = member(of, Role.DESIGNER)
    approvers = [member(of, Role.APPROVER, email=f"a{n}@north.example") for n in range(5)]
    version = draft(of, author)
    submit_version(version_id=version.pk, actor=author, now=NOON)
    seen = digest(version)
    acts = [
        lambda who=who: approve_version(
            version_id=version.pk, reasons="Yes.", seen_sha256=seen, actor=who, now=LATER
        )
        for who in approvers
    ]
    assert at_once(*acts) == 1
    assert Decision.objects.count() == 1
    assert OutboxEvent.objects.filter(kind="version.published").count() == 1


def test_of_many_edits_from_one_page_one_is_kept() -> None:
    of = organisation()
    author = member(of, Role.DESIGNER)
    version = draft(of, author)
    acts = [
        lambda code=code: edit_draft(
            version_id=version.pk,
            content=content(human_code=code),
            seen=version.edited_at,
            actor=author,
            now=LATER,
        )
        for code in ("A", "B", "C", "D")
    ]
    assert at_once(*acts) == 1


def test_of_many_new_versions_one_is_begun() -> None:
    of = organisation()
    author, approver = member(of, Role.DESIGNER), member(of, Role.APPROVER)
    version = published(of, author, approver)
    acts = [lambda: new_version(achievement_id=version.achievement_id, actor=author, now=LATER)] * 4
    assert at_once(*acts) == 1
    numbers = AchievementVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2]
