"""What verification needs from outside, as protocols: documents, memory, registers.

The core reads no network and no clock; whoever calls it brings these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol, runtime_checkable

from cairn.core.did.document import DidDocument
from cairn.core.errors import Unobtainable
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.checked_lists import CheckedLists


class Documents(Protocol):
    """Where did:web documents, status lists and replacements come from."""

    def get(self, url: str, *, now: datetime) -> bytes:
        """The bytes published at `url`.

        Raises `Unobtainable` or `NotAllowed`; both end in *not checked*, never in *fail*.
        """
        ...


@runtime_checkable
class Forgetful(Protocol):
    """Documents that keep copies, and can be told to ask anew."""

    def forget(self, url: str) -> None:
        """Ask for `url` next time, whatever is kept."""
        ...


@runtime_checkable
class Locating(Protocol):
    """Documents that know where redirects led."""

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        """As `Documents.get`, with the address at which redirects ended."""
        ...


class Memory(Protocol):
    """The newest version seen of each published document: an older one is a rollback."""

    def seen(self, url: str) -> str | None:
        """The newest version seen at `url`, None if none was."""
        ...

    def remember(self, url: str, version: str) -> None:
        """Keep `version` if it is newer than what was seen."""
        ...


@dataclass(frozen=True, slots=True)
class Register:
    """A register of issuers: the names it gives them, by issuer id, and who runs it.

    `is_own`: kept by the installation that answers, so never an independent word.
    """

    name: str
    operator: str
    issuers: Mapping[str, str]
    is_own: bool = False


class NoDocuments:
    """For checks without a network: nothing can be obtained."""

    def get(self, url: str, *, now: datetime) -> bytes:
        raise Unobtainable(f"{url} was not asked: this check works without the network")


class NoMemory:
    """Remembers nothing, so notices no rollback."""

    def seen(self, url: str) -> str | None:
        return None

    def remember(self, url: str, version: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the checker believes of the person who sent the credential; "" where nothing."""

    name: str = ""
    email: str = ""


@dataclass(slots=True)
class ReadDocuments:
    """DID documents already read; the oldest go first.  Safe between threads.

    By identifier and digest of their bytes; what is resolved without bytes, by the id of a key.
    """

    max_entries: int = 256
    _kept: dict[tuple[str, bytes], DidDocument] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def get(self, key: tuple[str, bytes]) -> DidDocument | None:
        return self._kept.get(key)

    def keep(self, key: tuple[str, bytes], document: DidDocument) -> None:
        """Keep `document`, in place of the oldest if there are `max_entries`."""
        with self._lock:
            while len(self._kept) >= self.max_entries:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = document


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything a verification may ask; callers own it, pass it in and may share it."""

    documents: Documents = field(default_factory=NoDocuments)
    memory: Memory = field(default_factory=NoMemory)
    registers: tuple[Register, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    checked_lists: CheckedLists = field(default_factory=CheckedLists)
    read_documents: ReadDocuments = field(default_factory=ReadDocuments)
