"""Step 11: credentials inside a credential, each judged by its own proof alone.

Endorsements (JSON and tokens), the children of a learner record and other embedded credentials are
verified as if they had come by themselves.  What the outer document says beside them says nothing
of them: no field of a child is read from the parent, whose signature covers its bytes and vouches
for none of its claims.  An inner credential never changes the outcome of the outer one.

Bounds: `MAX_EMBEDDED` credentials and `MAX_FETCHES` documents for a whole tree, `MAX_DEPTH` levels.

Sources: Open Badges 3.0, EndorsementCredential; Comprehensive Learner Record 2.0, ClrCredential.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import orjson

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, Unobtainable
from cairn.core.rdf.outline import pointer
from cairn.core.vc.credential import CREDENTIAL_TYPE, Credential, names_of, read_credential
from cairn.core.verify.ports import Documents, Forgetful, Sources
from cairn.core.verify.report import Check, CheckId, Embedded, Outcome, Reason, Report, Result

MAX_EMBEDDED = 64
MAX_DEPTH = 3
MAX_FETCHES = 128  # addresses of strangers, asked for the sake of one document
Kind = Literal["endorsement", "credential"]
_PLACES = frozenset({"endorsement", "endorsementJwt", "verifiableCredential"})
_TOKEN_PLACES: Mapping[str, Kind] = {
    "endorsementJwt": "endorsement",
    "verifiableCredential": "credential",
}
_ENVELOPED = "EnvelopedVerifiableCredential"
# of keys and types in JSON, what all of a kind have: endorsement and endorsementJwt;
# verifiableCredential, VerifiableCredential and EnvelopedVerifiableCredential
_ENDORSEMENT, _CREDENTIAL = b'"endorsement', b'erifiableCredential"'
_DATA_URLS = ("data:application/vc+jwt,", "data:application/vc+sd-jwt,")

Judge = Callable[[Credential, Sources, "Budget"], Report]
# A token, judged like any; raises `Malformed` if it is none.
JudgeToken = Callable[[str, Sources, "Budget"], Report]


@dataclass(slots=True)
class Budget:
    """What the credentials inside one document may still cost; shared by the whole tree."""

    embedded: int = MAX_EMBEDDED
    fetches: int = MAX_FETCHES
    depth: int = 0
    ancestors: tuple[str, ...] = ()

    def spend(self) -> bool:
        """Whether one more credential may be judged; then it is counted."""
        self.embedded -= 1
        return self.embedded >= 0


@dataclass(frozen=True, slots=True)
class Found:
    """A credential inside a document, not yet judged."""

    path: str
    kind: Kind
    content: Json  # an object, or the text of a token
    about: frozenset[str] = frozenset()  # ids of what it stands in


@dataclass(frozen=True, slots=True)
class _Level:
    """An object or array on the way down: `entries` still to be looked at, by key or index."""

    entries: Iterator[tuple[str | int, Json]]
    path: str
    key: str  # the one it stands under, through arrays
    about: frozenset[str]


@dataclass(slots=True)
class _Tally:
    checks: list[Check] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    counts: dict[Reason, int] = field(default_factory=dict)

    def count(self, reason: Reason) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1


def check_embedded(
    credential: Credential,
    sources: Sources,
    budget: Budget,
    judge: Judge,
    judge_token: JudgeToken | None = None,
) -> tuple[tuple[Check, ...], tuple[Embedded, ...]]:
    """The checks on everything embedded in `credential`, and a report on each that was judged.

    Called only once the outer signature holds: inner addresses are followed.
    """
    found = list(find_embedded(credential.document))
    if not found:
        return (), ()
    tally = _Tally()
    if budget.depth >= MAX_DEPTH:
        for entry in found:
            tally.count(_unchecked(entry.kind))
        return _summed(tally), ()
    ancestors = (*budget.ancestors, credential.id) if credential.id else budget.ancestors
    metered = sources
    if not isinstance(sources.documents, _Metered):
        metered = replace(sources, documents=_Metered(sources.documents, budget))
    for entry in found:
        inner, outer = budget.depth, budget.ancestors
        budget.depth, budget.ancestors = inner + 1, ancestors
        report = _judge(entry, metered, budget, judge, judge_token)
        budget.depth, budget.ancestors = inner, outer
        _tell(entry, report, credential, tally)
    return _summed(tally), tuple(tally.embedded)


def count_embedded(credential: Credential) -> tuple[Check, ...]:
    """The checks where nothing inside may be looked at: the outer signature does not hold."""
    tally = _Tally()
    for entry in find_embedded(credential.document):
        tally.count(_unchecked(entry.kind))
    return _summed(tally)


def _may_hold_any(document: Mapping[str, Json]) -> bool:
    """Whether something may be embedded in `document`, by its text: a quick no for most.

    A key or a type stands in JSON between quotation marks, and no letter of these is escaped.
    """
    text, own_type = orjson.dumps(document), orjson.dumps(document.get("type"))
    return _ENDORSEMENT in text or text.count(_CREDENTIAL) > own_type.count(_CREDENTIAL)


def _claims_it(value: Mapping[str, Json]) -> bool:
    types = value.get("type")
    if isinstance(types, list):
        return CREDENTIAL_TYPE in types or _ENVELOPED in types
    return types in (CREDENTIAL_TYPE, _ENVELOPED)


def find_embedded(document: Mapping[str, Json]) -> Iterator[Found]:
    """The outermost credentials inside `document`, in its order; nothing inside them."""
    if not _may_hold_any(document):
        return
    levels = [_Level(iter(document.items()), "", "", _ids(document))]
    while levels:
        level = levels[-1]
        step, value = next(level.entries, (None, None))
        if step is None:
            levels.pop()
            continue
        key = step if isinstance(step, str) else level.key
        if key not in _PLACES and not (value and isinstance(value, dict | list)):
            continue  # nothing inside
        path = pointer(level.path, str(step))
        if isinstance(value, list):
            levels.append(_Level(enumerate(value), path, key, level.about))
        elif (kind := _kind_of(value, key)) is not None:
            yield Found(path, kind, value, level.about if kind == "endorsement" else frozenset())
        elif isinstance(value, dict) and key != "proof":
            levels.append(_Level(iter(value.items()), path, key, _ids(value)))


def _kind_of(value: Json, key: str) -> Kind | None:
    """What `value` under `key` is, None if it is no credential; tokens are text."""
    if isinstance(value, str):
        return _TOKEN_PLACES.get(key)
    if not isinstance(value, dict):
        return None
    if key == "endorsement":
        return "endorsement"
    return "credential" if key == "verifiableCredential" or _claims_it(value) else None


def _judge(
    entry: Found, sources: Sources, budget: Budget, judge: Judge, judge_token: JudgeToken | None
) -> Report | None:
    """The report on one, None if it was not judged.  Raises nothing."""
    if not budget.spend():
        return None
    try:
        token = _token(entry.content)
        if token is not None:
            return judge_token(token, sources, budget) if judge_token else None
        credential = read_credential(entry.content)
        if credential.id and credential.id in budget.ancestors:
            return None  # it passes itself off as what it stands in
        return judge(credential, sources, budget)
    except Malformed:
        return None


def _tell(entry: Found, report: Report | None, outer: Credential, tally: _Tally) -> None:
    if report is None or report.outcome in (Outcome.NOT_CHECKED, Outcome.NO_CREDENTIAL):
        tally.count(_unchecked(entry.kind))
    elif entry.kind == "credential":
        is_good = report.outcome is Outcome.IN_FORCE
        tally.count(Reason.EMBEDDED_IN_FORCE if is_good else Reason.EMBEDDED_DOUBTFUL)
    else:
        tally.checks.append(_endorsement(entry, report, outer))
    if report is not None:
        tally.embedded.append(Embedded(entry.path, entry.kind, report))


def _endorsement(entry: Found, report: Report, outer: Credential) -> Check:
    """Whose word it is, if it is in force and about what it stands in."""
    issuer = report.facts.issuer_name or report.facts.issuer_id
    if report.outcome is not Outcome.IN_FORCE:
        facts = {"issuer": issuer, "path": entry.path}
        return _check(Result.WARNING, Reason.ENDORSEMENT_DOUBTFUL, facts)
    about = frozenset(report.facts.subject_ids)
    if not about or not about <= entry.about:
        facts = {"issuer": issuer, "path": entry.path}
        return _check(Result.WARNING, Reason.ENDORSEMENT_OF_OTHER, facts)
    if report.facts.issuer_id == outer.issuer_id:
        return _check(Result.WARNING, Reason.ENDORSEMENT_BY_ISSUER, {"issuer": issuer})
    facts = {"issuer": issuer, "about": ", ".join(sorted(about))}
    return _check(Result.PASS, Reason.ENDORSEMENT_HOLDS, facts)


def _token(content: Json) -> str | None:
    """The token that stands for a credential, None if it is JSON.  Raises `Malformed`."""
    if isinstance(content, str):
        return content
    if _ENVELOPED not in names_of(content) or not isinstance(content, dict):
        return None
    address = content.get("id")
    for prefix in _DATA_URLS:
        if isinstance(address, str) and address.startswith(prefix):
            return address.removeprefix(prefix)
    raise Malformed("expected a data: address of a token", "/id")


def _ids(value: Mapping[str, Json]) -> frozenset[str]:
    identity = value.get("id")
    return frozenset({identity} if isinstance(identity, str) else ())


def _unchecked(kind: Kind) -> Reason:
    if kind == "endorsement":
        return Reason.ENDORSEMENTS_NOT_CHECKED
    return Reason.EMBEDDED_NOT_CHECKED


_RESULTS = {
    Reason.ENDORSEMENTS_NOT_CHECKED: Result.NOT_CHECKED,
    Reason.EMBEDDED_NOT_CHECKED: Result.NOT_CHECKED,
    Reason.EMBEDDED_DOUBTFUL: Result.WARNING,
    Reason.EMBEDDED_IN_FORCE: Result.PASS,
}


def _summed(tally: _Tally) -> tuple[Check, ...]:
    summed = [
        _check(result, reason, {"count": str(tally.counts[reason])})
        for reason, result in _RESULTS.items()
        if reason in tally.counts
    ]
    return (*tally.checks, *summed)


def _check(result: Result, reason: Reason, facts: Mapping[str, str]) -> Check:
    is_endorsement = reason.value.startswith("endorsement")
    return Check(
        CheckId.ENDORSEMENTS if is_endorsement else CheckId.EMBEDDED, result, reason, facts
    )


@dataclass(frozen=True, slots=True)
class _Metered:
    """Documents for the credentials inside one document, until its budget is spent."""

    documents: Documents
    budget: Budget

    def get(self, url: str, *, now: datetime) -> bytes:
        self.budget.fetches -= 1
        if self.budget.fetches < 0:
            raise Unobtainable(f"{url} was not asked: this document names too many addresses")
        return self.documents.get(url, now=now)

    def forget(self, url: str) -> None:
        if isinstance(self.documents, Forgetful):
            self.documents.forget(url)
