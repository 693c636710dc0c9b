"""Status entries in credentials, and the status list credentials they point to.

Sources: W3C "Bitstring Status List v1.0", sections 2.1 (entry), 2.2 (list credential); its draft
"StatusList2021" of 2023, which credentials of VC 1.1 use: the same bits without a multibase letter.

Shapes only.  Contexts, proofs, the issuer's right to the list, dates and the fetching of lists
belong to the caller.  Times stay the strings that were signed.
"""

import re
from dataclasses import dataclass
from typing import Literal

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.status.bitstring import MAX_STATUS_SIZE, StatusList
from cairn.core.status.fields import (
    read_object,
    read_optional_string,
    read_string,
    read_strings,
    read_url,
    read_whole,
)
from cairn.core.status.revocation_list import LIST_TYPE as REVOCATION_LIST
from cairn.core.status.revocation_list import RevocationEntry, read_revocation_entry

CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENTRY_TYPE = "BitstringStatusListEntry"
ENTRY_TYPE_2021 = "StatusList2021Entry"
DEFAULT_TTL_MS = 300_000  # section 2.2: what a list without `ttl` means
MAX_ENTRIES = 16  # entries in one credential: each may cost the verifier a fetch

Purpose = Literal["revocation", "suspension", "refresh"]

_INDEX = re.compile(r"[0-9]{1,20}")  # beyond any list; int() of a longer one costs time
_MESSAGE_STATUS = re.compile(r"0x[0-9A-Fa-f]{1,4}")
# entry type -> type of the list credential and of its subject: a list of one kind says nothing
# about entries of the other
_LISTS = {
    ENTRY_TYPE: ("BitstringStatusListCredential", "BitstringStatusList"),
    ENTRY_TYPE_2021: ("StatusList2021Credential", "StatusList2021"),
}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A status to look up: entry `index` of the list at `list_url`, if it is about `purpose`."""

    purpose: str  # "revocation", "suspension", "refresh", "message" or another's own
    index: int
    list_url: str
    path: str
    size: int = 1  # bits of one status
    messages: tuple[str, ...] = ()  # what each value means, where the purpose is "message"
    type: str = ENTRY_TYPE


@dataclass(frozen=True, slots=True)
class UnsupportedStatus:
    """A status we do not read: the verdict must say "not checked", never "fine"."""

    type: str
    reason: str
    path: str


Entry = StatusEntry | RevocationEntry | UnsupportedStatus


@dataclass(frozen=True, slots=True)
class PublishedList:
    """What a status list credential says; true only once its proof and issuer are checked."""

    issuer_id: str
    purposes: tuple[str, ...]
    statuses: StatusList
    valid_from: str | None
    valid_until: str | None
    ttl_ms: int | None  # None: not given, see DEFAULT_TTL_MS


def status_entry(*, list_url: str, index: int, purpose: Purpose) -> dict[str, Json]:
    """The `credentialStatus` of a credential that has entry `index` of the list at `list_url`."""
    return {
        "id": f"{list_url}#{index}",
        "type": ENTRY_TYPE,
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }


def status_list_credential(
    *,
    list_url: str,
    issuer_id: str,
    purpose: Purpose,
    statuses: StatusList,
    valid_from: str,
    valid_until: str,
    ttl_ms: int | None = None,
) -> dict[str, Json]:
    """The credential to sign and publish at `list_url`; times as `YYYY-MM-DDTHH:MM:SSZ`."""
    subject: dict[str, Json] = {
        "id": f"{list_url}#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": statuses.encode(),
    }
    if ttl_ms is not None:
        subject["ttl"] = ttl_ms
    return {
        "@context": [CONTEXT],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id,
        "validFrom": valid_from,
        "validUntil": valid_until,
        "credentialSubject": subject,
    }


def read_entries(value: Json, path: str) -> tuple[Entry, ...]:
    """Every status in the `credentialStatus` at `path`, in order; it may be an object or an array.

    Raises `Malformed` with the path of the first thing that does not follow the specification.
    """
    if not isinstance(value, list):
        return (_entry(value, path),)
    if not 1 <= len(value) <= MAX_ENTRIES:
        raise Malformed(f"{len(value)} statuses; need 1 to {MAX_ENTRIES}", path)
    return tuple(_entry(item, f"{path}/{position}") for position, item in enumerate(value))


def read_list(
    document: dict[str, Json], *, list_url: str, entry_type: str = ENTRY_TYPE
) -> PublishedList:
    """What the status list credential fetched from `list_url` says to entries of `entry_type`.

    `list_url` is the one in the entry, not where a redirect led.  Raises `Malformed` with a path.
    """
    list_type, subject_type = _LISTS[entry_type]
    if list_type not in read_strings(document, "type", ""):
        raise Malformed(f"not a {list_type}", "/type")
    if document.get("id", list_url) != list_url:  # another list, served in the place of this one
        raise Malformed(f"the list calls itself {document['id']!r:.200}, not {list_url}", "/id")
    subject = read_object(document.get("credentialSubject"), "/credentialSubject")
    if subject_type not in read_strings(subject, "type", "/credentialSubject"):
        raise Malformed(f"not a {subject_type}", "/credentialSubject/type")
    is_2021 = entry_type == ENTRY_TYPE_2021
    since, until = ("issuanceDate", "expirationDate") if is_2021 else ("validFrom", "validUntil")
    return PublishedList(
        issuer_id=_issuer_id(document.get("issuer")),
        purposes=read_strings(subject, "statusPurpose", "/credentialSubject"),
        statuses=_statuses(subject, is_2021),
        valid_from=read_optional_string(document, since)
        or read_optional_string(document, "validFrom"),
        valid_until=read_optional_string(document, until)
        or read_optional_string(document, "validUntil"),
        ttl_ms=read_whole(subject, "ttl", "/credentialSubject", least=0),
    )


def _entry(value: Json, path: str) -> Entry:
    entry = read_object(value, path)
    types = read_strings(entry, "type", path)
    if REVOCATION_LIST in types:
        return read_revocation_entry(entry, path)
    known = next((name for name in types if name in _LISTS), None)
    if known is None:
        return UnsupportedStatus(types[0], "this kind of status is not known", path)
    purpose = read_string(entry, "statusPurpose", path)
    size = (read_whole(entry, "statusSize", path, least=1) or 1) if known == ENTRY_TYPE else 1
    list_url = read_url(entry, "statusListCredential", path)
    index = _index(entry, path)
    if "id" in entry and read_string(entry, "id", path) == list_url:
        raise Malformed("the id of the entry is the URL of its list", f"{path}/id")
    if size > MAX_STATUS_SIZE:
        reason = f"statuses of {size} bits are not read; at most {MAX_STATUS_SIZE}"
        return UnsupportedStatus(known, reason, path)
    has_messages = size > 1 or purpose == "message"
    messages = _messages(entry, size, path) if has_messages else ()
    return StatusEntry(purpose, index, list_url, path, size, messages, known)


def _messages(entry: dict[str, Json], size: int, path: str) -> tuple[str, ...]:
    """The text of each status value (section 2.1: required above one bit, one for each value)."""
    path = f"{path}/statusMessage"
    given = entry.get("statusMessage")
    if not isinstance(given, list) or len(given) != 2**size:
        raise Malformed(f"need {2**size} messages, one for each status of {size} bits", path)
    texts: dict[int, str] = {}
    for position, value in enumerate(given):
        where = f"{path}/{position}"
        found = read_object(value, where)
        status = read_string(found, "status", where)
        if not _MESSAGE_STATUS.fullmatch(status):
            raise Malformed(f"{status!r:.60} is not a status such as '0x1'", f"{where}/status")
        texts[int(status, 16)] = read_string(found, "message", where)
    if texts.keys() != set(range(2**size)):
        raise Malformed("the messages do not name each status once", path)
    return tuple(texts[status] for status in range(2**size))


def _index(entry: dict[str, Json], path: str) -> int:
    text = read_string(entry, "statusListIndex", path)
    if not _INDEX.fullmatch(text):
        raise Malformed(f"{text!r:.60} is not a list index", f"{path}/statusListIndex")
    return int(text)


def _statuses(subject: dict[str, Json], is_2021: bool) -> StatusList:
    encoded = read_string(subject, "encodedList", "/credentialSubject")
    try:
        return StatusList.decode_2021(encoded) if is_2021 else StatusList.decode(encoded)
    except Malformed as err:
        raise Malformed(str(err), "/credentialSubject/encodedList") from err


def _issuer_id(value: Json) -> str:
    if isinstance(value, dict):
        return read_string(value, "id", "/issuer")
    if not isinstance(value, str) or not value:
        raise Malformed("need the issuer's id, or an object with it", "/issuer")
    return value
