"""What everybody reads: the addresses in signed bytes, and the catalogue."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from cairn.catalogue.models import AchievementVersion
from cairn.catalogue.offerings import open_offering
from cairn.catalogue.services import new_version, retire_achievement
from cairn.core.openbadges.achievement import Achievement
from cairn.core.openbadges.terms import read_part
from tests.catalogue.conftest import House
from tests.catalogue.making import LATER, draft, published, published_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(house: House) -> AchievementVersion:
    return published(house.organisation, house.designer, house.approver)


def address(version: AchievementVersion) -> str:
    return f"/a/{version.achievement_id}/v/{version.number}"


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("?format=json", "text/html"),
        ("", "application/ld+json"),
        ("", "application/json"),
        ("", "application/json, text/html;q=0.5"),
    ],
)
def test_machines_get_the_open_badges_document(
    version: AchievementVersion, client: Client, query: str, accept: str
) -> None:
    answer = client.get(address(version) + query, headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"]
    document = json.loads(answer.content)
    lost: list[str] = []
    read = read_part(Achievement, document, "", lost)
    assert (read.id, read.in_language, lost) == (f"https://cairn.test{address(version)}", "en", [])


def test_the_related_address_gives_the_other_language(
    version: AchievementVersion, client: Client
) -> None:
    document = client.get(f"{address(version)}?format=json").json()
    (related,) = document["related"]
    path = related["id"].removeprefix("https://cairn.test")
    french = client.get(path, headers={"Accept": "application/ld+json"}).json()
    assert (french["id"], french["inLanguage"]) == (document["id"], "fr")
    assert client.get(f"{address(version)}?format=json&lang=xx").json()["inLanguage"] == "en"


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml", "*/*", ""])
def test_people_get_a_page(version: AchievementVersion, client: Client, accept: str) -> None:
    answer = client.get(address(version), headers={"Accept": accept})
    page = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Data Storytelling" in page
    assert "Approved by the provider itself" in page
    assert "Raconter" in client.get(f"{address(version)}?lang=fr").content.decode()


def test_what_is_not_published_is_not_found(house: House, client: Client) -> None:
    version = draft(house.organisation, house.designer)
    for path in (
        address(version),
        f"{address(version)}?format=json",
        f"/a/{version.achievement_id}/v/7",
        f"/catalogue/{version.achievement.slug}",
    ):
        assert client.get(path).status_code == 404


def test_an_older_version_stays_and_names_the_newer_one(
    house: House, version: AchievementVersion, client: Client
) -> None:
    second = new_version(achievement_id=version.achievement_id, actor=house.designer, now=LATER)
    published_again(second, house.designer, house.approver)
    old = client.get(address(version)).content.decode()
    assert address(second) in old
    entry = client.get(f"/catalogue/{version.achievement.slug}")
    assert entry.context["version"] == second


def test_a_retired_achievement_leaves_the_catalogue_and_keeps_its_pages(
    house: House, version: AchievementVersion, client: Client
) -> None:
    retire_achievement(achievement_id=version.achievement_id, actor=house.approver, now=LATER)
    assert client.get("/catalogue").context["entries"] == []
    assert "no longer awarded" in client.get(address(version)).content.decode()
    assert client.get(f"/catalogue/{version.achievement.slug}").status_code == 200


def test_the_catalogue_is_searched_by_word_accent_and_provider(
    house: House, version: AchievementVersion, client: Client
) -> None:
    for query, count in (
        ("", 1),
        ("storytelling", 1),
        ("DONNEES", 1),
        ("northbridge data", 1),
        ("data plumbing", 0),
        ("%", 0),
        ("\0", 1),
        ("x" * 5_000, 0),
    ):
        answer = client.get("/catalogue", {"q": query})
        assert answer.status_code == 200
        assert len(answer.context["entries"]) == count, query


def test_an_entry_says_all_facts_and_runs(
    house: House, version: AchievementVersion, client: Client
) -> None:
    open_offering(
        version_id=version.pk,
        name="Autumn 2026",
        starts_on=LATER.date(),
        ends_on=LATER.date(),
        actor=house.designer,
        now=LATER,
    )
    page = client.get(reverse("site:catalogue_entry", args=["data-storytelling"])).content.decode()
    for fact in (
        "Clean a data set",
        "75 hours",
        "3 ECTS",
        "EQF 6 (bachelor)",
        "Statistics",
        "Blended",
        "Project with a defence",
        "Supervised on site",
        "By the board of studies",
        "36 months",
        "Northbridge University",
        "Autumn 2026",
    ):
        assert fact in page, fact


@pytest.mark.parametrize("name", ["0" * 64, "zz", "..%2f..%2fetc%2fpasswd"])
def test_no_such_picture(client: Client, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404
