"""Check what somebody brings.  Nothing of it is kept, and no account is needed.

Bounds: `MAX_ANSWERS` credentials and `MAX_SECONDS` for one request, after which no more of an
archive is looked at and no more addresses are asked; what is left is said to be left.
"""

import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from cairn.core.errors import Unobtainable
from cairn.core.rdf.cache import MissBudget
from cairn.core.verify.files import Examined, examine
from cairn.core.verify.ports import Claimed, Documents, Forgetful, Locating, Sources
from cairn.verification.sources import own_sources

MAX_BYTES = 10 * 2**20
MAX_ANSWERS = 500
MAX_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers on what was given; not complete if a bound was reached before its end."""

    answers: list[Examined] = field(default_factory=list)
    is_complete: bool = True


def check(
    data: bytes,
    *,
    now: datetime,
    claimed: Claimed | None = None,
    sources: Sources | None = None,
) -> list[Examined]:
    """One answer or more on what `data` carries: credential, picture, document, archive, text."""
    return check_within(data, now=now, claimed=claimed, sources=sources).answers


def check_within(
    data: bytes,
    *,
    now: datetime,
    claimed: Claimed | None = None,
    sources: Sources | None = None,
    misses: MissBudget | None = None,
    seconds: float = MAX_SECONDS,
) -> Checked:
    """As `check`, saying whether all of `data` was looked at.

    Raises `TooManyShapes` if the client has used up `misses`: ask it to come back later.
    """
    asked = own_sources(misses) if sources is None else sources
    until = time.monotonic() + seconds
    asked = replace(asked, documents=_Patient(asked.documents, until))
    answers: list[Examined] = []
    for answer in examine(data, asked, now=now, claimed=claimed):
        if len(answers) == MAX_ANSWERS or time.monotonic() > until:
            return Checked(answers, is_complete=False)
        answers.append(answer)
    return Checked(answers)


def fetch_link(link: str, *, now: datetime) -> bytes:
    """What stands at a link that somebody pasted: from here if it is ours, else fetched.

    Raises `Unobtainable` and `NotAllowed`; both say why in words.
    """
    return own_sources().documents.get(link, now=now)


@dataclass(frozen=True, slots=True)
class _Patient:
    """Documents that are asked until a moment, and no longer."""

    documents: Documents
    until: float  # of time.monotonic

    def get(self, url: str, *, now: datetime) -> bytes:
        return self.get_located(url, now=now)[0]

    def get_located(self, url: str, *, now: datetime) -> tuple[bytes, str]:
        if time.monotonic() > self.until:
            raise Unobtainable(f"{url!r:.200} was not asked: this check had taken too long already")
        if isinstance(self.documents, Locating):
            return self.documents.get_located(url, now=now)
        return self.documents.get(url, now=now), url

    def forget(self, url: str) -> None:
        if isinstance(self.documents, Forgetful):
            self.documents.forget(url)
