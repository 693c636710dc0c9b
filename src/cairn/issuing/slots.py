"""What differs among the documents of one batch: the leaves of a row, by their places.

Two rows with the same places have documents of one kind: the one with the leaves of the other in
their places is the other, to the byte.  So one of them is laid out by `documents`, and the rest is
signed from leaves alone (`signing.bulk`).  Where a row is not plainly in order it has no leaves
here, and is laid out: that refuses it, or finds that it may stay.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from cairn.catalogue.models import AchievementVersion
from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges import award as awards
from cairn.core.openbadges.results import check_result
from cairn.core.openbadges.rules import EMAIL, IRI, LINE, PROSE
from cairn.core.openbadges.terms import to_json
from cairn.core.rdf.outline import Leaf
from cairn.issuing.addresses import credential_url, newest_url, status_list_url
from cairn.issuing.documents import Described, Entry, read_further, read_results
from cairn.issuing.models import Award
from cairn.people.models import Learner

Leaves = Mapping[str, Leaf]  # by JSON Pointer
Key = UUID | str  # as a database gives it; SQLite's 32 hexadecimal digits become no object in vain
_SUBJECT = "/credentialSubject"
_AT_THE_ROOT = ("awardedDate", "evidence")  # terms of an award that are none of the subject
_MOMENT = "2000-01-01T00:00:00Z"  # stands for the dates of a row where only its terms are read
_NOBODY = awards.Award(_MOMENT, identifier=awards.recipient(name="-"))


class Row(NamedTuple):  # made for every credential, and a frozen dataclass takes its time
    """A planned credential, as the database has it: JSON as text, ids as `Key`."""

    award_key: Key
    credential_key: Key
    salt: str
    email: str
    name: str
    student_number: str
    narrative: str
    evidence_url: str
    evidence_name: str
    results: str
    terms: str
    valid_from: datetime
    valid_until: datetime | None
    awarded_at: datetime

    @property
    def award_id(self) -> UUID:
        """The id of the award."""
        return uuid_of(self.award_key)

    @property
    def credential_id(self) -> UUID:
        """The id of the credential."""
        return uuid_of(self.credential_key)

    def award(self, version: AchievementVersion, language: str) -> Award:
        """The row as `documents` wants it; not to be saved."""
        return Award(
            version=version,
            language=language,
            learner=Learner(email=self.email),
            recipient_name=self.name,
            student_number=self.student_number,
            narrative=self.narrative,
            evidence_url=self.evidence_url,
            evidence_name=self.evidence_name,
            results=json.loads(self.results),
            terms=json.loads(self.terms),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            awarded_at=self.awarded_at,
        )


@dataclass(frozen=True, slots=True)
class Slots:
    """Of one version and language.  Remembers results and terms, so make it for a chunk."""

    described: Described
    names_learner: bool
    _results: dict[str, Leaves | None] = field(default_factory=dict)
    _terms: dict[str, Leaves | None] = field(default_factory=dict)
    _moments: dict[datetime | None, str] = field(default_factory=lambda: {None: ""})
    _lists: dict[UUID, str] = field(default_factory=dict)

    def of(self, row: Row, entries: tuple[Entry, ...]) -> Leaves | None:
        """The leaves of `row` in an order that its places have; None if it must be laid out."""
        credential_id = _text_of(row.credential_key)
        found: dict[str, Leaf] = {
            "/id": credential_url(credential_id),
            "/refreshService/id": newest_url(credential_id),
        }
        since, until = self._moment(row.valid_from), self._moment(row.valid_until)
        found["/validFrom"] = since
        if until:
            found["/validUntil"] = until
        found["/awardedDate"] = self._moment(row.awarded_at)
        results, terms = self._read_results(row.results), self._read_terms(row.terms)
        if results is None or terms is None or (until and until <= since):
            return None
        if not (self._identify(row, found) and _tell(row, found)):
            return None
        self._enter(entries, found)
        found.update(results)
        found.update(terms)
        return found

    def _moment(self, moment: datetime | None) -> str:
        written = self._moments.get(moment)
        if written is None and moment is not None:
            written = self._moments[moment] = timestamps.write(moment)
        return written or ""

    def _identify(self, row: Row, found: dict[str, Leaf]) -> bool:
        """Put in who it is about; whether that is in order."""
        place = f"{_SUBJECT}/identifier/"
        number, email = 0, row.email.strip().lower()
        if len(row.salt) < awards.MIN_SALT or not (row.salt.isascii() and row.salt.isalnum()):
            return False
        if EMAIL.flaw(email):
            return False
        if self.names_learner and row.name:
            if LINE.flaw(row.name):
                return False
            found[f"{place}0/identityHash"] = row.name
            number = 1
        for value in (email, row.student_number):
            if value:
                found[f"{place}{number}/identityHash"] = awards.identity_hash(value, row.salt)
                found[f"{place}{number}/salt"] = row.salt
                number += 1
        return True

    def _enter(self, entries: tuple[Entry, ...], found: dict[str, Leaf]) -> None:
        """Put in the status entries."""
        is_one = len(entries) == 1
        for number, (list_id, index, purpose) in enumerate(entries):
            place = "/credentialStatus" if is_one else f"/credentialStatus/{number}"
            url = self._lists.get(list_id) or self._lists.setdefault(
                list_id, status_list_url(list_id)
            )
            found[f"{place}/id"] = f"{url}#{index}"
            found[f"{place}/statusPurpose"] = purpose
            found[f"{place}/statusListIndex"] = str(index)
            found[f"{place}/statusListCredential"] = url

    def _read_results(self, text: str) -> Leaves | None:
        if text not in self._results:
            self._results[text] = self._leaves_of_results(text)
        return self._results[text]

    def _leaves_of_results(self, text: str) -> Leaves | None:
        try:
            results = read_results(json.loads(text))
            for result in results:
                check_result(self.described.achievement.result_description, result)
            said = to_json(replace(_NOBODY, result=results))
        except Malformed:
            return None
        return dict(_leaves(said.get("result", []), f"{_SUBJECT}/result"))

    def _read_terms(self, text: str) -> Leaves | None:
        if text not in self._terms:
            self._terms[text] = _leaves_of_terms(text)
        return self._terms[text]


def uuid_of(key: Key) -> UUID:
    """The id that `key` is."""
    return key if isinstance(key, UUID) else UUID(key)


def _text_of(key: Key) -> str:
    if isinstance(key, UUID):
        return str(key)
    return f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}"


def _leaves_of_terms(text: str) -> Leaves | None:
    terms = json.loads(text)
    if not terms:
        return {}
    try:
        said = to_json(replace(_NOBODY, **read_further(terms)))
    except Malformed:
        return None
    found: dict[str, Leaf] = {}
    for name in said.keys() - {"validFrom", "type", "identifier"}:
        above = "" if name in _AT_THE_ROOT else _SUBJECT
        found |= _leaves(said[name], f"{above}/{name}")
    return dict(sorted(found.items()))


def _tell(row: Row, found: dict[str, Leaf]) -> bool:
    """Put in narrative and evidence; whether they are in order."""
    if row.narrative:
        if PROSE.flaw(row.narrative):
            return False
        found[f"{_SUBJECT}/narrative"] = row.narrative
    if row.evidence_url:
        if IRI.flaw(row.evidence_url) or (row.evidence_name and LINE.flaw(row.evidence_name)):
            return False
        if '"evidence"' in row.terms:  # then that is all evidence there is
            return False
        found["/evidence/0/id"] = row.evidence_url
        if row.evidence_name:
            found["/evidence/0/name"] = row.evidence_name
    return True


def _leaves(value: Json, path: str) -> Iterator[tuple[str, Leaf]]:
    """Texts and numbers with their places; types are no leaves, they belong to the kind."""
    if isinstance(value, dict):
        for name, entry in value.items():
            if name != "type":
                yield from _leaves(entry, f"{path}/{name}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _leaves(entry, f"{path}/{index}")
    else:
        yield path, cast(Leaf, value)
