"""`cairn.issuing.by_file`: a list names awards of this issuer, each row one, or says why not."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cairn.core.errors import Malformed
from cairn.issuing import by_file
from cairn.issuing.models import Award
from cairn.organisations.models import Organisation, Role
from tests import world
from tests.issuing.desk import client_of
from tests.wallet.test_mailing import awards_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer() -> Organisation:
    return world.organisation()


def table(*values: str) -> bytes:
    return "\n".join(values).encode()


def test_a_row_names_an_award_by_each_of_its_names(issuer: Organisation) -> None:
    by_link, by_credential, by_award, by_email, by_number = awards_to(
        issuer, *(f"learner{number}@example.org" for number in range(5))
    )
    Award.objects.filter(pk=by_number.pk).update(student_number="S-17b")
    link = by_link.credentials.get().id
    said = by_file.read(
        issuer,
        table(
            "who",
            f"https://cairn.test/c/{link}",
            str(by_credential.credentials.get().id).upper(),
            str(by_award.id),
            " Learner3@Example.org",
            "s-17B",
            "s-17b",  # twice is once
        ),
    )
    assert set(said.award_ids) == {
        award.id for award in (by_link, by_credential, by_award, by_email, by_number)
    }
    assert not said.problems


def test_a_file_without_a_heading_counts_its_first_row(issuer: Organisation) -> None:
    ada, bob = awards_to(issuer, "ada@example.org", "bob@example.org")
    said = by_file.read(issuer, table("ada@example.org", "bob@example.org"))
    assert set(said.award_ids) == {ada.id, bob.id}


def test_what_names_none_or_several_is_a_problem_with_its_row(issuer: Organisation) -> None:
    (first,) = awards_to(issuer, "ada@example.org")
    awards_to(issuer, "ada@example.org")
    (foreign,) = awards_to(world.organisation(), "eve@example.org")
    names = table("who", "ada@example.org", str(foreign.id), "eve@example.org", "=1+1")
    said = by_file.read(issuer, names)
    assert not said.award_ids
    assert [(each.row, each.problem) for each in said.problems] == [
        (2, "names 2 awards"),
        (3, "names no award of yours"),
        (4, "names no award of yours"),
        (5, "names no award of yours"),
    ]
    assert all(each.mend for each in said.problems)
    of_one = by_file.read(issuer, names, first.version.achievement_id)
    assert of_one.award_ids == (first.id,)


def test_too_long_a_file_is_refused(issuer: Organisation) -> None:
    with pytest.raises(Malformed, match="5000 rows"):
        by_file.read(issuer, table("who", *(f"S-{number}" for number in range(5001))))


def test_what_a_file_names_is_suspended_after_the_preview(issuer: Organisation) -> None:
    version = world.published_version(issuer, is_suspendable=True)
    award = world.issued_award(issuer, version, email="ada@example.org")
    client = client_of(world.member(issuer, Role.REGISTRAR))
    base = f"/console/{issuer.slug}/awards/set/"
    file = SimpleUploadedFile("list.csv", table("who", "ada@example.org", "nobody@example.org"))
    read = client.post(f"{base}file/", {"file": file, "achievement": ""})
    assert "1 award is named" in read.content.decode()
    assert "nobody@example.org" in read.content.decode()
    chosen = {"award": read.context["chosen"]}
    opened = client.post(f"{base}suspend/", chosen | {"step": "choose"})
    assert opened.status_code == 200
    said = chosen | {"act_id": str(uuid4()), "reason": "review", "note": "list of 14 May"}
    looked = client.post(f"{base}suspend/", said)
    assert "1 award" in looked.content.decode()
    done = {**said, "step": "confirm", "digest": looked.context["chosen"].digest}
    assert client.post(f"{base}suspend/", done).status_code == 302
    award.refresh_from_db()
    assert award.state == Award.State.SUSPENDED


def test_what_is_no_table_is_said_at_the_field(issuer: Organisation) -> None:
    client = client_of(world.member(issuer, Role.REGISTRAR))
    file = SimpleUploadedFile("list.xlsx", b"PK\x03\x04 and no more")
    said = client.post(f"/console/{issuer.slug}/awards/set/file/", {"file": file})
    assert said.status_code == 422
