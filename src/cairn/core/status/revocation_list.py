"""The status method of 1EdTech: a plain list of credential ids that the issuer withdrew.

Source: 1EdTech "Revocation List Status Method" (type `1EdTechRevocationList`).  The list is not
signed: it is whatever the host answers.  What ties it to the issuer is that the issuer signed the
address; that the host is the issuer's own is for the verifier to say (`cairn.core.verify`).

Shapes only; fetching, https and hosts belong to the caller.
"""

from dataclasses import dataclass

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.status.fields import kind_of, read_object, read_string, read_strings, read_url

LIST_TYPE = "1EdTechRevocationList"
MAX_REVOKED = 50_000  # entries: more than fit into the documents that are fetched


@dataclass(frozen=True, slots=True)
class RevocationEntry:
    """A list of ids to look the credential's own id up in."""

    list_url: str
    path: str


@dataclass(frozen=True, slots=True)
class RevocationList:
    """What is published at the address of a `RevocationEntry`."""

    issuer_id: str | None  # None if the list does not say
    reasons: dict[str, str]  # id of a withdrawn credential -> reason, "" if none is given


def read_revocation_entry(entry: dict[str, Json], path: str) -> RevocationEntry:
    """The entry in a `credentialStatus`.  Raises `Malformed` with the path."""
    return RevocationEntry(read_url(entry, "id", path), path)


def read_revocation_list(document: Json, *, list_url: str) -> RevocationList:
    """The list fetched from `list_url`.

    An entry counts as withdrawn unless it says `"revoked": false`.  Raises `Malformed`, with path,
    for anything that could hide an entry: a list of another address or type, an entry without id.
    """
    found = read_object(document, "")
    if LIST_TYPE not in read_strings(found, "type", ""):
        raise Malformed(f"not a {LIST_TYPE}", "/type")
    if found.get("id", list_url) != list_url:
        raise Malformed(f"the list calls itself {found['id']!r:.200}, not {list_url}", "/id")
    entries = found.get("revokedCredential", [])
    if not isinstance(entries, list) or len(entries) > MAX_REVOKED:
        raise Malformed(
            f"need an array of at most {MAX_REVOKED}, not {kind_of(entries)}", "/revokedCredential"
        )
    reasons: dict[str, str] = {}
    for position, value in enumerate(entries):
        path = f"/revokedCredential/{position}"
        entry = read_object(value, path)
        is_revoked = entry.get("revoked", True)
        if not isinstance(is_revoked, bool):
            raise Malformed(f"need true or false, not {kind_of(is_revoked)}", f"{path}/revoked")
        reason = entry.get("revocationReason", "")
        if is_revoked:
            reasons[read_string(entry, "id", path)] = reason if isinstance(reason, str) else ""
    return RevocationList(_issuer_id(found), reasons)


def _issuer_id(document: dict[str, Json]) -> str | None:
    issuer = document.get("issuer")
    if issuer is None:
        return None
    if isinstance(issuer, dict):
        return read_string(issuer, "id", "/issuer")
    return read_string(document, "issuer", "")
