"""Step 8: each kind of status list, what it may say, and attempts to make it say less."""

import gzip
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cairn.core.codec import base64url, strict_json
from cairn.core.errors import Malformed, Unobtainable, Unverifiable
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.rdf.contexts import (
    DATA_INTEGRITY_2,
    OB_3_0_3,
    OB_EXTENSIONS,
    STATUS_LIST_2021,
    VC_1,
    VC_2,
)
from cairn.core.status.bitstring import MIN_ENTRIES, StatusList
from cairn.core.status.credential import ENTRY_TYPE, PublishedList, read_entries
from cairn.core.status.revocation_list import MAX_REVOKED, read_revocation_list
from cairn.core.verify.checked_lists import CheckedLists
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Outcome, Reason, Report, Result
from cairn.core.verify.revocation_lists import origin
from cairn.core.verify.token_status import OpenedToken, check_token_status
from tests.core.badges import Badge
from tests.core.issuing import (
    DID,
    DID_URL,
    LIST_URL,
    NOW,
    VOCABULARY,
    Published,
    Remembered,
    did_json,
    own_badge,
    published,
    signed,
    status_list,
)

OTHER_KEY = PrivateKey.from_seed(KeyType.ED25519, b"\x02" * 32)
OTHER_DID = f"did:key:{OTHER_KEY.public.multikey}"
OTHER_METHOD = f"{OTHER_DID}#{OTHER_KEY.public.multikey}"


def report_on(document: Badge, documents: Published, **sources: Any) -> Report:
    asked = Sources(documents=documents, vocabulary=VOCABULARY, **sources)
    return verify(strict_json.write(document), asked, now=NOW)


def reasons(report: Report) -> set[Reason]:
    return {check.reason for check in report.checks}


def fact(report: Report, reason: Reason, name: str) -> str:
    return next(check.facts[name] for check in report.checks if check.reason is reason)


def with_document(url: str, document: Any) -> Published:
    documents = published()
    documents.documents[url] = strict_json.write(document)
    return documents


# Statuses of several bits, and messages


def messages(size: int) -> list[dict[str, str]]:
    return [{"status": hex(value), "message": f"message {value}"} for value in range(2**size)]


def sized_badge(size: int, index: str = "2", purpose: str = "message") -> Badge:
    entry = {
        "id": f"{LIST_URL}-2#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": f"{LIST_URL}-2",
        "statusSize": size,
        "statusMessage": messages(size),
    }
    return own_badge(credentialStatus=entry)


def sized_list(bits: bytes, purpose: str = "message") -> Badge:
    listed = status_list(purpose=purpose, url=f"{LIST_URL}-2")
    listed["credentialSubject"]["encodedList"] = "u" + base64url.encode(gzip.compress(bits))
    return listed


TWO_BITS = bytes([0b00_01_10_11]) + bytes(MIN_ENTRIES // 4 - 1)


@pytest.mark.parametrize(("index", "value"), [("0", 0), ("1", 1), ("2", 2), ("3", 3)])
def test_a_message_is_shown_as_the_issuer_wrote_it(index: str, value: int) -> None:
    documents = with_document(f"{LIST_URL}-2", signed(sized_list(TWO_BITS)))
    report = report_on(signed(sized_badge(2, index)), documents)
    assert fact(report, Reason.STATUS_MESSAGE, "message") == f"message {value}"
    assert report.outcome is Outcome.IN_FORCE


@pytest.mark.parametrize("index", ["1", "2", "3"])
def test_any_value_but_zero_withdraws_where_the_purpose_is_revocation(index: str) -> None:
    documents = with_document(f"{LIST_URL}-2", signed(sized_list(TWO_BITS, "revocation")))
    report = report_on(signed(sized_badge(2, index, "revocation")), documents)
    assert report.outcome is Outcome.WITHDRAWN


def test_attack_of_reading_wide_statuses_as_single_bits() -> None:
    # entry 1 has the bits 01: read one bit at a time it would be clear
    statuses = StatusList(TWO_BITS)
    assert statuses.value(1, 2) == 1
    assert not statuses[1]


def test_attack_of_a_list_too_short_for_its_size_to_hide_a_holder() -> None:
    short = StatusList(bytes(MIN_ENTRIES // 4 - 1))
    with pytest.raises(Malformed, match="too short"):
        short.value(0, 2)
    assert StatusList(bytes(MIN_ENTRIES // 4)).value(0, 2) == 0


@pytest.mark.parametrize("index", [-1, MIN_ENTRIES, 10**19])
def test_attack_of_an_index_that_fits_the_bits_but_not_the_statuses(index: int) -> None:
    with pytest.raises(Malformed, match="outside"):
        StatusList(TWO_BITS).value(index, 2)


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        messages(1),
        messages(3),
        messages(2)[::-1][:3] + messages(2)[:1] * 1,
        [*messages(2)[:3], messages(2)[0]],
        [*messages(2)[:3], {"status": "3", "message": "x"}],
        [*messages(2)[:3], {"status": "0x3"}],
        [*messages(2)[:3], {"status": "0x3", "message": ""}],
        [*messages(2)[:3], "x"],
    ],
    ids=range(10),
)
def test_attack_of_messages_that_leave_a_status_without_its_meaning(given: Any) -> None:
    entry = {**sized_badge(2)["credentialStatus"], "statusMessage": given}
    if given == [*messages(2)[1:][::-1], messages(2)[0]]:
        assert read_entries(entry, "")  # every status once, in another order
        return
    with pytest.raises(Malformed) as refusal:
        read_entries(entry, "")
    assert refusal.value.path.startswith("/statusMessage")


def test_attack_of_a_message_list_in_the_place_of_the_revocation_list() -> None:
    documents = with_document(f"{LIST_URL}-2", signed(sized_list(TWO_BITS, "message")))
    report = report_on(signed(sized_badge(2, "1", "revocation")), documents)
    assert Reason.STATUS_LIST_INVALID in reasons(report)
    assert report.outcome is Outcome.NOT_CHECKED


# StatusList2021, in credentials of VC 1.1

LIST_2021 = "https://uni.example/status/2021"
CONTEXTS_1 = [VC_1, OB_3_0_3, STATUS_LIST_2021, DATA_INTEGRITY_2]


def badge_1(**changes: Any) -> Badge:
    document = own_badge(
        credentialStatus={
            "id": f"{LIST_2021}#5",
            "type": "StatusList2021Entry",
            "statusPurpose": "revocation",
            "statusListIndex": "5",
            "statusListCredential": LIST_2021,
        },
        issuanceDate="2026-01-01T00:00:00Z",
    )
    document["@context"] = CONTEXTS_1
    del document["validFrom"], document["validUntil"]
    return {**document, **changes}


def list_2021(*revoked: int, **changes: Any) -> Badge:
    bits = StatusList.empty().marked(revoked).bits
    return {
        "@context": [VC_1, STATUS_LIST_2021, DATA_INTEGRITY_2],
        "id": LIST_2021,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": DID,
        "issuanceDate": "2026-05-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{LIST_2021}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": base64url.encode(gzip.compress(bits)),
        },
        **changes,
    }


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [(list_2021(), Outcome.IN_FORCE), (list_2021(5), Outcome.WITHDRAWN)],
    ids=["clear", "set"],
)
def test_a_credential_of_version_1_with_its_list(listed: Badge, outcome: Outcome) -> None:
    report = report_on(signed(badge_1()), with_document(LIST_2021, signed(listed)))
    assert report.outcome is outcome, report.checks


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(status_list(url=LIST_2021), id="a list of the other kind"),
        pytest.param(list_2021(issuer=OTHER_DID), id="another issuer"),
        pytest.param(list_2021(id=LIST_URL), id="the list of another address"),
        pytest.param(list_2021(issuanceDate="2026-06-02T00:00:00Z"), id="from the future"),
        pytest.param(list_2021(expirationDate="2026-05-31T00:00:00Z"), id="out of date"),
    ],
)
def test_attack_of_another_list_in_the_place_of_the_one_of_2021(listed: Badge) -> None:
    report = report_on(signed(badge_1()), with_document(LIST_2021, signed(listed)))
    assert report.outcome is Outcome.NOT_CHECKED


def test_attack_of_a_list_of_2021_for_an_entry_of_the_new_kind() -> None:
    documents = with_document(LIST_URL, signed(list_2021(id=LIST_URL)))
    report = report_on(signed(own_badge()), documents)
    assert Reason.STATUS_LIST_INVALID in reasons(report)


@pytest.mark.parametrize("encoded", ["uH4sI", "H4sI AA", "!", "H4sIAAAA", "=" * 4])
def test_attack_of_a_list_of_2021_that_is_no_gzip(encoded: str) -> None:
    with pytest.raises(Malformed):
        StatusList.decode_2021(encoded)


def test_attack_of_a_bomb_in_the_form_of_2021() -> None:
    bomb = base64url.encode(gzip.compress(bytes(17 * 2**20)))
    with pytest.raises(Malformed, match="over-long"):
        StatusList.decode_2021(bomb)


# The list of 1EdTech

OWN_LIST = "https://uni.example/revoked"


def badge_with_revocation_list(url: str = OWN_LIST, **changes: Any) -> Badge:
    document = own_badge(credentialStatus={"id": url, "type": "1EdTechRevocationList"}, **changes)
    document["@context"] = [VC_2, OB_3_0_3, OB_EXTENSIONS]
    return document


def revocation_list(*ids: str, url: str = OWN_LIST, **changes: Any) -> Badge:
    entries = [{"id": each, "revoked": True, "revocationReason": "error"} for each in ids]
    right = {"id": url, "type": "1EdTechRevocationList", "issuer": DID}
    return {**right, "revokedCredential": entries, **changes}


OWN_ID = own_badge()["id"]


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        (revocation_list(), Outcome.IN_FORCE),
        (revocation_list("https://uni.example/c/2"), Outcome.IN_FORCE),
        (revocation_list(OWN_ID), Outcome.WITHDRAWN),
        (revocation_list(revokedCredential=[{"id": OWN_ID}]), Outcome.WITHDRAWN),
        (revocation_list(revokedCredential=[{"id": OWN_ID, "revoked": False}]), Outcome.IN_FORCE),
    ],
    ids=["empty", "another", "named", "named without a word", "named as not withdrawn"],
)
def test_the_list_of_1edtech_withdraws_by_id(listed: Badge, outcome: Outcome) -> None:
    document = signed(badge_with_revocation_list())
    assert report_on(document, with_document(OWN_LIST, listed)).outcome is outcome


def test_a_list_elsewhere_can_withdraw_but_its_silence_is_a_warning() -> None:
    url = "https://lists.example/1"
    document = signed(badge_with_revocation_list(url))
    silent = report_on(document, with_document(url, revocation_list(url=url)))
    assert silent.outcome is Outcome.IN_FORCE
    assert fact(silent, Reason.STATUS_LIST_ELSEWHERE, "url") == url
    assert Reason.STATUS_GOOD not in reasons(silent)
    named = report_on(document, with_document(url, revocation_list(OWN_ID, url=url)))
    assert named.outcome is Outcome.WITHDRAWN


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(revocation_list(issuer=OTHER_DID), id="another issuer's list"),
        pytest.param(revocation_list(issuer={"id": OTHER_DID}), id="another issuer's object"),
        pytest.param(revocation_list(url="https://uni.example/other"), id="another address"),
        pytest.param(revocation_list(type="Other"), id="another type"),
        pytest.param(revocation_list(revokedCredential=None), id="no list"),
        pytest.param(revocation_list(revokedCredential={"id": OWN_ID}), id="an object"),
        pytest.param(revocation_list(revokedCredential=[OWN_ID]), id="texts"),
        pytest.param(revocation_list(revokedCredential=[{"revoked": True}]), id="without id"),
        pytest.param(
            revocation_list(revokedCredential=[{"id": OWN_ID, "revoked": "false"}]), id="quoted"
        ),
        pytest.param([], id="an array"),
    ],
)
def test_attack_of_another_document_in_the_place_of_the_revocation_list(listed: Any) -> None:
    report = report_on(signed(badge_with_revocation_list()), with_document(OWN_LIST, listed))
    assert report.outcome is Outcome.NOT_CHECKED
    assert Reason.STATUS_LIST_INVALID in reasons(report)


def test_a_credential_without_id_is_on_no_list() -> None:
    document = badge_with_revocation_list()
    del document["id"]
    report = report_on(signed(document), with_document(OWN_LIST, revocation_list()))
    assert report.outcome is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    "address",
    [
        "https://uni.example.evil.example/revoked",
        "https://uni.example@evil.example/revoked",
        "https://uni.example:8443/revoked",
        "http://uni.example/revoked",
        "https://evil.example/https://uni.example/revoked",
    ],
)
def test_attack_of_a_host_that_looks_like_the_issuers(address: str) -> None:
    assert origin(address) != origin(OWN_LIST)


def test_the_number_of_withdrawn_ids_is_bounded() -> None:
    entries = [{"id": f"urn:x:{number}"} for number in range(MAX_REVOKED)]
    listed = revocation_list(revokedCredential=entries)
    assert len(read_revocation_list(listed, list_url=OWN_LIST).reasons) == MAX_REVOKED
    with pytest.raises(Malformed, match="at most"):
        read_revocation_list(
            revocation_list(revokedCredential=[*entries, {"id": "urn:y"}]), list_url=OWN_LIST
        )


# Token status lists

URI = "https://uni.example/statuslists/1"
CLAIMS: Any = {"status": {"status_list": {"idx": 0, "uri": URI}}}


def opened(values: int, signer: str = DID, **changes: Any) -> OpenedToken:
    lst = base64url.encode(zlib.compress(bytes([values])))
    claims: Any = {
        "sub": URI,
        "iat": int(NOW.timestamp()) - 60,
        "status_list": {"bits": 2, "lst": lst},
    }
    return OpenedToken({"typ": "statuslist+jwt"}, {**claims, **changes}, signer)


def token_check(token: OpenedToken | Exception, **sources: Any) -> Check:
    def open_token(data: bytes) -> OpenedToken:
        assert data == b"token"
        if isinstance(token, Exception):
            raise token
        return token

    asked = Sources(documents=Published({URI: b"token\n"}), **sources)
    return check_token_status(CLAIMS, DID, asked, NOW, open_token)


@pytest.mark.parametrize(
    ("values", "reason", "result"),
    [
        (0b00, Reason.STATUS_GOOD, Result.PASS),
        (0b01, Reason.STATUS_REVOKED, Result.FAIL),
        (0b10, Reason.STATUS_SUSPENDED, Result.FAIL),
        (0b11, Reason.STATUS_UNSUPPORTED, Result.NOT_CHECKED),
    ],
)
def test_each_value_of_a_token_list(values: int, reason: Reason, result: Result) -> None:
    check = token_check(opened(values))
    assert (check.reason, check.result) == (reason, result)


SECONDS = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(opened(0, OTHER_DID), Reason.STATUS_LIST_INVALID, id="another's signature"),
        pytest.param(opened(0, iss=OTHER_DID), Reason.STATUS_LIST_INVALID, id="another's name"),
        pytest.param(opened(0, sub="https://x"), Reason.STATUS_LIST_INVALID, id="another list"),
        pytest.param(opened(0, exp=SECONDS), Reason.STATUS_LIST_EXPIRED, id="at its end"),
        pytest.param(opened(0, iat=SECONDS + 1), Reason.STATUS_LIST_INVALID, id="future"),
        pytest.param(opened(0, iat=2**52), Reason.STATUS_LIST_INVALID, id="no such year"),
        pytest.param(Unverifiable("no"), Reason.STATUS_LIST_INVALID, id="bad signature"),
        pytest.param(Unobtainable("no"), Reason.STATUS_LIST_INVALID, id="no key"),
        pytest.param(Malformed("no"), Reason.STATUS_LIST_INVALID, id="no token"),
    ],
)
def test_attack_of_a_token_list_that_is_not_the_issuers_or_not_current(
    token: OpenedToken | Exception, reason: Reason
) -> None:
    check = token_check(token)
    assert (check.reason, check.result) == (reason, Result.NOT_CHECKED)


def test_attack_of_an_older_token_list() -> None:
    memory = Remembered()
    assert token_check(opened(1), memory=memory).reason is Reason.STATUS_REVOKED
    older = token_check(opened(0, iat=SECONDS - 3600), memory=memory)
    assert older.reason is Reason.STATUS_ROLLED_BACK


def test_a_token_list_one_second_before_its_end_counts() -> None:
    assert token_check(opened(0, exp=SECONDS + 1)).reason is Reason.STATUS_GOOD


def test_a_token_without_status_says_so_and_an_unknown_one_is_not_checked() -> None:
    def unasked(data: bytes) -> OpenedToken:
        raise AssertionError(data)

    none = check_token_status({}, DID, Sources(), NOW, unasked)
    assert none.reason is Reason.STATUS_NONE
    other = check_token_status({"status": {"x": {}}}, DID, Sources(), NOW, unasked)
    assert other.result is Result.NOT_CHECKED


# Keeping lists


def kept(ttl_ms: int | None = None, valid_until: str | None = None) -> PublishedList:
    return PublishedList(DID, ("revocation",), StatusList.empty(), None, valid_until, ttl_ms)


@pytest.mark.parametrize(
    ("published_list", "seconds"),
    [
        pytest.param(kept(), 300, id="five minutes where nothing is said"),
        pytest.param(kept(ttl_ms=60_000), 60, id="its ttl"),
        pytest.param(kept(ttl_ms=86_400_000), 900, id="never over 15 minutes"),
        pytest.param(kept(86_400_000, "2026-06-01T12:00:30Z"), 30, id="never past its end"),
        pytest.param(kept(10**15), 900, id="a ttl of centuries"),
    ],
)
def test_a_list_is_kept_for_the_least_of_its_limits(
    published_list: PublishedList, seconds: int
) -> None:
    lists = CheckedLists()
    lists.keep(LIST_URL, ENTRY_TYPE, published_list, NOW)
    last = NOW + timedelta(seconds=seconds - 1)
    assert lists.fresh(LIST_URL, ENTRY_TYPE, last) is published_list
    assert lists.fresh(LIST_URL, ENTRY_TYPE, NOW + timedelta(seconds=seconds)) is None
    assert lists.fresh(LIST_URL, ENTRY_TYPE, NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize("ttl_ms", [0])
def test_a_list_that_must_not_be_kept_is_not(ttl_ms: int) -> None:
    lists = CheckedLists()
    lists.keep(LIST_URL, ENTRY_TYPE, kept(ttl_ms), NOW)
    assert len(lists) == 0


def test_attack_of_filling_memory_with_lists() -> None:
    lists = CheckedLists(max_entries=3, max_total_bytes=60_000)
    for number in range(50):
        lists.keep(f"{LIST_URL}/{number}", ENTRY_TYPE, kept(), NOW)
        assert len(lists) <= 3
        assert lists.used_bytes <= 60_000
    assert lists.drop(f"{LIST_URL}/49")
    assert not lists.drop(f"{LIST_URL}/49")
    huge = replace(kept(), statuses=StatusList(bytes(60_000)))
    lists.keep(LIST_URL, ENTRY_TYPE, huge, NOW)
    assert lists.fresh(LIST_URL, ENTRY_TYPE, NOW) is None


class Keeping(Published):
    """Documents that keep copies until told to forget them."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        super().__init__(documents)
        self.copies: dict[str, bytes] = {}

    def get(self, url: str, *, now: Any) -> bytes:
        if url not in self.copies:
            self.copies[url] = super().get(url, now=now)
        return self.copies[url]

    def forget(self, url: str) -> None:
        self.copies.pop(url, None)


def test_attack_of_a_server_that_lets_its_old_list_be_cached_for_a_day() -> None:
    documents = Keeping(published().documents)
    sources = Sources(documents=documents, vocabulary=VOCABULARY)
    data = strict_json.write(signed(own_badge()))
    assert verify(data, sources, now=NOW).outcome is Outcome.IN_FORCE
    newer = status_list(94567, valid_from="2026-06-01T12:00:00Z")
    documents.documents[LIST_URL] = strict_json.write(signed(newer))
    soon = verify(data, sources, now=NOW + timedelta(seconds=299))
    assert soon.outcome is Outcome.IN_FORCE
    later = verify(data, sources, now=NOW + timedelta(seconds=300))
    assert later.outcome is Outcome.WITHDRAWN


def test_attack_of_a_kept_list_for_the_credential_of_another_issuer() -> None:
    sources = Sources(documents=published(), vocabulary=VOCABULARY)
    assert verify(strict_json.write(signed(own_badge())), sources, now=NOW).outcome is (
        Outcome.IN_FORCE
    )
    foreign = signed(own_badge(issuer=OTHER_DID), key=OTHER_KEY, verification_method=OTHER_METHOD)
    report = verify(strict_json.write(foreign), sources, now=NOW)
    assert Reason.STATUS_LIST_INVALID in reasons(report)


def test_attack_of_a_rollback_within_the_time_a_list_is_kept() -> None:
    memory = Remembered({LIST_URL: "2026-05-20T00:00:00Z"})
    report = report_on(signed(own_badge()), published(), memory=memory)
    assert Reason.STATUS_ROLLED_BACK in reasons(report)


def test_attack_of_moving_the_remembered_version_by_a_list_of_ones_own() -> None:
    # a stranger's credential names the issuer's list: nothing of it may be remembered in his name
    memory = Remembered()
    listed = status_list(issuer_id=OTHER_DID, valid_from="2026-05-31T00:00:00Z")
    documents = Published({DID_URL: did_json()})
    documents.documents[LIST_URL] = strict_json.write(
        signed(listed, key=OTHER_KEY, verification_method=OTHER_METHOD)
    )
    report_on(signed(own_badge()), documents, memory=memory)
    assert LIST_URL not in memory.versions
