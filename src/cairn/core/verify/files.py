"""From a file of any kind to reports: what it carries is verified, a link in it is followed.

A picture or document without a credential is *no credential in this file*, whatever its QR code or
link leads to: a screenshot proves nothing.  What the link leads to is an answer of its own.

Bounds are those of `cairn.core.containers`; `MAX_FOLLOWED` links a file, through the caller's
guarded fetcher, and no link found behind a link.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cairn.core.codec import timestamps
from cairn.core.containers.found import Findings, find
from cairn.core.containers.recognise import Kind, kind_of
from cairn.core.containers.zip import Problem, members
from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.core.verify.pipeline import verify
from cairn.core.verify.ports import Claimed, Sources
from cairn.core.verify.report import Facts, Outcome, Report

MAX_FOLLOWED = 3


@dataclass(frozen=True, slots=True)
class Examined:
    """The answer on one part of what was given; `report` is None if it could not be read.

    `where` is "" for the whole, else the member of an archive, the place in a file, the link.
    """

    where: str
    report: Report | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    sources: Sources
    now: datetime
    claimed: Claimed | None


def examine(
    data: bytes, sources: Sources, *, now: datetime, claimed: Claimed | None = None
) -> Iterator[Examined]:
    """One answer or more for `data`: credential, picture, document, text or archive of these."""
    question = _Question(sources, now, claimed)
    if kind_of(data) is not Kind.ZIP:
        yield from _examine_file(data, question)
        return
    is_empty = True
    try:
        for member in members(data):
            is_empty = False
            if isinstance(member.content, Problem):
                yield Examined(member.name, None, member.content.message)
                continue
            for answer in _examine_file(member.content, question):
                yield replace(answer, where=_joined(member.name, answer.where))
    except Malformed as err:
        is_empty = False
        yield Examined("", None, str(err))
    if is_empty:
        yield Examined("", _no_credential(now))


def _examine_file(data: bytes, question: _Question) -> Iterator[Examined]:
    try:
        findings = find(data)
    except Malformed as err:
        yield Examined("", None, str(err))
        return
    if findings.credentials:
        yield from _verify_found(findings, question)
        return
    yield Examined("", _no_credential(question.now), "; ".join(findings.problems))
    for link in findings.links[:MAX_FOLLOWED]:
        yield from _follow(link, question)


def _verify_found(findings: Findings, question: _Question) -> Iterator[Examined]:
    is_whole = findings.kind in (Kind.JSON, Kind.TEXT) and len(findings.credentials) == 1
    for found in findings.credentials:
        where = "" if is_whole else found.where
        try:
            report = verify(
                found.payload, question.sources, now=question.now, claimed=question.claimed
            )
        except Malformed as err:
            yield Examined(where, None, str(err))
        else:
            yield Examined(where, report)


def _follow(link: str, question: _Question) -> Iterator[Examined]:
    """What stands behind a link, itself and nothing beyond."""
    try:
        findings = find(question.sources.documents.get(link, now=question.now))
    except (Unobtainable, NotAllowed, Malformed) as err:
        yield Examined(link, None, str(err))
        return
    if not findings.credentials:
        yield Examined(link, _no_credential(question.now))
    for answer in _verify_found(findings, question):
        yield replace(answer, where=_joined(link, answer.where))


def _no_credential(now: datetime) -> Report:
    return Report(Outcome.NO_CREDENTIAL, (), Facts(), timestamps.write(now))


def _joined(outer: str, inner: str) -> str:
    return f"{outer} › {inner}" if inner else outer
