"""Steps 7 to 9: its time, its status lists, its replacement.

Called only once the issuer's signature holds: addresses of a status list or of a replacement are
the issuer's then, not a stranger's.

Sources: VC Data Model 2.0, section 4.9; Bitstring Status List 1.0, sections 3.1 to 3.2; 1EdTech
Credential Refresh Service.
"""

import hashlib
from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.errors import CairnError, Malformed, NotAllowed, Unobtainable
from cairn.core.status.credential import (
    PublishedList,
    StatusEntry,
    UnsupportedStatus,
    read_entries,
    read_list,
)
from cairn.core.vc.credential import Credential, read_credential
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result
from cairn.core.verify.rollback import RolledBack, take_newest

_REFRESH = "1EdTechCredentialRefresh"


class _ListProblem(CairnError):
    """Why a status list says nothing; `check` is what the report says of it."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.reason)
        self.check = check


def check_validity(credential: Credential, now: datetime) -> Check:
    """Step 7: the validity period, ends included."""
    since = timestamps.write(credential.valid_from) if credential.valid_from else ""
    until = timestamps.write(credential.valid_until) if credential.valid_until else ""
    facts = {"since": since, "until": until}
    if credential.valid_until and now > credential.valid_until:
        return Check(CheckId.VALIDITY, Result.FAIL, Reason.VALIDITY_EXPIRED, facts)
    if credential.valid_from and now < credential.valid_from:
        return Check(CheckId.VALIDITY, Result.FAIL, Reason.VALIDITY_NOT_YET, facts)
    reason = Reason.VALIDITY_CURRENT if until else Reason.VALIDITY_OPEN_ENDED
    return Check(CheckId.VALIDITY, Result.PASS, reason, facts)


def check_status(credential: Credential, sources: Sources, now: datetime) -> tuple[Check, ...]:
    """Step 8: one check for all entries that are good, else one for each that is not."""
    if credential.status is None:
        return (_status(Result.PASS, Reason.STATUS_NONE),)
    found = [
        _check_entry(entry, credential, sources, now)
        for entry in read_entries(credential.status, "/credentialStatus")
    ]
    notable = tuple(check for check in found if check.result is not Result.PASS)
    if any(check.result is not Result.WARNING for check in notable):
        return notable
    good = [check for check in found if check.result is Result.PASS]
    purposes = ", ".join(check.facts["purposes"] for check in good)
    as_of = {"as_of": good[0].facts["as_of"]} if good else {}
    passed = _status(Result.PASS, Reason.STATUS_GOOD, purposes=purposes, **as_of)
    return (*notable, passed) if good else notable


def check_replacement(credential: Credential, sources: Sources, now: datetime) -> tuple[Check, ...]:
    """Step 9: of a withdrawn credential, whether its issuer put another in its place."""
    checks = []
    for url in credential.refresh_urls:
        try:
            newer = read_credential(strict_json.read(sources.documents.get(url, now=now)))
            authored = check_authorship(newer.document, newer.issuer_id, sources, now)
        except (Unobtainable, NotAllowed, Malformed) as err:
            checks.append(_replacement_not_checked(url, str(err)))
            continue
        if newer.issuer_id != credential.issuer_id or not is_authored(authored):
            checks.append(_replacement_not_checked(url, "it is not signed by the same issuer"))
        elif newer.id not in ("", credential.id):
            facts = {"replacement": newer.id}
            checks.append(Check(CheckId.REPLACEMENT, Result.FAIL, Reason.REPLACED, facts))
    return tuple(checks)


def _check_entry(
    entry: StatusEntry | UnsupportedStatus, credential: Credential, sources: Sources, now: datetime
) -> Check:
    if isinstance(entry, UnsupportedStatus):
        return _status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type=entry.type)
    try:
        return _look_up(entry, _obtain_list(entry, credential, sources, now))
    except _ListProblem as problem:
        return problem.check


def _look_up(entry: StatusEntry, published: PublishedList) -> Check:
    """What the list says of the credential."""
    if entry.purpose not in published.purposes:
        problem = f"it is a list for {', '.join(published.purposes)}, not for {entry.purpose}"
        return _invalid(entry, problem)
    try:
        is_set = published.statuses[entry.index]
    except Malformed as err:
        return _invalid(entry, str(err))
    as_of = published.valid_from or ""
    if not is_set:
        return _status(Result.PASS, Reason.STATUS_GOOD, purposes=entry.purpose, as_of=as_of)
    match entry.purpose:
        case "revocation":
            return _status(Result.FAIL, Reason.STATUS_REVOKED, as_of=as_of)
        case "suspension":
            return _status(Result.FAIL, Reason.STATUS_SUSPENDED, as_of=as_of)
        case "refresh":  # says that a newer one exists, and doesn't invalidate this one
            return _status(Result.WARNING, Reason.STATUS_NEWER_AVAILABLE, as_of=as_of)
        case _:
            kind = f"status purpose {entry.purpose!r}"
            return _status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type=kind)


def _obtain_list(
    entry: StatusEntry, credential: Credential, sources: Sources, now: datetime
) -> PublishedList:
    """The list, signed by the credential's issuer, current and not older than one seen before.

    Raises `_ListProblem`.
    """
    url = entry.list_url
    try:
        data = sources.documents.get(url, now=now)
    except (Unobtainable, NotAllowed) as err:
        facts = {"url": url, "problem": str(err)}
        raise _ListProblem(
            _status(Result.NOT_CHECKED, Reason.STATUS_UNOBTAINABLE, **facts)
        ) from err
    try:
        published = _read_checked(entry, data, sources, now)
        _check_current(published, url, now)
    except Malformed as err:
        raise _ListProblem(_invalid(entry, str(err))) from err
    if published.issuer_id != credential.issuer_id:
        raise _ListProblem(_invalid(entry, "it is signed by another issuer"))
    try:
        take_newest(url, published.valid_from, sources.memory)
    except RolledBack as err:
        facts = {"url": url, "seen": err.seen, "got": err.got}
        raise _ListProblem(_status(Result.NOT_CHECKED, Reason.STATUS_ROLLED_BACK, **facts)) from err
    return published


def _read_checked(
    entry: StatusEntry, data: bytes, sources: Sources, now: datetime
) -> PublishedList:
    """The list in `data` once its own proof holds; a list already checked is not checked again."""
    key = (entry.list_url, hashlib.sha256(data).digest())
    known = sources.checked_lists.get(key)
    if known is not None:
        return known
    document = strict_json.read(data)
    credential = read_credential(document)
    authored = check_authorship(credential.document, credential.issuer_id, sources, now)
    if not is_authored(authored):
        raise _ListProblem(_invalid(entry, "its own signature does not hold"))
    published = read_list(dict(credential.document), list_url=entry.list_url)
    sources.checked_lists[key] = published
    return published


def _check_current(published: PublishedList, url: str, now: datetime) -> None:
    if published.valid_from and timestamps.parse(published.valid_from) > now:
        raise Malformed("it begins in the future")
    if published.valid_until and now > timestamps.parse(published.valid_until):
        facts = {"url": url, "until": published.valid_until}
        raise _ListProblem(_status(Result.NOT_CHECKED, Reason.STATUS_LIST_EXPIRED, **facts))


def _invalid(entry: StatusEntry, problem: str) -> Check:
    facts = {"url": entry.list_url, "problem": problem}
    return _status(Result.NOT_CHECKED, Reason.STATUS_LIST_INVALID, **facts)


def _status(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.STATUS, result, reason, facts)


def _replacement_not_checked(url: str, problem: str) -> Check:
    facts = {"url": url, "problem": problem}
    return Check(CheckId.REPLACEMENT, Result.NOT_CHECKED, Reason.REPLACEMENT_NOT_CHECKED, facts)
