"""The page of the checker: what people bring, and the right page and status for each."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cairn.organisations.models import Register, RegisterEntry
from cairn.signing.identity import issuer_did
from cairn.verification import views
from cairn.verification.limits import Limits
from cairn.verification.services import MAX_BYTES
from cairn.wallet.models import Holding
from tests.verification import world
from tests.verification.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LIMITS", Limits())


def send(client: Client, body: bytes = b"", name: str = "a.json", **fields: str) -> tuple[int, str]:
    data: dict[str, object] = dict(fields)
    if body:
        data["file"] = SimpleUploadedFile(name, body)
    answer = client.post("/verify", data)
    return answer.status_code, answer.content.decode()


def registered(made: world.Issued) -> None:
    register = Register.objects.create(
        operator=world.organisation("Ministry"), name="Skills register", created_at=NOW
    )
    RegisterEntry.objects.create(
        register=register, issuer_did=issuer_did(made.organisation), name="North", added_at=NOW
    )


def test_the_form_needs_neither_an_account_nor_a_cookie() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.get("/verify")
    assert answer.status_code == 200
    assert 'enctype="multipart/form-data"' in answer.content.decode()
    assert "In force" in send(Client(enforce_csrf_checks=True), world.issued().body)[1]


def test_a_file_in_force_of_a_registered_issuer_is_green(client: Client) -> None:
    made = world.issued()
    registered(made)
    status, page = send(client, made.body)
    assert status == 200
    assert 'class="verdict ok"' in page
    assert "In force" in page
    assert "“Ministry” lists the issuer as “North”" in page
    assert "nobody has proved that the sender is this person" in page


def test_of_an_issuer_in_no_register_it_is_amber_never_red(client: Client) -> None:
    status, page = send(client, world.issued().body)
    assert status == 200
    assert 'class="verdict warn"' in page
    assert "its name is its own word" in page
    assert 'class="verdict bad"' not in page


def test_only_an_altered_one_is_red(client: Client) -> None:
    made = world.issued()
    status, page = send(client, world.altered(made.body))
    assert (status, 'class="verdict bad"' in page) == (200, True)
    world.publish(made.status_list, 7)
    status, page = send(client, made.body)
    assert status == 200
    assert "withdrawn by its issuer" in page
    assert 'class="bad"' not in page


def test_the_sentences_are_in_the_language_of_the_page(client: Client) -> None:
    client.cookies["django_language"] = "fr"
    _, page = send(client, world.issued().body)
    assert "Cette attestation est en vigueur" in page


def test_a_pasted_text_and_a_token_of_it_are_read(client: Client) -> None:
    made = world.issued()
    assert "In force" in send(client, text=made.body.decode())[1]


def test_our_own_link_is_answered_from_here(client: Client) -> None:
    made = world.issued(Holding.Visibility.LINK, "share")
    link = f"https://cairn.test/c/{made.credential.id}"
    assert "In force" in send(client, link=f"{link}?key=share")[1]
    status, page = send(client, link=link)
    assert status == 422
    assert "Could not be read" in page


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:1/x", "http://localhost/x", "http://10.0.0.1/", "https://[::1]/"]
)
def test_a_link_into_the_network_is_refused_in_words(client: Client, link: str) -> None:
    status, page = send(client, link=link)
    assert status == 422
    assert "Could not be read" in page
    assert "Technical detail" in page


def test_a_name_is_compared_and_can_be_afterwards(client: Client) -> None:
    made = world.issued()
    _, page = send(client, text=made.body.decode())
    assert '<textarea name="text" hidden' in page
    answer = client.post("/verify", {"text": made.body.decode(), "name": "Ada Lovelace"})
    assert "which matches what you typed" in answer.content.decode()


def test_several_files_and_an_archive_become_a_list(client: Client) -> None:
    made = world.issued()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("good.json", made.body)
        archive.writestr("bad.json", world.altered(made.body))
    files = [
        SimpleUploadedFile("all.zip", packed.getvalue()),
        SimpleUploadedFile("broken.json", b"{"),
    ]
    answer = client.post("/verify", {"file": files})
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in ("3 answers", "all.zip › good.json", "all.zip › bad.json", "broken.json"):
        assert words in page


def test_nothing_at_all_is_422_with_a_summary(client: Client) -> None:
    status, page = send(client)
    assert status == 422
    assert 'id="errors"' in page


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "not a link", "ftp://uni.example/x", "http://"]
)
def test_a_link_that_is_none_is_422_or_refused_in_words(client: Client, link: str) -> None:
    status, page = send(client, link=link)
    assert status == 422
    assert 'href="javascript:' not in page


@pytest.mark.parametrize(
    "body",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        b"[" * 200_000,
        b'{"a": ' * 5_000,
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7\n%%EOF",
        b"PK\x03\x04" + bytes(100),
        b"\xff\xfe\x00\x00",
        b"\x00" * 1000,
    ],
)
def test_hostile_files_are_refused_in_words(client: Client, body: bytes) -> None:
    status, page = send(client, body, "x.svg")
    assert status == 422
    assert "<script>alert" not in page
    assert "Could not be read" in page or "No credential in this file" in page


def test_a_strangers_words_cannot_become_markup(client: Client) -> None:
    name = '"><script>alert(1)</script>.json'
    _, page = send(client, b"{", name)
    assert "<script>alert" not in page


def test_twenty_megabytes_are_413_in_a_plain_sentence(client: Client) -> None:
    status, page = send(client, bytes(MAX_BYTES * 2), "big.png")
    assert status == 413
    assert "At most 10 MB can be checked at once" in page


def test_too_much_text_is_413_too(client: Client) -> None:
    status, page = send(client, text="x" * (MAX_BYTES + 2**17))
    assert status == 413
    assert "At most 10 MB" in page


def test_who_asks_too_often_gets_a_sentence_and_a_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LIMITS", Limits(burst=1, per_second=0.01))
    assert send(client, text="hello")[0] == 422
    answer = client.post("/verify", {"text": "hello"})
    assert answer.status_code == 429
    assert 90 <= int(answer["Retry-After"]) <= 101


def test_nothing_that_is_checked_is_kept(client: Client) -> None:
    from django.apps import apps

    made = world.issued()
    before = {model: model._default_manager.count() for model in apps.get_models()}
    answer = client.post("/verify", {"text": made.body.decode(), "name": "Ada"})
    assert {model: model._default_manager.count() for model in apps.get_models()} == before
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_405(client: Client, method: str) -> None:
    assert getattr(client, method)("/verify").status_code == 405
