"""The pages of the demo: there in the demo, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from cairn.people.services import create_user

pytestmark = pytest.mark.django_db
PAGES = ["site:demo_roles", "site:demo_mail"]


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.CAIRN = replace(settings.CAIRN, is_demo=True, data_dir=tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", PAGES)
def test_outside_the_demo_there_are_no_such_pages(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 404


def test_outside_the_demo_nobody_becomes_anybody_by_a_link(client: Client) -> None:
    user = create_user(email="maren@north.example", name="Maren Holt")
    assert client.get(reverse("site:demo_sign_in", args=[user.email])).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("demo")
def test_a_link_makes_the_visitor_that_person(client: Client) -> None:
    user = create_user(email="amina@mail.example", name="Amina Diallo")
    assert "Be Amina Diallo" in client.get(reverse("site:demo_roles")).content.decode()
    answer = client.get(reverse("site:demo_sign_in", args=[user.email]))
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert client.session["_auth_user_id"] == str(user.id)


def test_mail_is_read_with_its_addresses_as_links(client: Client, demo: Path) -> None:
    backend = EmailBackend(file_path=str(demo / "mail"))
    text = "Claim it: https://cairn.test/claim/abc\n<b>not bold</b>"
    backend.send_messages([EmailMessage("Für Amina", text, "a@x.example", ["amina@mail.example"])])
    listed = client.get(reverse("site:demo_mail")).content.decode()
    assert "Für Amina" in listed
    name = next((demo / "mail").iterdir()).name
    shown = client.get(reverse("site:demo_letter", args=[name])).content.decode()
    assert '<a href="https://cairn.test/claim/abc">' in shown
    assert "&lt;b&gt;not bold" in shown


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["..log", "nothing.log", "cairn.sqlite3"])
def test_only_letters_are_shown(client: Client, name: str) -> None:
    assert client.get(reverse("site:demo_letter", args=[name])).status_code == 404
