"""Open Badges 2.0, signed: whose key it is, and whether it signed the badge.

The key must be listed by the issuer's own profile *and* name the issuer as its owner: either alone
could be written by anyone (Open Badges 2.0, sections Profile and CryptographicKey).
"""

from collections.abc import Callable

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.core.openbadges.v2.badge import Profile, SigningKey, read_key
from cairn.core.openbadges.v2.signed import ALGORITHM, SignedBadge, holds
from cairn.core.verify.report import Check, CheckId, Reason, Result

Fetch = Callable[[str], Json]


def check_signature(
    badge: SignedBadge, creator: str, profile: Profile, fetch: Fetch
) -> tuple[Check, ...]:
    """The checks proof and issuer.  `fetch` raises `Unobtainable`, `NotAllowed` or `Malformed`."""
    if badge.algorithm != ALGORITHM:
        facts = {"cryptosuite": badge.algorithm[:40]}
        is_unsigned = badge.algorithm.lower() in ("none", "")
        if is_unsigned:
            return (Check(CheckId.PROOF, Result.FAIL, Reason.PROOF_MISSING), _issuer_open())
        unsupported = Check(CheckId.PROOF, Result.NOT_CHECKED, Reason.PROOF_UNSUPPORTED, facts)
        return unsupported, _issuer_open()
    listed = {link.id: link for link in profile.keys if link.id}
    if not creator and len(listed) == 1:
        creator = next(iter(listed))
    facts = {"cryptosuite": ALGORITHM, "method": creator}
    try:
        key = _obtain(creator, profile, fetch)
        is_held = holds(badge, key.pem)
    except (Unobtainable, NotAllowed, Malformed) as err:
        problem = {"method": creator, "problem": str(err)}
        reason = Reason.PROOF_KEY_UNOBTAINABLE
        return Check(CheckId.PROOF, Result.NOT_CHECKED, reason, problem), _issuer_open()
    if not is_held:
        return Check(CheckId.PROOF, Result.FAIL, Reason.PROOF_MISMATCH, facts), _issuer_open()
    held = Check(CheckId.PROOF, Result.PASS, Reason.PROOF_HOLDS, facts)
    if creator not in listed or key.owner != profile.id:
        other = {"issuer": profile.id, "controller": key.owner}
        return held, Check(CheckId.ISSUER, Result.FAIL, Reason.ISSUER_OTHER_KEY, other)
    own = {"issuer": profile.id}
    return held, Check(CheckId.ISSUER, Result.PASS, Reason.ISSUER_CONTROLS_KEY, own)


def _obtain(creator: str, profile: Profile, fetch: Fetch) -> SigningKey:
    """The key at `creator`: out of the issuer's profile if it is written there, else fetched."""
    if not creator:
        raise Unobtainable("the badge names no key")
    for link in profile.keys:
        if link.id == creator and link.embedded is not None and "publicKeyPem" in link.embedded:
            return read_key(dict(link.embedded))
    key = read_key(fetch(creator))
    if key.id != creator:
        raise Malformed(f"the key at {creator} calls itself {key.id!r:.200}", "/id")
    return key


def _issuer_open() -> Check:
    return Check(CheckId.ISSUER, Result.NOT_CHECKED, Reason.ISSUER_NOT_CHECKED)
