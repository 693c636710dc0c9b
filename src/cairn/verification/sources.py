"""What a verification on this installation may ask: its own database first, then the network.

What is worth keeping between checks (shapes, fetched documents, checked lists, newest versions
seen) is held here once a process, and shared by its threads.
"""

import logging
import threading
from datetime import datetime
from functools import cache

from django.conf import settings

from cairn.core.rdf.cache import MissBudget
from cairn.core.rdf.document import Vocabulary
from cairn.core.status.credential import PublishedList
from cairn.core.verify.checked_lists import CheckedLists
from cairn.core.verify.ports import Sources
from cairn.net.cache import CachedDocuments
from cairn.net.fetch import Fetcher
from cairn.net.memory import ForgivingMemory
from cairn.verification.own_documents import OwnDocuments
from cairn.verification.own_registers import RegistersOfHere

_log = logging.getLogger(__name__)


class ListsOfHere(CheckedLists):
    """Checked lists, of which our own are asked anew as soon as another version is published.

    Others' may be kept for a quarter of an hour; nobody would forgive us our own withdrawal.
    """

    def __init__(self, documents: OwnDocuments) -> None:
        super().__init__()
        self._documents = documents
        self._versions: dict[str, int] = {}  # of our lists that are kept
        self._asked = threading.local()

    def fresh(self, url: str, entry_type: str, now: datetime) -> PublishedList | None:
        version = self._documents.list_version(url)
        # Noted before the list is read, so that a list published meanwhile counts as another one.
        self._asked.url, self._asked.version = url, version
        if version is not None and self._versions.get(url) != version:
            return None
        return super().fresh(url, entry_type, now)

    def keep(self, url: str, entry_type: str, published: PublishedList, now: datetime) -> None:
        if self._documents.is_own(url):
            if getattr(self._asked, "url", None) != url or self._asked.version is None:
                return
            self._versions[url] = self._asked.version
        super().keep(url, entry_type, published, now)


@cache
def _registers() -> RegistersOfHere:
    return RegistersOfHere()


@cache
def _shared() -> Sources:
    """What this process keeps for all its checks."""
    cairn = settings.CAIRN
    network = CachedDocuments(Fetcher(allow_origins=cairn.fetch_allow))
    documents = OwnDocuments(network, cairn.base_url)
    return Sources(
        documents=documents,
        memory=ForgivingMemory(cairn.data_dir / "seen.json", _log.warning),
        checked_lists=ListsOfHere(documents),
    )


def own_sources(misses: MissBudget | None = None) -> Sources:
    """The sources of one check here, with the registers as they are now.  At most one query.

    `misses` bounds how many new shapes of documents one client may have worked out.
    """
    shared = _shared()
    kept = shared.vocabulary
    return Sources(  # written out: `replace` takes several times as long
        documents=shared.documents,
        memory=shared.memory,
        registers=_registers().read(),
        vocabulary=Vocabulary(kept.contexts, kept.shapes, misses) if misses else kept,
        checked_lists=shared.checked_lists,
        read_documents=shared.read_documents,
    )
