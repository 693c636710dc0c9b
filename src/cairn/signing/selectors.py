"""What is published of an organisation's keys, and what its owners see of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Prefetch, QuerySet

from cairn.core.codec import timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.did.document import VerificationMethod, to_json
from cairn.core.did.document import did_document as document_of
from cairn.core.keys import PublicKey
from cairn.organisations.models import Organisation
from cairn.signing.identity import issuer_did, key_url, method_id
from cairn.signing.models import PostponedOrder, SigningKey, WantedKey
from cairn.signing.wrapping import MasterKey

_JWK_CONTEXT = "https://w3id.org/security/jwk/v1"
_JOSE = {"Ed25519": "EdDSA", "P-256": "ES256", "RSA": "RS256"}
_State = SigningKey.State


def keys_of(organisation: Organisation) -> QuerySet[SigningKey]:
    """All keys of `organisation`, the newest first, with where they are kept."""
    found = SigningKey.objects.filter(organisation=organisation).select_related("held_in_module")
    return found.order_by("-created_at", "algorithm")


def published_issuer(organisation_id: UUID) -> Organisation | None:
    """The organisation with this id if it has keys to publish, with its keys.  Two queries."""
    keys = Prefetch("signing_keys", SigningKey.objects.order_by("created_at", "id"))
    found = Organisation.objects.filter(id=organisation_id).prefetch_related(keys).first()
    return found if found is not None and found.signing_keys.all() else None


def did_document(organisation: Organisation) -> dict[str, Json]:
    """The DID document of `organisation`, with the history of its keys.

    Retired keys stay in `assertionMethod`, or what they signed would stop verifying; compromised
    ones stay visible as `revoked` and leave it.  `updated` is the moment of the last change to a
    key, so that whoever saw a newer document notices an older one.
    """
    keys = sorted(organisation.signing_keys.all(), key=lambda key: (key.created_at, key.id))
    did = issuer_did(organisation)
    document = to_json(
        document_of(
            did,
            [_method(did, key) for key in keys if key.algorithm != "RSA"],
            updated=_updated(keys),
        )
    )
    tokens = [key for key in keys if key.algorithm == "RSA"]
    standing = [key for key in tokens if key.state != _State.COMPROMISED]
    contexts, methods, asserting = (
        document[name] for name in ("@context", "verificationMethod", "assertionMethod")
    )
    return {
        **document,
        "@context": [*_entries(contexts), _JWK_CONTEXT],
        "verificationMethod": [*_entries(methods), *(_jwk_method(did, key) for key in tokens)],
        "assertionMethod": [
            *_entries(asserting),
            *(method_id(organisation, key.fragment) for key in standing),
        ],
    }


def published_jwk(organisation: Organisation, fragment: str) -> dict[str, Json] | None:
    """The JWK at the address of a key; None if it was compromised.

    Raises `SigningKey.DoesNotExist`.
    """
    key = organisation.signing_keys.get(fragment=fragment)
    if key.state == _State.COMPROMISED:
        return None
    url = key_url(organisation, fragment)
    return {**key.public_jwk, "alg": _JOSE[key.algorithm], "kid": url, "use": "sig"}


def count_wrapped_by_another(master: MasterKey) -> int:
    """How many keys in the envelope `master` does not open.  One query."""
    return SigningKey.objects.exclude(master_key_id__in=(master.id, "")).count()


def _method(did: str, key: SigningKey) -> VerificationMethod:
    public = PublicKey.from_jwk(key.public_jwk)
    return VerificationMethod.of(did, public, fragment=key.fragment, revoked=_revoked(key))


def _jwk_method(did: str, key: SigningKey) -> dict[str, Json]:
    method: dict[str, Json] = {
        "id": f"{did}#{key.fragment}",
        "type": "JsonWebKey",
        "controller": did,
        "publicKeyJwk": {**key.public_jwk, "alg": "RS256"},
    }
    if (revoked := _revoked(key)) is not None:
        method["revoked"] = revoked
    return method


def _revoked(key: SigningKey) -> str | None:
    return timestamps.write(key.compromised_at) if key.compromised_at else None


def _updated(keys: Iterable[SigningKey]) -> str | None:
    moments = [
        moment
        for key in keys
        for moment in (key.created_at, key.activated_at, key.retired_at, key.compromised_at)
        if moment is not None
    ]
    return timestamps.write(max(moments)) if moments else None


def _entries(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the signing of an organisation."""

    is_being_made: bool  # keys are wanted and not there yet
    waiting: int  # documents that the security module can't sign now
    waiting_since: datetime | None


def standing_of(organisation: Organisation) -> Standing:
    """Whether documents are signed as they are ordered: 2 queries."""
    waiting = PostponedOrder.objects.filter(order__organisation=organisation).aggregate(
        number=Count("pk"), since=Min("since")
    )
    return Standing(organisation.wanted_keys.exists(), waiting["number"], waiting["since"])


def problems_of_custody() -> list[str]:
    """Why keys can't be reached or made, as the signer saw it last; for the operator: 2 queries."""
    found = set(PostponedOrder.objects.values_list("problem", flat=True))
    found |= set(WantedKey.objects.exclude(problem="").values_list("problem", flat=True))
    return sorted(found)


def count_by_custody() -> tuple[int, int]:
    """How many keys are wrapped, and how many in the security module: 2 queries."""
    wrapped = SigningKey.objects.filter(held_in_module=None).count()
    return wrapped, SigningKey.objects.count() - wrapped
