"""`cairn demo`: the world it builds, the files it leaves to try, the tour it prints."""

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings
from rich.console import Console

from cairn.cli import demo, demo_tour
from cairn.cli.demo_world import World, build
from cairn.core.errors import Conflict
from cairn.issuing.models import Award, SignedForm
from cairn.jobs.models import Delivery
from cairn.people.models import User
from cairn.signing.models import SigningOrder
from tests.wallet.mailbox import committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(settings: Settings, tmp_path: Path) -> Console:
    settings.CAIRN = replace(settings.CAIRN, is_demo=True, data_dir=tmp_path)
    return Console(file=io.StringIO(), width=200)


def built(now: datetime) -> World:
    steps = []
    with committed():
        for step, world in build(now):
            steps.append((step, world))
    assert [step for step, _ in steps] == [
        "people",
        "organisations",
        "registers",
        "achievements",
        "awards",
    ]
    return steps[-1][1]


def test_everything_is_signed_and_nothing_is_left_to_do(shown: Console, tmp_path: Path) -> None:
    world = built(timezone.now())
    assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()
    assert not SigningOrder.objects.exclude(state=SigningOrder.State.DONE).exists()
    assert Award.objects.count() == len(world.awards)
    assert {award.state for award in Award.objects.all()} == {"issued", "withdrawn"}
    demo_tour.write_examples(tmp_path / "examples")
    assert demo_tour.open_pages(tmp_path / "examples", shown) == 0


def test_the_tour_names_everybody_and_what_to_open(shown: Console, tmp_path: Path) -> None:
    built(timezone.now())
    demo_tour.print_tour(shown, "http://localhost:8000", tmp_path)
    assert isinstance(shown.file, io.StringIO)
    printed = shown.file.getvalue()
    for user in User.objects.all():
        assert f"http://localhost:8000/demo/as/{user.email}" in printed
    assert "/demo/mail" in printed
    assert str(tmp_path / "examples") in printed


def test_an_example_that_is_not_what_it_should_be_is_noticed(
    shown: Console, tmp_path: Path
) -> None:
    built(timezone.now())
    demo_tour.write_examples(tmp_path)
    body = SignedForm.objects.filter(form=SignedForm.Form.DATA_INTEGRITY)[0].body
    (tmp_path / "altered.json").write_bytes(bytes(body))
    assert demo_tour.open_pages(tmp_path, shown) == 1


def test_a_folder_of_others_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Conflict, match="holds something else"):
        demo.run(tmp_path, port=8000, is_check=True)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
