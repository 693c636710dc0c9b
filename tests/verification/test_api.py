"""`POST /api/v1/verify`: one status and one shape of answer for each situation."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from cairn.core.codec import strict_json
from cairn.core.did.key import did_for, resolve
from cairn.core.rdf.cache import MissBudget
from cairn.core.verify.ports import Claimed, Sources
from cairn.verification.api import PATH, VerifyApi
from cairn.verification.limits import Limits, client_of
from cairn.verification.requests import MEDIA_TYPES
from cairn.verification.services import MAX_BYTES, Checked, check_within
from tests.asgi import Answer, ask, ask_async
from tests.core.badges import Badge, badge
from tests.core.issuing import KEY, NOW, signed

SOURCES = Sources()


def plain_check(data: bytes, now: datetime, claimed: Claimed | None, misses: MissBudget) -> Checked:
    return check_within(data, now=now, claimed=claimed, sources=SOURCES)


def api(**changes: Any) -> VerifyApi:
    return VerifyApi(**{"base_url": "https://cairn.test", "check": plain_check, **changes})


@pytest.fixture
def app() -> Iterator[VerifyApi]:
    made = api(now=lambda: NOW)
    yield made
    made.close()


def own(**changes: Any) -> Badge:
    """A credential of an issuer that is its own key, so that nothing has to be asked."""
    document = badge()
    del document["endorsement"], document["credentialStatus"]
    document["issuer"] = {**document["issuer"], "id": did_for(KEY.public)}
    method = resolve(did_for(KEY.public)).methods[0].id
    return signed({**document, **changes}, verification_method=method)


def as_bytes(document: Badge) -> bytes:
    return strict_json.write(document)


def post(app: VerifyApi, body: bytes, media_type: str = "application/json", **more: Any) -> Answer:
    return ask(app, "POST", PATH, body, headers={"content-type": media_type}, **more)


def refusal(answer: Answer, status: int, code: str) -> Any:
    problem = answer.json
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == f"https://cairn.test/api/docs#{code}"
    assert problem["title"]
    assert problem["detail"]
    return problem


def test_a_credential_in_force_is_a_report(app: VerifyApi) -> None:
    answer = post(app, as_bytes(own()))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    (report,) = answer.json["results"]
    assert report["outcome"] == "in_force"
    assert report["where"] == ""
    assert report["headline"].startswith("This credential is in force")
    assert {check["id"] for check in report["checks"]} >= {"proof", "issuer", "register", "holder"}
    assert answer.json["is_complete"] is True


def _altered() -> Badge:
    return {**own(), "name": "Another name"}


@pytest.mark.parametrize(
    ("document", "outcome"),
    [
        (own(validUntil="2026-02-01T00:00:00Z"), "expired"),
        (own(validFrom="2026-12-01T00:00:00Z"), "not_yet_in_force"),
        (_altered(), "altered"),
        ({**badge()}, "altered"),  # without any proof
        (
            own() | {"@context": ["https://www.w3.org/ns/credentials/v2", {"name": "urn:x"}]},
            "altered",
        ),
    ],
    ids=["expired", "not yet", "altered", "unsigned", "redefined terms"],
)
def test_every_outcome_of_a_credential_is_200(
    app: VerifyApi, document: Badge, outcome: str
) -> None:
    answer = post(app, as_bytes(document))
    assert answer.status == 200
    assert answer.json["results"][0]["outcome"] == outcome


def test_what_could_not_be_obtained_is_200_and_not_checked(app: VerifyApi) -> None:
    answer = post(app, as_bytes(signed(badge())))
    assert answer.status == 200
    assert answer.json["results"][0]["outcome"] == "could_not_be_checked"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "unreadable"),
        (b'{"a": 1, "a": 2}', "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b"\x00\x01\x02", "no_credential"),
        (b'{"hello": "world"}', "no_credential"),
        (b"hello", "no_credential"),
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "no_credential",
        ),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "unreadable"),
        (b"\x89PNG\r\n\x1a\n", "unreadable"),
        (b"%PDF-1.7", "unreadable"),
        (b"PK\x03\x04", "unreadable"),
        (b"eyJhbGciOiJub25lIn0.e30.", "unreadable"),
    ],
)
def test_what_holds_no_credential_is_400_in_words(app: VerifyApi, body: bytes, code: str) -> None:
    problem = refusal(post(app, body, "application/octet-stream"), 400, code)
    assert problem["results"]


def test_a_bomb_is_refused_in_words(app: VerifyApi) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b"0" * 50_000_000)
    refusal(post(app, packed.getvalue(), "application/zip"), 400, "unreadable")


def test_an_archive_has_an_answer_for_each_member(app: VerifyApi) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("ada.json", as_bytes(own()))
        archive.writestr("broken.json", b"{")
        archive.writestr("eve.json", as_bytes(_altered()))
    answer = post(app, packed.getvalue(), "application/zip")
    assert answer.status == 200
    found = {each["where"]: each["outcome"] for each in answer.json["results"]}
    assert found == {"ada.json": "in_force", "broken.json": "unreadable", "eve.json": "altered"}


def test_a_typed_name_is_compared_and_the_sentences_speak_the_language_asked(
    app: VerifyApi,
) -> None:
    path = f"{PATH}?name=Ada%20Lovelace&lang=fr"
    answer = ask(app, "POST", path, as_bytes(own()), headers={"content-type": "application/vc"})
    (report,) = answer.json["results"]
    assert "holder_matches" in {check["reason"] for check in report["checks"]}
    assert report["headline"].startswith("Cette attestation") or "vigueur" in report["headline"]


def test_accept_language_chooses_where_no_parameter_does(app: VerifyApi) -> None:
    headers = {"content-type": "application/vc", "accept-language": "fr-CA, en;q=0.5"}
    answer = ask(app, "POST", PATH, as_bytes(own()), headers=headers)
    assert "vigueur" in answer.json["results"][0]["headline"]


@pytest.mark.parametrize(
    "query",
    [
        "lang=tlh",
        "lang=",
        "nam=Ada",
        "name=a&name=b",
        f"name={'x' * 301}",
        "name=%FF",
        "name=a&email=b&lang=en&x=1",
    ],
)
def test_a_wrong_parameter_is_400(app: VerifyApi, query: str) -> None:
    answer = ask(app, "POST", f"{PATH}?{query}", b"{}", headers={"content-type": "text/plain"})
    refusal(answer, 400, "bad_parameter")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_405(app: VerifyApi, method: str) -> None:
    answer = ask(app, method, PATH)
    assert answer.headers["allow"] == "POST"
    refusal(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/html",
        "nonsense",
    ],
)
def test_a_form_is_415_and_the_answer_says_what_to_send(app: VerifyApi, media_type: str) -> None:
    problem = refusal(post(app, b"{}", media_type), 415, "unsupported_media_type")
    assert "application/octet-stream" in problem["detail"]


def test_a_packed_body_is_415(app: VerifyApi) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    refusal(ask(app, "POST", PATH, b"{}", headers=headers), 415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", [*MEDIA_TYPES, "Application/JSON; charset=utf-8"])
def test_a_file_may_come_as_any_of_its_types(app: VerifyApi, media_type: str) -> None:
    assert post(app, as_bytes(own()), media_type).status == 200


def test_a_file_that_says_it_is_too_large_is_413_before_it_is_read(app: VerifyApi) -> None:
    headers = {"content-type": "image/png", "content-length": str(MAX_BYTES + 1)}
    refusal(ask(app, "POST", PATH, b"x", headers=headers), 413, "too_large")


def test_a_file_that_does_not_say_so_is_413_when_it_is(app: VerifyApi) -> None:
    pieces = [bytes(2**20)] * 11
    headers = {"content-type": "image/png"}
    refusal(ask(app, "POST", PATH, pieces, headers=headers), 413, "too_large")


def test_pieces_are_put_together(app: VerifyApi) -> None:
    body = as_bytes(own())
    pieces = [body[:100], b"", body[100:]]
    answer = ask(app, "POST", PATH, pieces, headers={"content-type": "application/json"})
    assert answer.status == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "", "9" * 13])
def test_a_length_that_is_no_number_is_400(app: VerifyApi, length: str) -> None:
    headers = {"content-type": "application/json", "content-length": length}
    refusal(ask(app, "POST", PATH, b"{}", headers=headers), 400, "bad_length")


def test_an_empty_body_is_400(app: VerifyApi) -> None:
    refusal(post(app, b""), 400, "empty")


def test_a_body_without_any_length_is_411(app: VerifyApi) -> None:
    async def receive() -> Any:
        raise AssertionError("the body was asked for")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "http_version": "1.1",
        "path": PATH,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("192.0.2.1", 1),
    }
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 411
    assert json.loads(sent[1]["body"])["code"] == "length_required"


def test_a_slow_body_is_408_and_holds_up_nobody() -> None:
    app = api(body_seconds=0.2)

    async def both() -> tuple[list[Any], Answer]:
        stuck = asyncio.create_task(_never_ending(app))
        quick = await ask_async(
            app, "POST", PATH, as_bytes(own()), headers={"content-type": "application/json"}
        )
        assert not stuck.done()
        return await stuck, quick

    stuck, quick = asyncio.run(both())
    assert quick.status == 200
    assert stuck[0]["status"] == 408


async def _never_ending(app: VerifyApi) -> list[Any]:
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "http_version": "1.1",
        "path": PATH,
        "query_string": b"",
        "headers": [(b"content-type", b"image/png"), (b"content-length", b"5")],
        "client": ("192.0.2.1", 1),
    }
    await app(scope, receive, send)
    return sent


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    app = api(limits=Limits(burst=2, per_second=0.1))
    for _ in range(2):
        assert post(app, as_bytes(own())).status == 200
    answer = post(app, as_bytes(own()))
    refusal(answer, 429, "too_many_requests")
    assert 9 <= int(answer.headers["retry-after"]) <= 10
    assert post(app, as_bytes(own()), client="192.0.2.2").status == 200


def test_the_promised_wait_is_enough() -> None:
    limits = Limits(burst=1, per_second=0.5)
    client, wait = limits.enter("192.0.2.1", 100.0)
    assert wait == 0
    limits.leave(client)
    _, wait = limits.enter("192.0.2.1", 100.0)
    assert wait == pytest.approx(2.0)
    assert limits.enter("192.0.2.1", 100.0 + wait)[1] == 0


def test_one_client_has_a_bounded_number_of_requests_under_way() -> None:
    limits = Limits(at_once=1)
    client, _ = limits.enter("192.0.2.1", 0)
    assert limits.enter("192.0.2.1", 0)[1] > 0
    limits.leave(client)
    assert limits.enter("192.0.2.1", 0)[1] == 0


def test_a_server_with_too_much_to_do_says_so() -> None:
    answer = post(api(max_in_flight=0), as_bytes(own()))
    refusal(answer, 503, "busy")
    assert answer.headers["retry-after"]


def test_an_ipv6_network_counts_as_one_client_and_a_mapped_address_as_its_own() -> None:
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:2")
    assert client_of("2001:db8::1") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1")
    assert client_of("a socket") == "a socket"


def test_new_shapes_of_documents_are_bounded_for_each_client() -> None:
    def check(data: bytes, now: datetime, claimed: Claimed | None, misses: MissBudget) -> Checked:
        vocabulary = Sources().vocabulary
        shapes = type(vocabulary)(misses=MissBudget(0))
        return check_within(data, now=now, sources=Sources(vocabulary=shapes))

    answer = post(api(check=check), as_bytes(own()))
    refusal(answer, 429, "too_many_requests")


def test_a_check_that_takes_too_long_says_what_it_left_out() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.json", as_bytes(own()))
    checked = check_within(packed.getvalue(), now=NOW, sources=SOURCES, seconds=-1)
    assert not checked.is_complete
    assert not checked.answers
