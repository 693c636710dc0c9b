"""Steps 7 to 9: its time, its status lists, its replacement.

Called only once the issuer's signature holds: addresses of a status list or of a replacement are
the issuer's then, not a stranger's.

Sources: VC Data Model 2.0, section 4.9; Bitstring Status List 1.0, sections 3.1 to 3.2; 1EdTech
Credential Refresh Service.
"""

from datetime import datetime

from cairn.core.codec import strict_json
from cairn.core.errors import Gone, Malformed, NotAllowed, Unobtainable
from cairn.core.status.credential import Entry, StatusEntry, UnsupportedStatus, read_entries
from cairn.core.status.revocation_list import RevocationEntry
from cairn.core.vc.credential import Credential, read_credential
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Facts, Reason, Result
from cairn.core.verify.revocation_lists import check_revocation_entry
from cairn.core.verify.status_lists import check_entry, status


def check_validity(credential: Credential, told: Facts, now: datetime) -> Check:
    """Step 7: the validity period, ends included."""
    facts = {"since": told.valid_from, "until": told.valid_until}
    if credential.valid_until and now > credential.valid_until:
        return Check(CheckId.VALIDITY, Result.FAIL, Reason.VALIDITY_EXPIRED, facts)
    if credential.valid_from and now < credential.valid_from:
        return Check(CheckId.VALIDITY, Result.FAIL, Reason.VALIDITY_NOT_YET, facts)
    reason = Reason.VALIDITY_CURRENT if told.valid_until else Reason.VALIDITY_OPEN_ENDED
    return Check(CheckId.VALIDITY, Result.PASS, reason, facts)


def check_status(credential: Credential, sources: Sources, now: datetime) -> tuple[Check, ...]:
    """Step 8: one check for all entries that are good, else one for each that is not."""
    if credential.status is None:
        return (status(Result.PASS, Reason.STATUS_NONE),)
    found = [
        _check_entry(entry, credential, sources, now)
        for entry in read_entries(credential.status, "/credentialStatus")
    ]
    if len(found) == 1:
        return (found[0],)
    notable = tuple(check for check in found if check.result is not Result.PASS)
    if any(check.result is not Result.WARNING for check in notable):
        return notable
    good = [check for check in found if check.result is Result.PASS]
    purposes = ", ".join(check.facts["purposes"] for check in good)
    as_of = {"as_of": good[0].facts["as_of"]} if good else {}
    passed = status(Result.PASS, Reason.STATUS_GOOD, purposes=purposes, **as_of)
    return (*notable, passed) if good else notable


def check_replacement(credential: Credential, sources: Sources, now: datetime) -> tuple[Check, ...]:
    """Step 9: of a withdrawn credential, whether its issuer put another in its place.

    That it is gone (HTTP 410) says that there is none to give.
    """
    checks = []
    for url in credential.refresh_urls:
        try:
            newer = read_credential(strict_json.read(sources.documents.get(url, now=now)))
            authored = check_authorship(newer.document, newer.issuer_id, sources, now)
        except Gone:
            continue  # its issuer answers, and says that there is none
        except (Unobtainable, NotAllowed, Malformed) as err:
            checks.append(_replacement_not_checked(url, str(err)))
            continue
        if newer.issuer_id != credential.issuer_id or not is_authored(authored):
            checks.append(_replacement_not_checked(url, "it is not signed by the same issuer"))
        elif newer.id not in ("", credential.id):
            facts = {"replacement": newer.id}
            checks.append(Check(CheckId.REPLACEMENT, Result.FAIL, Reason.REPLACED, facts))
    return tuple(checks)


def _check_entry(entry: Entry, credential: Credential, sources: Sources, now: datetime) -> Check:
    match entry:
        case StatusEntry():
            return check_entry(entry, credential, sources, now)
        case RevocationEntry():
            return check_revocation_entry(entry, credential, sources, now)
        case UnsupportedStatus():
            return status(Result.NOT_CHECKED, Reason.STATUS_UNSUPPORTED, type=entry.type)


def _replacement_not_checked(url: str, problem: str) -> Check:
    facts = {"url": url, "problem": problem}
    return Check(CheckId.REPLACEMENT, Result.NOT_CHECKED, Reason.REPLACEMENT_NOT_CHECKED, facts)
