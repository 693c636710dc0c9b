"""Open Badges 2.0 in the words of this report: what it says, and for whom.

Only of documents that were fetched or whose signature holds; see `badges2`.
"""

from collections.abc import Mapping

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.openbadges.v2.badge import Assertion, BadgeClass, Profile
from cairn.core.vc.credential import Credential
from cairn.core.verify.report import Facts

_IDENTITIES = {"email": "emailAddress", "name": "name"}


def as_credential(assertion: Assertion, profile: Profile) -> Credential:
    """As a credential, for the checks that all kinds of credential share."""
    return Credential(
        assertion.document,
        frozenset({"Assertion"}),
        assertion.id,
        profile.id,
        profile.name,
        (),
        assertion.issued_on,
        assertion.expires,
        None,
        (),
    )


def facts_of(credential: Credential, badge: BadgeClass, recipient: str) -> Facts:
    """What the badge says."""
    since, until = credential.valid_from, credential.valid_until
    return Facts(
        credential_id=credential.id,
        title=badge.name,
        achievement_id=badge.id,
        issuer_id=credential.issuer_id,
        issuer_name=credential.issuer_name,
        recipient=recipient,
        valid_from=timestamps.write(since) if since else "",
        valid_until=timestamps.write(until) if until else "",
    )


def identity_of(recipient: Mapping[str, Json]) -> Mapping[str, Json]:
    """The recipient as an IdentityObject of Open Badges 3.0."""
    kind = recipient.get("type")
    names = kind if isinstance(kind, list) else [kind]
    known = [_IDENTITIES[name] for name in names if isinstance(name, str) and name in _IDENTITIES]
    return {
        "identityType": known[0] if known else "",
        "identityHash": recipient.get("identity", ""),
        "hashed": recipient.get("hashed") is True,
        "salt": recipient.get("salt", ""),
    }


def plain_name(identity: Mapping[str, Json]) -> str:
    """The recipient in clear, "" if only a hash is given."""
    value = identity["identityHash"]
    return value if identity["hashed"] is False and isinstance(value, str) else ""
