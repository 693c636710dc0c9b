"""Pages of the console: one test an outcome."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from cairn.catalogue.forms.achievement import AchievementForm
from cairn.catalogue.models import Achievement, AchievementVersion, Offering
from cairn.catalogue.services import new_version, submit_version
from cairn.organisations.models import Role
from cairn.people.models import User
from tests.catalogue.conftest import House
from tests.catalogue.making import LATER, NOON, digest, draft, member, organisation, published

_STATE = AchievementVersion.State


def typed(
    house: House, version: AchievementVersion | None = None, **changes: Any
) -> dict[str, Any]:
    """What a browser would send of the form as it is shown, with these changes."""
    form = AchievementForm(organisation=house.organisation, version=version)
    data: dict[str, Any] = {}
    for rows in (form.alignments, form.results):
        for field in rows.management_form:
            data[field.html_name] = field.value()
        for row in rows:
            data |= {field.html_name: field.value() or "" for field in row}
    for field in form:
        value = field.value()
        if value not in (None, False):
            data[field.html_name] = "on" if value is True else value
    data["seen"] = version.edited_at.isoformat() if version else ""
    return data | changes


def path(name: str, version: AchievementVersion) -> str:
    slug = version.achievement.creator.slug
    return reverse(f"catalogue:{name}", args=[slug, version.achievement_id, version.number])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def png(side: int = 100) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "PNG")
    return out.getvalue()


def test_a_designer_writes_and_submits(house: House) -> None:
    client = signed_in(house.designer)
    create = reverse("catalogue:create", args=[house.organisation.slug])
    assert client.get(create).status_code == 200
    answer = client.post(create, typed(house, name_en="Soil Care", then="save"))
    version = AchievementVersion.objects.get()
    assert answer.headers["Location"] == path("edit", version)
    assert (version.name, version.state) == ({"en": "Soil Care"}, _STATE.DRAFT)
    assert version.image_sha256  # a drawing, since no picture came
    complete = typed(
        house,
        version,
        description_en="Care for soil.",
        criteria_en="Pass.",
        outcomes_en="Dig\r\nSow\r\n",
        level="none",
        workload_hours="25",
        ects="2,5",
        participation="on_site",
        assessment_type_en="A plot",
        quality_assurance_en="Our board",
        then="submit",
    )
    answer = client.post(path("edit", version), complete)
    assert answer.headers["Location"] == path("version", version)
    version.refresh_from_db()
    assert version.state == _STATE.SUBMITTED
    assert version.outcomes == [{"en": "Dig"}, {"en": "Sow"}]
    assert (str(version.ects), version.has_no_level) == ("2.5", True)


def test_an_old_page_does_not_overwrite_unseen_what_was_made_from_it(house: House) -> None:
    client = signed_in(house.designer)
    create = reverse("catalogue:create", args=[house.organisation.slug])
    data = typed(house, name_en="Soil Care")
    first, again = (client.post(create, data).headers["Location"] for _ in range(2))
    assert first == again
    answer = client.post(create, data | {"name_en": "Soil Repair"})
    assert answer.status_code == 409
    assert 'value="Soil Repair"' in answer.content.decode()
    version = AchievementVersion.objects.get()
    assert version.name == {"en": "Soil Care"}
    data |= {"name_en": "Soil Repair", "seen": answer.context["seen"]}
    assert client.post(answer.context["action"], data).status_code == 302
    version.refresh_from_db()
    assert version.name == {"en": "Soil Repair"}


def test_what_is_missing_is_listed_with_links_and_nothing_is_lost(house: House) -> None:
    version = draft(house.organisation, house.designer, outcomes=[], workload_hours=None)
    data = typed(house, version, human_code="NEW", then="submit")
    answer = signed_in(house.designer).post(path("edit", version), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#id_outcomes_en"' in page
    assert 'href="#id_workload_hours"' in page
    version.refresh_from_db()
    assert (version.human_code, version.state) == ("NEW", _STATE.DRAFT)


def test_a_wrong_value_is_shown_again_as_it_was_typed(house: House) -> None:
    version = draft(house.organisation, house.designer)
    data = typed(house, version, ects="two", name_en="A\nB")
    answer = signed_in(house.designer).post(path("edit", version), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="two"' in page
    assert 'href="#id_ects"' in page
    assert 'href="#id_name_en"' in page


def test_a_stale_edit_shows_what_was_typed_and_can_be_saved_then(house: House) -> None:
    version = draft(house.organisation, house.designer)
    first, second = (typed(house, version, human_code=code) for code in ("ONE", "TWO"))
    client = signed_in(house.designer)
    client.post(path("edit", version), first)
    answer = client.post(path("edit", version), second)
    assert answer.status_code == 409
    assert 'value="TWO"' in answer.content.decode()
    version.refresh_from_db()
    assert version.human_code == "ONE"
    again = {**second, "seen": answer.context["seen"]}
    assert client.post(path("edit", version), again).status_code == 302
    version.refresh_from_db()
    assert version.human_code == "TWO"


def test_rows_are_added_changed_and_emptied(house: House) -> None:
    version = draft(house.organisation, house.designer)
    data = typed(house, version)
    for name in ("targetName", "targetUrl", "targetFramework"):
        data[f"alignments-0-{name}"] = ""
    data |= {
        "alignments-1-targetName": "Welding",
        "alignments-1-targetUrl": "https://skills.example/w",
        "results-1-name": "Grade",
        "results-1-resultType": "LetterGrade",
        "results-1-allowedValue": "C, B, A",
    }
    assert signed_in(house.designer).post(path("edit", version), data).status_code == 302
    version.refresh_from_db()
    assert version.alignments == [
        {"targetName": "Welding", "targetUrl": "https://skills.example/w"}
    ]
    assert version.result_descriptions[1]["allowedValue"] == ["C", "B", "A"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example/", "no address", ""])
def test_an_alignment_leads_to_a_web_page(house: House, url: str) -> None:
    version = draft(house.organisation, house.designer)
    data = typed(house, version)
    data |= {"alignments-1-targetName": "Welding", "alignments-1-targetUrl": url}
    answer = signed_in(house.designer).post(path("edit", version), data)
    assert answer.status_code == 422
    assert 'href="#id_alignments-1-targetUrl"' in answer.content.decode()


def test_an_uploaded_picture_is_kept_even_if_something_else_is_wrong(house: House) -> None:
    version = draft(house.organisation, house.designer)
    upload = SimpleUploadedFile("badge.png", png(), "image/png")
    client = signed_in(house.designer)
    answer = client.post(path("edit", version), typed(house, version, ects="x", picture=upload))
    assert answer.status_code == 422
    kept = answer.context["form"].upload_sha256
    assert f'name="kept_picture" value="{kept}"' in answer.content.decode()
    client.post(path("edit", version), typed(house, version, kept_picture=kept))
    version.refresh_from_db()
    assert (version.image_sha256, version.drawing_family) == (kept, "")
    picture = client.get(f"/media/{kept}")
    assert picture.headers["Content-Type"] == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
        (b"\x89PNG" + b"\0" * (20 * 2**20), "10 MB"),
        (b"MZ", "no picture"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_words(
    house: House, data: bytes, sentence: str
) -> None:
    version = draft(house.organisation, house.designer)
    upload = SimpleUploadedFile("badge.png", data, "image/png")
    answer = signed_in(house.designer).post(
        path("edit", version), typed(house, version, picture=upload)
    )
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["picture"])


def test_a_second_person_approves_after_seeing_what_changed(house: House) -> None:
    first = published(house.organisation, house.designer, house.approver)
    second = new_version(achievement_id=first.achievement_id, actor=house.designer, now=LATER)
    client = signed_in(house.designer)
    client.post(
        path("edit", second),
        typed(house, second, name_en="Data Storytelling with Care", workload_hours="90"),
    )
    submit_version(version_id=second.pk, actor=house.designer, now=LATER)
    assert "Approve and publish" not in client.get(path("review", second)).content.decode()
    approver = signed_in(house.approver)
    page = approver.get(path("review", second)).content.decode()
    assert "<ins>with Care</ins>" in page
    assert "<del>75</del>" in page
    seen = digest(second)
    refused = approver.post(path("review", second), {"seen": seen, "outcome": "approved"})
    assert refused.status_code == 422
    data = {"seen": seen, "outcome": "approved", "reasons": "Better."}
    assert approver.post(path("review", second), data).status_code == 302
    assert approver.post(path("review", second), data).status_code == 409
    second.refresh_from_db()
    assert second.state == _STATE.PUBLISHED
    assert "Better." in client.get(path("version", second)).content.decode()


def test_a_reviewer_asks_for_a_change_and_the_author_reads_why(house: House) -> None:
    version = draft(house.organisation, house.designer)
    submit_version(version_id=version.pk, actor=house.designer, now=NOON)
    reviewer = signed_in(house.reviewer)
    data = {"seen": digest(version), "outcome": "changes", "reasons": "Show the hours."}
    assert reviewer.post(path("review", version), data).status_code == 302
    page = signed_in(house.designer).get(path("edit", version)).content.decode()
    assert "Show the hours." in page


def test_one_person_is_told_that_nobody_else_checked(db: None) -> None:
    of = organisation("solo")
    alone = member(of, Role.OWNER)
    version = draft(of, alone)
    submit_version(version_id=version.pk, actor=alone, now=NOON)
    client = signed_in(alone)
    assert "not independently approved" in client.get(path("review", version)).content.decode()
    data = {"seen": digest(version), "outcome": "approved", "reasons": "Mine."}
    client.post(path("review", version), data)
    page = client.get(reverse("catalogue:public_version", args=[version.achievement_id, 1]))
    assert "Not independently approved" in page.content.decode()


@pytest.mark.parametrize("name", ["version", "edit", "review"])
def test_what_belongs_to_another_organisation_is_not_found(house: House, name: str) -> None:
    version = draft(house.organisation, house.designer)
    other = organisation("other")
    stranger = signed_in(member(other, Role.OWNER))
    for slug in (other.slug, house.organisation.slug):
        address = reverse(f"catalogue:{name}", args=[slug, version.achievement_id, 1])
        assert stranger.get(address).status_code == 404
        assert stranger.post(address).status_code in (404, 405)


def test_a_viewer_reads_and_does_not_write(house: House) -> None:
    version = draft(house.organisation, house.designer)
    client = signed_in(house.viewer)
    assert client.get(path("version", version)).status_code == 200
    assert client.get(path("edit", version)).status_code == 403
    assert client.post(path("withdraw", version)).status_code == 403


def test_runs_are_opened_and_closed(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    client = signed_in(house.designer)
    data = {
        "name": "Autumn 2026",
        "starts_on": "2026-09-01",
        "ends_on": "2026-12-18",
        "place": "Galway",
        "language": "en",
    }
    wrong = client.post(path("open_run", version), {**data, "ends_on": "2026-08-01"})
    assert wrong.status_code == 422
    assert client.post(path("open_run", version), data).status_code == 302
    assert client.post(path("open_run", version), data).status_code == 409
    run = Offering.objects.get()
    close = reverse("catalogue:close_run", args=[house.organisation.slug, run.pk])
    assert client.post(close).status_code == 302
    assert client.post(close).status_code == 409


def test_the_list_is_searched_and_filtered(house: House) -> None:
    draft(house.organisation, house.designer)
    published(house.organisation, house.designer, house.approver, name={"en": "Zoé", "fr": "Zoé"})
    client = signed_in(house.viewer)
    address = reverse("catalogue:achievements", args=[house.organisation.slug])
    for query, count in (("", 2), ("?q=ZOE", 1), ("?state=draft", 1), ("?q=zzz", 0)):
        assert len(client.get(address + query).context["rows"]) == count
    assert client.get(f"{address}?page=x&state=%00&q=%00").status_code == 200


def test_withdraw_and_retire(house: House) -> None:
    version = published(house.organisation, house.designer, house.approver)
    designer, approver = signed_in(house.designer), signed_in(house.approver)
    args = [house.organisation.slug, version.achievement_id]
    begun = designer.post(reverse("catalogue:new_version", args=args))
    assert begun.headers["Location"].endswith("/v/2/edit")
    assert designer.post(reverse("catalogue:new_version", args=args)).status_code == 409
    second = AchievementVersion.objects.get(number=2)
    assert designer.post(path("withdraw", second)).status_code == 302
    assert designer.get(path("edit", second)).status_code == 409
    assert designer.post(reverse("catalogue:retire", args=args)).status_code == 403
    assert approver.post(reverse("catalogue:retire", args=args)).status_code == 302
    assert Achievement.objects.get().state == Achievement.State.RETIRED


def test_hostile_markdown_is_shown_as_text(house: House) -> None:
    nasty = {"en": "<script>alert(1)</script> [x](javascript:alert(1)) **fine**"}
    version = draft(house.organisation, house.designer, criteria=nasty, description=nasty)
    page = signed_in(house.designer).get(path("version", version)).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<strong>fine</strong>" in page
