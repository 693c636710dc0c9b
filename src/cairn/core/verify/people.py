"""Steps 10 and 12: who stands behind the issuer, for whom it was issued.

Two lines that every report has: which register answered for the issuer, and that nobody has
proved that the sender is the person named.  A credential is no proof of who sends it.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator, Mapping

from cairn.core.codec.strict_json import Json
from cairn.core.vc.credential import Credential
from cairn.core.verify.ports import Claimed, Register
from cairn.core.verify.report import Check, CheckId, Reason, Result

_EMAIL, _NAME = "emailAddress", "name"
_HASHES = ("sha256", "md5")


def check_register(credential: Credential, registers: tuple[Register, ...]) -> Check:
    """Step 10: the first register that lists the issuer, others' before our own.

    Not being listed is a warning.
    """
    issuer = credential.issuer_id
    for register in sorted(registers, key=lambda register: register.is_own):
        if issuer in register.issuers:
            facts = {
                "issuer": register.issuers[issuer],
                "register": register.name,
                "operator": register.operator,
            }
            is_own = register.is_own
            reason = Reason.REGISTER_LISTED_HERE if is_own else Reason.REGISTER_LISTED
            return Check(CheckId.REGISTER, Result.PASS, reason, facts)
    facts = {"issuer": issuer, "name": credential.issuer_name}
    if not registers:
        return Check(CheckId.REGISTER, Result.WARNING, Reason.REGISTER_NONE_ASKED, facts)
    facts["registers"] = ", ".join(register.name for register in registers)
    return Check(CheckId.REGISTER, Result.WARNING, Reason.REGISTER_NOT_LISTED, facts)


def check_holder(credential: Credential, recipient: str, claimed: Claimed | None) -> Check:
    """Step 12: whether the recipient is whom the checker believes the sender to be."""
    return check_identities(tuple(_identities(credential)) if claimed else (), recipient, claimed)


def check_identities(
    identities: tuple[Mapping[str, Json], ...], recipient: str, claimed: Claimed | None
) -> Check:
    """As `check_holder`, of identities written as Open Badges 3.0 writes them."""
    facts = {"recipient": recipient}
    if claimed is None or not (claimed.name or claimed.email):
        return Check(CheckId.HOLDER, Result.WARNING, Reason.HOLDER_UNPROVEN, facts)
    wanted = [(_EMAIL, claimed.email), (_NAME, claimed.name)]
    asked = [(kind, value) for kind, value in wanted if value]
    facts["matched"] = ", ".join(value for _, value in asked)
    if all(any(_is_of(entry, kind, value) for entry in identities) for kind, value in asked):
        return Check(CheckId.HOLDER, Result.PASS, Reason.HOLDER_MATCHES, facts)
    return Check(CheckId.HOLDER, Result.WARNING, Reason.HOLDER_DIFFERS, facts)


def recipient_name(credential: Credential) -> str:
    """The name the issuer wrote for the recipient, "" if it wrote none in clear."""
    for entry in _identities(credential):
        value = entry.get("identityHash")
        is_plain = entry.get("hashed") is False and entry.get("identityType") == _NAME
        if is_plain and isinstance(value, str):
            return value
    return ""


def _identities(credential: Credential) -> Iterator[Mapping[str, Json]]:
    for subject in credential.subjects:
        value = subject.get("identifier", [])
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield entry


def _is_of(entry: Mapping[str, Json], kind: str, value: str) -> bool:
    """Open Badges 3.0, IdentityObject: plain, or `sha256$` and the hex digest of value + salt.

    Badges of 2.0 have `md5$` too: finding another address for a known digest is still too hard.
    """
    known = entry.get("identityHash")
    if entry.get("identityType") != kind or not isinstance(known, str):
        return False
    salt = entry.get("salt", "")
    if entry.get("hashed") is not True:
        return _folded(known) == _folded(value)
    name, _, digest = known.partition("$")
    if name not in _HASHES:
        return False
    spellings = {value, value.strip(), value.strip().lower()} if kind == _EMAIL else {value}
    return any(
        hmac.compare_digest(
            digest.lower().encode(),
            hashlib.new(name, f"{each}{salt}".encode(), usedforsecurity=False).hexdigest().encode(),
        )
        for each in spellings
    )


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
