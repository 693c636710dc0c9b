"""The newest version seen of each list and key document, so that an older one is known for it.

An old status list is validly signed for ever: whoever controls its host can put back the one from
before a revocation.  Remember a version only after its proof held, or a stranger could write here.
"""

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import RLock

from cairn.core.errors import Malformed, Unobtainable

MAX_ENTRIES = 10_000
MAX_FILE_BYTES = 32 * 2**20
_VERSION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Memory:
    """Newest versions by URL, for the life of this object; the longest unremembered goes first."""

    def __init__(self, *, max_entries: int = MAX_ENTRIES) -> None:
        self._max_entries = max_entries
        self._versions: dict[str, str] = {}  # oldest first
        self._lock = RLock()  # between taking a version out and putting it back none may look

    def seen(self, url: str) -> str | None:
        """The newest version remembered for `url`, None if there is none."""
        with self._lock:
            return self._versions.get(url)

    def remember(self, url: str, version: str) -> None:
        """Keep `version`, a time as `YYYY-MM-DDTHH:MM:SSZ`, unless a newer one is known.

        Raises `Malformed` on another form: only times of this one form compare as text.
        """
        if not _VERSION.fullmatch(version):
            raise Malformed(f"{version!r:.60} is not a time of the form 2026-01-31T00:00:00Z")
        with self._lock:
            known = self._versions.pop(url, "")  # put back at once, as the latest
            self._versions[url] = max(version, known)
            while len(self._versions) > self._max_entries:
                del self._versions[next(iter(self._versions))]


class FileMemory(Memory):
    """A `Memory` that outlives the process in one JSON file, `{url: version}`, oldest first.

    Each change reads the file again and writes it whole, beside the old one and then in its place:
    a crash leaves the old file, and processes sharing it lose at most an entry written at the same
    instant.  Raises `Malformed` if the file is damaged, `Unobtainable` if it can't be read or
    written.
    """

    def __init__(self, path: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        super().__init__(max_entries=max_entries)
        self._path = path
        self._merge(_load(path))

    def remember(self, url: str, version: str) -> None:
        with self._lock:
            before = self.seen(url)
            super().remember(url, version)
            newest = self._versions[url]
            if newest == before:  # the usual case, and no reason to write
                return
            self._merge(_load(self._path))  # another process may have written since
            super().remember(url, newest)
            _save(self._path, self._versions)

    def _merge(self, others: Mapping[str, str]) -> None:
        for url, version in others.items():
            super().remember(url, version)


class ForgivingMemory:
    """A memory that goes on without its file: rollbacks are then noticed by this process only.

    `tell` is told once why the file could not be used.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._is_told = False
        self._kept = Memory()
        try:
            self._kept = FileMemory(path)
        except Unobtainable as err:
            self._excuse(err)

    def seen(self, url: str) -> str | None:
        """The newest version remembered for `url`, None if there is none."""
        return self._kept.seen(url)

    def remember(self, url: str, version: str) -> None:
        """Keep `version`, unless a newer one is known.  Raises `Malformed` on another form."""
        try:
            self._kept.remember(url, version)
        except Unobtainable as err:
            self._excuse(err)

    def _excuse(self, err: Unobtainable) -> None:
        if not self._is_told:
            self._is_told = True
            self._tell(str(err))


def _load(path: Path) -> dict[str, str]:
    """What the file says; nothing if there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as err:
        raise Unobtainable(
            f"the memory of versions, {path}, can't be read: {err.strerror}"
        ) from err
    damaged = Malformed(
        f"the memory of versions, {path}, is damaged; delete the file to begin anew "
        "(an older list or key document will then be accepted once)"
    )
    if len(content) > MAX_FILE_BYTES:
        raise damaged
    try:
        versions = json.loads(content)
    except (ValueError, RecursionError) as err:
        raise damaged from err
    if not isinstance(versions, dict) or not all(map(_is_version, versions.values())):
        raise damaged
    return versions


def _is_version(value: object) -> bool:
    return isinstance(value, str) and _VERSION.fullmatch(value) is not None


def _save(path: Path, versions: Mapping[str, str]) -> None:
    content = json.dumps(versions, indent=0).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            os.replace(beside, path)
        except OSError:
            os.unlink(beside)
            raise
    except OSError as err:
        raise Unobtainable(
            f"the memory of versions, {path}, can't be written: {err.strerror}"
        ) from err
