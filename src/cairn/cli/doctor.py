"""`cairn doctor`: what is wrong with an installation or an issuer's folder, and how to mend it."""

import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cairn.cli import terminal
from cairn.cli.files import read_file
from cairn.cli.issuer import load_issuer, own_lists
from cairn.cli.terminal import safe
from cairn.config.environment import read_settings
from cairn.core.codec import strict_json, timestamps
from cairn.core.did.document import read_document
from cairn.core.errors import CairnError, Malformed
from cairn.core.keys import KeyType, PrivateKey
from cairn.core.rdf.contexts import shipped
from cairn.core.status.credential import read_list
from cairn.core.wording.render import languages, result_word

Look = tuple[str, Callable[[], str]]
_SOON_DAYS = 30
_KNOWN_GOOD_YEAR = 2026  # the year of this release: an earlier clock is wrong


def run(issuer_folder: Path | None) -> int:
    """Print each look with what was found; 1 if anything is wrong."""
    console, wrong = terminal.console(), 0
    for title, look in _looks(issuer_folder):
        try:
            console.print(f"[green]✓ ok[/green] · {title}: {safe(look())}", soft_wrap=True)
        except (CairnError, OSError) as err:
            wrong += 1
            console.print(f"[red]✗ wrong[/red] · {title}: {safe(str(err), 500)}", soft_wrap=True)
    console.print("All is well." if not wrong else f"{wrong} to mend.")
    return 1 if wrong else 0


def _looks(issuer_folder: Path | None) -> Iterator[Look]:
    yield "Python", _python
    yield "Clock", _clock
    yield "Settings", _settings
    yield "Contexts", lambda: f"{len(shipped().documents)} with their pinned digests"
    yield "Signatures", _signatures
    yield "Languages", _languages
    if issuer_folder is not None:
        folder = issuer_folder
        yield "Issuer", lambda: load_issuer(folder, read_settings().passphrase).did
        yield "Private key", lambda: _key_file(folder)
        yield "DID document", lambda: _did_document(folder)
        yield "Status lists", lambda: _status_lists(folder)


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _clock() -> str:
    now = datetime.now(UTC)
    if now.year < _KNOWN_GOOD_YEAR:
        raise Malformed(f"{timestamps.write(now)} is in the past; set the clock of this machine")
    return timestamps.write(now)


def _settings() -> str:
    settings = read_settings()
    extra = ", ".join(sorted(settings.fetch_allow)) or "none"
    return f"extra origins: {extra}; newest versions seen are kept in {settings.state_dir}"


def _signatures() -> str:
    for kind, size in ((KeyType.ED25519, 32), (KeyType.P256, 32), (KeyType.P384, 48)):
        key = PrivateKey.from_seed(kind, b"\x01" * size)
        if not key.public.verify(b"cairn", key.sign(b"cairn")):
            raise Malformed(f"{kind} doesn't verify its own signature; install Cairn again")
    return "Ed25519, P-256 and P-384 sign and verify"


def _languages() -> str:
    for language in languages():
        result_word("pass", language)
    return ", ".join(languages())


def _key_file(folder: Path) -> str:
    path = folder / "key.pem"
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise Malformed(f"{path} can be read by others ({mode:o}); run chmod 600 on it")
    locked = b"ENCRYPTED" in read_file(path, max_bytes=2**16)
    return "readable by its owner only, " + ("locked" if locked else "not locked by a passphrase")


def _did_document(folder: Path) -> str:
    issuer = load_issuer(folder, read_settings().passphrase)
    if issuer.did.startswith("did:key:"):
        return "none needed for did:key"
    data = read_file(folder / "did.json", max_bytes=2**20)
    document = read_document(strict_json.read(data), issuer.did)
    if document.method(issuer.method_id).key != issuer.key.public:
        raise Malformed(f"{folder}/did.json publishes another key; restore it from a backup")
    if issuer.method_id not in document.assertion_method:
        raise Malformed(f"{folder}/did.json doesn't let the key sign; add it to assertionMethod")
    return "publishes the key"


def _status_lists(folder: Path) -> str:
    issuer = load_issuer(folder, read_settings().passphrase)
    found = []
    for own in own_lists(issuer):
        document = strict_json.read(read_file(own.path, max_bytes=2**22))
        until = (
            read_list(document, list_url=own.url).valid_until if isinstance(document, dict) else ""
        )
        if until and (timestamps.parse(until) - datetime.now(UTC)).days < _SOON_DAYS:
            raise Malformed(f"{own.path} ends on {until[:10]}; run cairn status renew")
        found.append(f"{own.taken.count()} of {len(own.taken)} entries in use ({own.purpose})")
    return "; ".join(found) or "none yet"
