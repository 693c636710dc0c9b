"""What a verification on the command line may ask: given folders first, then the network."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cairn.cli.files import read_file
from cairn.config.environment import read_settings
from cairn.core.codec import strict_json
from cairn.core.did.web import document_url
from cairn.core.errors import CairnError, Malformed
from cairn.core.verify.ports import Documents, Forgetful, Locating, Register, Sources
from cairn.net.cache import CachedDocuments
from cairn.net.fetch import Fetcher, allow_origins_from
from cairn.net.memory import ForgivingMemory

_MAX_DOCUMENT_BYTES = 4 * 2**20
_MAX_FILES = 10_000


class FolderDocuments:
    """Documents from a folder first (as `cairn issue` lays them out), then from `beyond`.

    A file is found by the address it says it has: the `id` of a status list, or the address that
    a did:web identifier stands for.  Signed lists stay signed; a did.json is taken on trust in
    whoever filled the folder.
    """

    def __init__(self, folder: Path, beyond: Documents) -> None:
        self._beyond = beyond
        self._files = _index(folder)

    def get(self, url: str, *, now: datetime) -> bytes:
        if url in self._files:
            return read_file(self._files[url], max_bytes=_MAX_DOCUMENT_BYTES)
        return self._beyond.get(url, now=now)

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        """As `get`, with the address at which redirects ended: a file is where it says it is."""
        if url not in self._files and isinstance(self._beyond, Locating):
            return self._beyond.get_located(url, now=now)
        return self.get(url, now=now), url

    def forget(self, url: str) -> None:
        """Ask for `url` anew, where that is not a file."""
        if isinstance(self._beyond, Forgetful):
            self._beyond.forget(url)


def sources_for(
    allow_origins: Iterable[str], documents: Path | None, register: Path | None
) -> Sources:
    """The sources of one run of the command.  Raises `CairnError` for what cannot be read."""
    settings = read_settings()
    extra = allow_origins_from(",".join(allow_origins))
    network: Documents = CachedDocuments(Fetcher(allow_origins=settings.fetch_allow | extra))
    return Sources(
        documents=FolderDocuments(documents, network) if documents else network,
        memory=ForgivingMemory(settings.state_dir / "seen.json", _warn),
        registers=(read_register(register),) if register else (),
    )


def _warn(problem: str) -> None:
    sys.stderr.write(f"cairn: {problem}; set CAIRN_STATE_DIR to a folder that can be written\n")


def read_register(path: Path) -> Register:
    """A register file: `{"name": …, "operator": …, "issuers": {issuer id: name}}`."""
    value = strict_json.read(read_file(path, max_bytes=_MAX_DOCUMENT_BYTES))
    if not isinstance(value, dict):
        raise Malformed(f"{path}: expected an object with name, operator and issuers")
    name, operator, issuers = value.get("name"), value.get("operator"), value.get("issuers")
    if not isinstance(name, str) or not isinstance(operator, str) or not isinstance(issuers, dict):
        raise Malformed(f"{path}: expected texts for name and operator, an object for issuers")
    known = {issuer: title for issuer, title in issuers.items() if isinstance(title, str)}
    if len(known) < len(issuers):
        raise Malformed(f"{path}: every issuer needs its name, as text")
    return Register(name, operator, known)


def _index(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise Malformed(f"{folder} is not a folder")
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.json"))[:_MAX_FILES]:
        try:
            value = strict_json.read(read_file(path, max_bytes=_MAX_DOCUMENT_BYTES))
            identity = value.get("id") if isinstance(value, dict) else None
            if isinstance(identity, str):
                is_did = identity.startswith("did:web:")
                found[document_url(identity) if is_did else identity] = path
        except CairnError:  # other files may lie beside the ones that were asked for
            continue
    return found
