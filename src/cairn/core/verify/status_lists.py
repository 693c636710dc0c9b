"""Step 8, the signed lists: obtain the list an entry names, and read what it says.

A list counts if the issuer of the credential signed it, it is about the entry's purpose, is current
and not older than one seen before.  Anything else says nothing: *not checked*, never *good*.

Source: Bitstring Status List 1.0, section 3.2; StatusList2021, section 5.
"""

from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.errors import CairnError, Malformed, NotAllowed, Unobtainable
from cairn.core.status.credential import PublishedList, StatusEntry, read_list
from cairn.core.vc.credential import Credential, read_credential
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.ports import Forgetful, Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result
from cairn.core.verify.rollback import RolledBack, take_newest


class ListProblem(CairnError):
    """Why a status list says nothing; `check` is what the report says of it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.reason)
        self.check = check


def check_entry(
    entry: StatusEntry, credential: Credential, sources: Sources, now: datetime
) -> Check:
    """What the list at `entry` says of the credential, or why it says nothing."""
    try:
        return _look_up(entry, _obtain_list(entry, credential, sources, now))
    except ListProblem as problem:
        return problem.check


def status(result: Result, reason: Reason, **facts: str) -> Check:
    """A check of step 8."""
    return Check(CheckId.STATUS, result, reason, facts)


def invalid(url: str, problem: str) -> Check:
    """The list at `url` was reached and cannot be trusted."""
    return status(Result.NOT_CHECKED, Reason.STATUS_LIST_INVALID, url=url, problem=problem)


def obtain(url: str, sources: Sources, now: datetime) -> bytes:
    """The bytes at `url`.  Raises `ListProblem`."""
    try:
        return sources.documents.get(url, now=now)
    except (Unobtainable, NotAllowed) as err:
        facts = {"url": url, "problem": str(err)}
        raise ListProblem(status(Result.NOT_CHECKED, Reason.STATUS_UNOBTAINABLE, **facts)) from err


def require_newest(url: str, version: str | None, sources: Sources) -> None:
    """Raises `ListProblem` if a newer version was seen at `url` before."""
    try:
        take_newest(url, version, sources.memory)
    except RolledBack as err:
        facts = {"url": url, "seen": err.seen, "got": err.got}
        raise ListProblem(status(Result.NOT_CHECKED, Reason.STATUS_ROLLED_BACK, **facts)) from err


def _look_up(entry: StatusEntry, published: PublishedList) -> Check:
    if entry.purpose not in published.purposes:
        problem = f"it is a list for {', '.join(published.purposes)}, not for {entry.purpose}"
        return invalid(entry.list_url, problem)
    try:
        value = published.statuses.value(entry.index, entry.size)
    except Malformed as err:
        return invalid(entry.list_url, str(err))
    as_of = published.valid_from or ""
    if entry.purpose == "message":  # the issuer's own words, whatever the value: no verdict
        message = entry.messages[value]
        return status(Result.WARNING, Reason.STATUS_MESSAGE, message=message, as_of=as_of)
    if not value:
        return status(Result.PASS, Reason.STATUS_GOOD, purposes=entry.purpose, as_of=as_of)
    match entry.purpose:
        case "revocation":
            return status(Result.FAIL, Reason.STATUS_REVOKED, as_of=as_of)
        case "suspension":
            return status(Result.FAIL, Reason.STATUS_SUSPENDED, as_of=as_of)
        case "refresh":  # says that a newer one exists, and doesn't invalidate this one
            return status(Result.WARNING, Reason.STATUS_NEWER_AVAILABLE, as_of=as_of)
        case _:
            kind = f"status purpose {entry.purpose!r}"
            return status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type=kind)


def _obtain_list(
    entry: StatusEntry, credential: Credential, sources: Sources, now: datetime
) -> PublishedList:
    """The list, signed by the credential's issuer, current and not older than one seen before.

    Raises `ListProblem`.
    """
    url = entry.list_url
    published = sources.checked_lists.fresh(url, entry.type, now)
    if published is None:
        # a cache of documents may keep it as long as its server says, which is longer than we may
        if sources.checked_lists.drop(url) and isinstance(sources.documents, Forgetful):
            sources.documents.forget(url)
        published = _read_checked(entry, obtain(url, sources, now), sources, now)
    if published.issuer_id != credential.issuer_id:
        raise ListProblem(invalid(url, "it is signed by another issuer"))
    require_newest(url, published.valid_from, sources)
    return published


def _read_checked(
    entry: StatusEntry, data: bytes, sources: Sources, now: datetime
) -> PublishedList:
    """The list in `data`, once its own proof holds and its time has come."""
    url = entry.list_url
    try:
        credential = read_credential(strict_json.read(data))
        authored = check_authorship(credential.document, credential.issuer_id, sources, now)
        if not is_authored(authored):
            raise ListProblem(invalid(url, "its own signature does not hold"))
        published = read_list(dict(credential.document), list_url=url, entry_type=entry.type)
        _check_current(published, url, now)
    except Malformed as err:
        raise ListProblem(invalid(url, str(err))) from err
    sources.checked_lists.keep(url, entry.type, published, now)
    return published


def _check_current(published: PublishedList, url: str, now: datetime) -> None:
    if published.valid_from and timestamps.parse(published.valid_from) > now:
        raise Malformed("it begins in the future")
    if published.valid_until and now > timestamps.parse(published.valid_until):
        facts = {"url": url, "until": published.valid_until}
        raise ListProblem(status(Result.NOT_CHECKED, Reason.STATUS_LIST_EXPIRED, **facts))
