"""`cairn status`: withdraw, suspend or reinstate credentials, and keep the lists current."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cairn.cli.files import read_file
from cairn.cli.issuer import Issuer, OwnList, locked, own_lists, publish_list
from cairn.cli.own_credential import read_own_credential
from cairn.core.errors import Conflict, Malformed, Unverifiable
from cairn.core.rdf.document import Vocabulary
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import StatusEntry, read_entries
from cairn.core.vc.credential import Credential

_MAX_BYTES = 4 * 2**20


def set_status(
    issuer: Issuer,
    files: Sequence[Path],
    *,
    purpose: str,
    is_set: bool,
    now: datetime,
    vocabulary: Vocabulary,
) -> int:
    """Set or clear the bits of the credentials in `files`; how many changed.

    All of them or none.  Raises `Conflict` for taking back a revocation, which is final, and
    `Malformed` or `Unverifiable` for a file that is no credential of this issuer.
    """
    if purpose == "revocation" and not is_set:
        raise Conflict("a revocation is final; award a new credential instead")
    with locked(issuer.folder):
        lists = {own.url: own for own in own_lists(issuer, purpose)}
        wanted: dict[str, set[int]] = defaultdict(set)
        for path in files:
            entry = _entry(_own_credential(path, issuer, vocabulary), purpose, path)
            if entry.list_url not in lists:
                raise Malformed(f"{path}: its list {entry.list_url} is not in {issuer.folder}")
            wanted[entry.list_url].add(entry.index)
        return sum(
            _change(issuer, lists[url], indices, is_set, now, vocabulary)
            for url, indices in wanted.items()
        )


def renew_lists(issuer: Issuer, *, now: datetime, vocabulary: Vocabulary) -> int:
    """Sign every list anew, unchanged, before its validity ends; how many there are."""
    with locked(issuer.folder):
        lists = list(own_lists(issuer))
        for own in lists:
            publish_list(issuer, own, own.statuses, vocabulary, now)
    return len(lists)


def _change(
    issuer: Issuer,
    own: OwnList,
    indices: Iterable[int],
    is_set: bool,
    now: datetime,
    vocabulary: Vocabulary,
) -> int:
    changing = [index for index in indices if own.statuses[index] is not is_set]
    statuses = own.statuses.marked(changing) if is_set else _cleared(own.statuses, changing)
    publish_list(issuer, own, statuses, vocabulary, now)
    return len(changing)


def _cleared(statuses: StatusList, indices: Iterable[int]) -> StatusList:
    bits = bytearray(statuses.bits)
    for index in indices:
        bits[index >> 3] &= ~(0x80 >> (index & 7))
    return StatusList(bytes(bits))


def _own_credential(path: Path, issuer: Issuer, vocabulary: Vocabulary) -> Credential:
    data = read_file(path, max_bytes=_MAX_BYTES)
    try:
        return read_own_credential(data, issuer, vocabulary)
    except Malformed as err:
        raise Malformed(f"{path}: {err}") from err
    except Unverifiable as err:
        raise Unverifiable(f"{path} is {err}") from err


def _entry(credential: Credential, purpose: str, path: Path) -> StatusEntry:
    for entry in read_entries(credential.status, "/credentialStatus"):
        if isinstance(entry, StatusEntry) and entry.purpose == purpose:
            return entry
    raise Malformed(f"{path} was issued without a {purpose} entry, so it can't be changed so")
