"""An issuer kept in a folder: profile, private key, did:web document and status lists.

    issuer.json        the profile, the key's id, the address under which all is published
    key.pem            the private key, PKCS#8, readable by its owner only
    did.json           publish at the address that the did:web identifier stands for
    lists/<uuid>.json  a signed status list, publish at <base url>/status/<uuid>
    lists/<uuid>.taken which entries of it were handed out; never publish it

Who holds the folder is the issuer.  `locked` keeps two commands from handing out one entry twice.
"""

import fcntl
import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cairn.cli.files import read_file, write_file
from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.did import key as did_key
from cairn.core.did.document import VerificationMethod, did_document, to_json
from cairn.core.did.web import did_for
from cairn.core.errors import Conflict, Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.openbadges.profile import Profile
from cairn.core.openbadges.terms import read_part
from cairn.core.openbadges.terms import to_json as part_to_json
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.rdf.document import Vocabulary
from cairn.core.status.allocation import allocate
from cairn.core.status.bitstring import StatusList
from cairn.core.status.credential import Purpose, read_list, status_list_credential
from cairn.core.wording.names import hidden

_MAX_BYTES = 4 * 2**20
_LIST_LIFE = timedelta(days=366)  # a list is signed anew whenever it changes, or by `renew`


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer that can sign; `method_id` names its key in its DID document."""

    folder: Path
    profile: Profile
    base_url: str
    method_id: str
    key: PrivateKey

    @property
    def did(self) -> str:
        return self.profile.id


@dataclass(frozen=True, slots=True)
class OwnList:
    """A status list of this issuer: what is published, and what was handed out."""

    path: Path
    url: str
    purpose: str
    statuses: StatusList
    taken: StatusList


def create_issuer(
    folder: Path,
    *,
    name: str,
    base_url: str,
    method: str,
    kind: KeyType,
    passphrase: bytes | None,
) -> Issuer:
    """A new issuer with a new key, written to `folder`.

    `method` is "web" (keys can change later) or "key" (needs no web server, keys can't).  Raises
    `Conflict` if `folder` already holds an issuer, `Malformed` for an unfit name or address.
    """
    if (folder / "issuer.json").exists():
        raise Conflict(f"{folder} already holds an issuer; name another folder")
    base_url = check_base_url(base_url)
    if not name.strip():
        raise Malformed("an issuer needs a name, as it shall stand on its credentials")
    if found := hidden(name):
        raise Malformed(f"the name holds what nobody can see: {', '.join(found[:5])}; type it anew")
    key = _new_key(kind)
    is_web = method == "web"
    did = (
        did_for(urlsplit(base_url).netloc, "i", str(uuid.uuid4()))
        if is_web
        else did_key.did_for(key.public)
    )
    published = VerificationMethod.of(did, key.public)
    profile = Profile(id=did, name=name, url=base_url)
    settings: dict[str, Json] = {
        "profile": part_to_json(profile),
        "base_url": base_url,
        "key": {"id": published.id, "file": "key.pem"},
    }
    write_file(folder / "key.pem", key.to_pem(passphrase), mode=0o600)
    if is_web:
        document = to_json(did_document(did, [published]))
        write_file(folder / "did.json", strict_json.write(document))
    write_file(folder / "issuer.json", strict_json.write(settings))
    return Issuer(folder, profile, base_url, published.id, key)


def load_issuer(folder: Path, passphrase: bytes | None) -> Issuer:
    """The issuer in `folder`.  Raises `CairnError` saying what is missing or damaged."""
    path = folder / "issuer.json"
    try:
        profile, base_url, method_id = _read_settings(read_file(path, max_bytes=_MAX_BYTES))
    except Malformed as err:
        raise Malformed(f"{path} is damaged ({err}); restore it from a backup") from err
    pem = read_file(folder / "key.pem", max_bytes=_MAX_BYTES)
    key = PrivateKey.from_pem(pem, passphrase)
    return Issuer(folder, profile, base_url, method_id, key)


def _read_settings(data: bytes) -> tuple[Profile, str, str]:
    settings = strict_json.read(data)
    key = settings.get("key") if isinstance(settings, dict) else None
    if not isinstance(settings, dict) or not isinstance(key, dict):
        raise Malformed("expected an object with the issuer's key", "/key")
    base_url, method_id = settings.get("base_url"), key.get("id")
    if not isinstance(base_url, str) or not isinstance(method_id, str):
        raise Malformed("expected texts for /base_url and /key/id")
    return read_part(Profile, settings.get("profile"), "/profile", []), base_url, method_id


def _new_key(kind: KeyType) -> PrivateKey:
    while True:
        try:
            return PrivateKey.from_seed(kind, secrets.token_bytes(32))
        except Malformed:  # a curve's order is a little below 2^256: draw again
            continue


def check_base_url(text: str) -> str:
    """`text` without a slash at its end.  Raises `Malformed` unless it is a plain https address.

    It goes into every signed document and can't change after the first one.
    """
    if not is_absolute_iri(text) or "@" in text:
        raise Malformed(f"{text!r} is not an address like https://badges.example.edu")
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise Malformed(f"{text!r} is not an address like https://badges.example.edu")
    return text.rstrip("/")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Work on an issuer's lists alone.  Raises `Conflict` if another command does."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise Conflict(f"another command is working on {folder}; try again later") from err
        yield


def sign(
    issuer: Issuer, document: dict[str, Json], vocabulary: Vocabulary, now: datetime, suite: str
) -> dict[str, Json]:
    """`document` with a proof by the issuer's key."""
    return add_proof(
        document,
        issuer.key,
        vocabulary,
        cryptosuite=suite,
        verification_method=issuer.method_id,
        created=timestamps.write(now),
    )


def take_entries(
    issuer: Issuer, purpose: Purpose, count: int, vocabulary: Vocabulary, now: datetime
) -> tuple[str, tuple[int, ...]]:
    """The address of a list and `count` random entries of it, noted as handed out.

    The first list with room, or a new one.  Call it inside `locked`.
    """
    for own in own_lists(issuer, purpose):
        try:
            indices = allocate(own.taken, count, secrets.randbelow)
        except Conflict:
            continue
        _write_taken(own.path, own.taken.marked(indices))
        return own.url, indices
    own = _new_list(issuer, purpose, count, vocabulary, now)
    indices = allocate(own.taken, count, secrets.randbelow)
    _write_taken(own.path, own.taken.marked(indices))
    return own.url, indices


def own_lists(issuer: Issuer, purpose: str | None = None) -> Iterator[OwnList]:
    """The issuer's lists, of one purpose or all.  Raises `Malformed` for a damaged one."""
    for path in sorted((issuer.folder / "lists").glob("*.json")):
        try:
            own = _read_own_list(path, f"{issuer.base_url}/status/{path.stem}")
        except Malformed as err:
            raise Malformed(f"{path} is damaged ({err}); restore it from a backup") from err
        if purpose in (None, own.purpose):
            yield own


def _read_own_list(path: Path, url: str) -> OwnList:
    document = strict_json.read(read_file(path, max_bytes=_MAX_BYTES))
    if not isinstance(document, dict):
        raise Malformed("expected a JSON object")
    published = read_list(document, list_url=url)
    taken = read_file(path.with_suffix(".taken"), max_bytes=_MAX_BYTES).decode("latin-1")
    return OwnList(path, url, published.purposes[0], published.statuses, StatusList.decode(taken))


def publish_list(
    issuer: Issuer,
    own: OwnList,
    statuses: StatusList,
    vocabulary: Vocabulary,
    now: datetime,
) -> None:
    """Write the list anew, signed, with these bits."""
    document = status_list_credential(
        list_url=own.url,
        issuer_id=issuer.did,
        purpose=_purpose(own.purpose),
        statuses=statuses,
        valid_from=timestamps.write(now),
        valid_until=timestamps.write(now + _LIST_LIFE),
    )
    suite = "eddsa-rdfc-2022" if issuer.key.type is KeyType.ED25519 else "ecdsa-rdfc-2019"
    signed = sign(issuer, document, vocabulary, now, suite)
    write_file(own.path, strict_json.write(signed))


def _new_list(
    issuer: Issuer, purpose: Purpose, count: int, vocabulary: Vocabulary, now: datetime
) -> OwnList:
    name = str(uuid.uuid4())
    path = issuer.folder / "lists" / f"{name}.json"
    empty = StatusList.empty(max(2 * count, len(StatusList.empty())))
    own = OwnList(path, f"{issuer.base_url}/status/{name}", purpose, empty, empty)
    _write_taken(path, empty)
    publish_list(issuer, own, empty, vocabulary, now)
    return own


def _write_taken(path: Path, taken: StatusList) -> None:
    write_file(path.with_suffix(".taken"), taken.encode().encode(), mode=0o600)


def _purpose(text: str) -> Purpose:
    if text == "revocation":
        return "revocation"
    if text == "suspension":
        return "suspension"
    raise Malformed(f"{text!r} is not a purpose that this command sets")


def purposes_of(suspendable: bool) -> Iterable[Purpose]:
    """The purposes a credential gets entries for."""
    return ("revocation", "suspension") if suspendable else ("revocation",)
