"""Open Badges 2.0: hosted badges, which their issuer's website confirms, and signed ones.

What counts is never what was handed in, but what stands where the issuer says its badges stand:

1. the assertion is fetched from its own id, without leaving that origin, and must say all that was
   handed in; of a signed one the signature takes this place;
2. its badge class and its issuer are fetched from their ids, never taken from inside another
   document, where anyone could write anything about them;
3. a hosted assertion must stand in the scope its issuer names; a signing key must be listed by the
   issuer and owned by it;
4. withdrawn is what is gone (410) or says `revoked`, or stands in the issuer's revocation list.

Source: 1EdTech "Open Badges Specification v2.0".  Addresses are followed before anything is proved:
there is no other way to the issuer's word; the guarded fetcher bounds what that costs.
"""

from dataclasses import dataclass
from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Gone, Malformed, NotAllowed, Unobtainable
from cairn.core.openbadges.v2.badge import (
    Assertion,
    BadgeClass,
    Link,
    Profile,
    first_difference,
    inline_context,
    is_badge2,
    is_revoked,
    read_assertion,
    read_badge_class,
    read_profile,
    read_revoked,
)
from cairn.core.openbadges.v2.scope import is_in_scope, origin
from cairn.core.openbadges.v2.signed import SignedBadge, is_token, read_token
from cairn.core.verify.badge2_facts import as_credential, facts_of, identity_of, plain_name
from cairn.core.verify.badge2_keys import check_signature
from cairn.core.verify.displayed_names import check_names
from cairn.core.verify.outcome import outcome_of
from cairn.core.verify.people import check_identities, check_register
from cairn.core.verify.ports import Claimed, Locating, Sources
from cairn.core.verify.report import Check, CheckId, Facts, Outcome, Reason, Report, Result
from cairn.core.verify.standing import check_validity


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known so far; nothing of it is taken from what was handed in, but the id."""

    id: str
    checks: tuple[Check, ...]
    assertion: Assertion | None = None
    badge: BadgeClass | None = None
    profile: Profile | None = None

    def and_(self, *checks: Check) -> "_Known":
        return _Known(self.id, (*self.checks, *checks), self.assertion, self.badge, self.profile)


def is_open_badge_2(data: bytes) -> bool:
    """Whether `data` is an assertion of Open Badges 2.0, as JSON or as a token."""
    try:
        return is_badge2(read_token(data).payload if is_token(data) else strict_json.read(data))
    except Malformed:
        return False


def verify_badge2(
    data: bytes, sources: Sources, *, now: datetime, claimed: Claimed | None = None
) -> Report:
    """Verify the assertion in `data`.  Raises `Malformed` if it is none that can be read."""
    token = read_token(data) if is_token(data) else None
    document = token.payload if token else strict_json.read(data)
    if not is_badge2(document):
        return Report(Outcome.NO_CREDENTIAL, (), Facts(), timestamps.write(now))
    given = read_assertion(document)
    known = _Known(given.id, (_check_context(given),))
    if known.checks[0].result is Result.FAIL:
        return _report(known, sources, now, claimed)
    if given.verification == "signed":
        known = _signed(given, token, known, sources, now)
    elif token:
        raise Malformed("a token that says it is a hosted badge", "/verification/type")
    else:
        known = _hosted(given, known, sources, now)
    return _report(known, sources, now, claimed)


def _hosted(given: Assertion, known: _Known, sources: Sources, now: datetime) -> _Known:
    try:
        published = _fetch(given.id, sources, now)
    except Gone:
        return known.and_(_revoked(now))
    except (Unobtainable, NotAllowed, Malformed) as err:
        return known.and_(_unconfirmed(given.id, err), _issuer_open())
    named = published.get("id", given.id) if isinstance(published, dict) else ""
    if is_revoked(published) and named == given.id:  # often nothing but this is left of it
        return known.and_(_revoked(now))
    try:
        assertion = read_assertion(published)
    except Malformed as err:
        return known.and_(_unconfirmed(given.id, err), _issuer_open())
    place = "/id" if assertion.id != given.id else first_difference(dict(given.document), published)
    if place is not None:
        return known.and_(_differs(given.id, place), _issuer_open())
    known = _Known(given.id, known.checks, assertion)
    known, problem = _with_issuer(known, (given.badge, assertion.badge), sources, now)
    profile = known.profile
    if problem or profile is None:
        return known
    known = known.and_(
        Check(CheckId.PROOF, Result.PASS, Reason.HOSTED_CONFIRMED, {"url": given.id})
    )
    if not is_in_scope(given.id, profile):
        facts = {"issuer": profile.name, "url": given.id}
        return known.and_(Check(CheckId.ISSUER, Result.FAIL, Reason.ISSUER_ELSEWHERE, facts))
    facts = {"issuer": profile.name}
    return known.and_(
        Check(CheckId.ISSUER, Result.PASS, Reason.ISSUER_PUBLISHES, facts), _good(now)
    )


def _signed(
    given: Assertion, token: SignedBadge | None, known: _Known, sources: Sources, now: datetime
) -> _Known:
    if token is None:
        return known.and_(Check(CheckId.PROOF, Result.FAIL, Reason.PROOF_MISSING))
    known = _Known(given.id, known.checks, given)
    known, problem = _with_issuer(known, (given.badge,), sources, now)
    profile = known.profile
    if problem or profile is None:
        return known

    def fetch(url: str) -> Json:
        return _fetch(url, sources, now)

    checks = check_signature(token, given.creator, profile, fetch)
    known = known.and_(*checks)
    if any(check.result is not Result.PASS for check in checks):
        return known
    return known.and_(_check_revocation_list(given, profile, sources, now))


def _with_issuer(
    known: _Known, links: tuple[Link, ...], sources: Sources, now: datetime
) -> tuple[_Known, bool]:
    """`known` with badge class and issuer, each from its own address; whether that failed.

    A signed badge may carry its badge class, which the signature covers; a hosted one may repeat
    it, and must then repeat it as it is published.
    """
    assertion = known.assertion
    if assertion is None:
        return known, True
    url = assertion.badge.id
    try:
        if assertion.verification == "signed" and assertion.badge.embedded is not None:
            document: Json = dict(assertion.badge.embedded)
        else:
            document = _fetch(url, sources, now)
        badge = read_badge_class(document)
        if badge.id != url:
            raise Malformed(f"it calls itself {badge.id!r:.200}", "/id")
        for link in links:
            if link.embedded is not None:
                place = first_difference(dict(link.embedded), document, "/badge")
                if place is not None:
                    return known.and_(_differs(url, place), _issuer_open()), True
        url = badge.issuer_id
        profile = read_profile(_fetch(url, sources, now))
        if profile.id != url:
            raise Malformed(f"it calls itself {profile.id!r:.200}", "/id")
    except (Unobtainable, NotAllowed, Malformed) as err:
        facts = {"url": url, "problem": str(err)}
        failed = Check(CheckId.ISSUER, Result.NOT_CHECKED, Reason.ISSUER_UNOBTAINABLE, facts)
        return known.and_(failed), True
    return _Known(known.id, known.checks, assertion, badge, profile), False


def _fetch(url: str, sources: Sources, now: datetime) -> Json:
    """The document at `url`, from that origin: a redirect elsewhere would speak in its name.

    Raises `Unobtainable`, `NotAllowed`, `Malformed`.
    """
    documents = sources.documents
    if origin(url) is None:
        raise Unobtainable(f"{url} is not a web address that can be asked")
    if not isinstance(documents, Locating):
        return strict_json.read(documents.get(url, now=now))
    data, ended = documents.get_located(url, now=now)
    if origin(ended) != origin(url):
        raise Unobtainable(f"{url} leads to {ended}, which is another host")
    return strict_json.read(data)


def _check_revocation_list(
    given: Assertion, profile: Profile, sources: Sources, now: datetime
) -> Check:
    url = profile.revocation_list
    if not url:
        return Check(CheckId.STATUS, Result.PASS, Reason.STATUS_NONE)
    try:
        revoked = read_revoked(_fetch(url, sources, now), profile.id)
    except (Unobtainable, NotAllowed, Malformed) as err:
        facts = {"url": url, "problem": str(err)}
        is_read = isinstance(err, Malformed)
        reason = Reason.STATUS_LIST_INVALID if is_read else Reason.STATUS_UNOBTAINABLE
        return Check(CheckId.STATUS, Result.NOT_CHECKED, reason, facts)
    return _revoked(now) if given.id in revoked else _good(now)


def _check_context(given: Assertion) -> Check:
    path = inline_context(given.document)
    if path:
        return Check(CheckId.CONTEXT, Result.FAIL, Reason.CONTEXT_INLINE, {"path": path})
    return Check(CheckId.CONTEXT, Result.PASS, Reason.CONTEXT_PLAIN)


def _report(known: _Known, sources: Sources, now: datetime, claimed: Claimed | None) -> Report:
    """The checks so far, and those on time and people where the issuer's word is known."""
    facts = Facts(credential_id=known.id)
    checks = known.checks
    if known.assertion and known.badge and known.profile:
        credential = as_credential(known.assertion, known.profile)
        identity = identity_of(known.assertion.recipient)
        recipient = plain_name(identity)
        facts = facts_of(credential, known.badge, recipient)
        checks = (
            *checks,
            check_validity(credential, facts, now),
            check_register(credential, sources.registers),
            *check_names(facts),
            check_identities((identity,), recipient, claimed),
        )
    return Report(outcome_of(checks), checks, facts, timestamps.write(now))


def _good(now: datetime) -> Check:
    facts = {"purposes": "revocation", "as_of": timestamps.write(now)}
    return Check(CheckId.STATUS, Result.PASS, Reason.STATUS_GOOD, facts)


def _revoked(now: datetime) -> Check:
    facts = {"as_of": timestamps.write(now)}
    return Check(CheckId.STATUS, Result.FAIL, Reason.STATUS_REVOKED, facts)


def _unconfirmed(url: str, problem: Exception) -> Check:
    facts = {"url": url, "problem": str(problem)}
    return Check(CheckId.PROOF, Result.NOT_CHECKED, Reason.HOSTED_UNOBTAINABLE, facts)


def _differs(url: str, place: str) -> Check:
    facts = {"url": url, "path": place}
    return Check(CheckId.PROOF, Result.FAIL, Reason.HOSTED_DIFFERS, facts)


def _issuer_open() -> Check:
    return Check(CheckId.ISSUER, Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED)
