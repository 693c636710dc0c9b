"""Status entries in credentials, and the status list credentials they point to.

Source: W3C "Bitstring Status List v1.0", sections 2.1 (entry), 2.2 (list credential).

Shapes only.  Contexts, proofs, the issuer's right to the list, dates and the fetching of lists
belong to the caller.  Times stay the strings that were signed.
"""

import re
from dataclasses import dataclass
from typing import Literal

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.status.bitstring import StatusList

CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENTRY_TYPE = "BitstringStatusListEntry"
DEFAULT_TTL_MS = 300_000  # section 2.2: what a list without `ttl` means
MAX_ENTRIES = 16  # entries in one credential: each may cost the verifier a fetch
MAX_URL_CHARACTERS = 2048

Purpose = Literal["revocation", "suspension", "refresh"]

_INDEX = re.compile(r"[0-9]{1,20}")  # beyond any list; int() of a longer one costs time
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f]+")


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One bit to look up: entry `index` of the list at `list_url`, if it is about `purpose`."""

    purpose: str  # "revocation", "suspension", "refresh" or another's own
    index: int
    list_url: str
    path: str


@dataclass(frozen=True, slots=True)
class UnsupportedStatus:
    """A status we do not read: the verdict must say "not checked", never "fine"."""

    type: str
    reason: str
    path: str


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


def read_entries(value: Json, path: str) -> tuple[StatusEntry | UnsupportedStatus, ...]:
    """Every status in the `credentialStatus` at `path`, in order; it may be an object or an array.

    Raises `Malformed` with the path of the first thing that does not follow the specification.
    """
    if not isinstance(value, list):
        return (_entry(value, path),)
    if not 1 <= len(value) <= MAX_ENTRIES:
        raise Malformed(f"{len(value)} statuses; need 1 to {MAX_ENTRIES}", path)
    return tuple(_entry(item, f"{path}/{position}") for position, item in enumerate(value))


def read_list(document: dict[str, Json], *, list_url: str) -> PublishedList:
    """What the status list credential fetched from `list_url` says.

    `list_url` is the one in the entry, not where a redirect led.  Raises `Malformed` with a path.
    """
    if "BitstringStatusListCredential" not in _strings(document, "type", ""):
        raise Malformed("not a BitstringStatusListCredential", "/type")
    if document.get("id", list_url) != list_url:  # another list, served in the place of this one
        raise Malformed(f"the list calls itself {document['id']!r:.200}, not {list_url}", "/id")
    subject = _object(document.get("credentialSubject"), "/credentialSubject")
    if "BitstringStatusList" not in _strings(subject, "type", "/credentialSubject"):
        raise Malformed("not a BitstringStatusList", "/credentialSubject/type")
    return PublishedList(
        issuer_id=_issuer_id(document.get("issuer")),
        purposes=_strings(subject, "statusPurpose", "/credentialSubject"),
        statuses=_statuses(subject),
        valid_from=_optional_string(document, "validFrom"),
        valid_until=_optional_string(document, "validUntil"),
        ttl_ms=_whole(subject, "ttl", "/credentialSubject", least=0),
    )


def _entry(value: Json, path: str) -> StatusEntry | UnsupportedStatus:
    entry = _object(value, path)
    types = _strings(entry, "type", path)
    if ENTRY_TYPE not in types:
        return UnsupportedStatus(types[0], "this kind of status is not known", path)
    purpose = _string(entry, "statusPurpose", path)
    size = _whole(entry, "statusSize", path, least=1)
    list_url = _url(entry, "statusListCredential", path)
    index = _index(entry, path)
    if "id" in entry and _string(entry, "id", path) == list_url:
        raise Malformed("the id of the entry is the URL of its list", f"{path}/id")
    if purpose == "message":
        return UnsupportedStatus(ENTRY_TYPE, "status messages are not read yet", path)
    if size is not None and size > 1:
        reason = f"statuses of {size} bits are not read yet"
        return UnsupportedStatus(ENTRY_TYPE, reason, path)
    return StatusEntry(purpose, index, list_url, path)


def _index(entry: dict[str, Json], path: str) -> int:
    text = _string(entry, "statusListIndex", path)
    if not _INDEX.fullmatch(text):
        raise Malformed(f"{text!r:.60} is not a list index", f"{path}/statusListIndex")
    return int(text)


def _statuses(subject: dict[str, Json]) -> StatusList:
    encoded = _string(subject, "encodedList", "/credentialSubject")
    try:
        return StatusList.decode(encoded)
    except Malformed as err:
        raise Malformed(str(err), "/credentialSubject/encodedList") from err


def _issuer_id(value: Json) -> str:
    if isinstance(value, dict):
        return _string(value, "id", "/issuer")
    if not isinstance(value, str) or not value:
        raise Malformed("need the issuer's id, or an object with it", "/issuer")
    return value


def _object(value: Json, path: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise Malformed(f"need an object, not {_kind(value)}", path)
    return value


def _string(owner: dict[str, Json], name: str, path: str) -> str:
    value = owner.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"need a string, not {_kind(value)}", f"{path}/{name}")
    return value


def _optional_string(owner: dict[str, Json], name: str) -> str | None:
    return _string(owner, name, "") if name in owner else None


def _strings(owner: dict[str, Json], name: str, path: str) -> tuple[str, ...]:
    """A string or a non-empty array of them, as a tuple."""
    value = owner.get(name)
    items = value if isinstance(value, list) else [value]
    strings = tuple(item for item in items if isinstance(item, str) and item)
    if not strings or len(strings) != len(items):
        raise Malformed(f"need a string or strings, not {_kind(value)}", f"{path}/{name}")
    return strings


def _url(owner: dict[str, Json], name: str, path: str) -> str:
    value = _string(owner, name, path)
    if len(value) > MAX_URL_CHARACTERS or not _URL.fullmatch(value):
        raise Malformed(f"{value!r:.120} is not a URL", f"{path}/{name}")
    return value


def _whole(owner: dict[str, Json], name: str, path: str, *, least: int) -> int | None:
    if name not in owner:
        return None
    value = owner[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        problem = f"need a whole number of {least} or more, not {_kind(value)}"
        raise Malformed(problem, f"{path}/{name}")
    return value


def _kind(value: Json) -> str:
    """What a wrong value is, without repeating what may be long or private."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "this number"
    if isinstance(value, str):
        return "this string" if value else "an empty string"
    return "an array of other things" if isinstance(value, list) else "an object"
