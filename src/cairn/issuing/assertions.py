"""What a passkey signs, read and checked by one written rule.

Source: Web Authentication level 3, section 7.2.  No database and no session: the job that signs
credentials checks by itself what a page accepted before.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.utils import websafe_decode, websafe_encode

from cairn.core.codec import strict_json
from cairn.core.errors import Malformed, Unverifiable

_FLAGS_AT, _COUNT_AT, _SHORTEST = 32, slice(33, 37), 37
_PRESENT, _VERIFIED = 0x01, 0x04


@dataclass(frozen=True, slots=True)
class Assertion:
    """The answer of a passkey, as bytes."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Site:
    """Where the passkey must have been used."""

    origin: str  # https://badges.example.edu
    rp_id: str  # badges.example.edu


def read_assertion(text: str) -> Assertion:
    """The answer that a form carries.  Raises `Malformed`."""
    try:
        found: Any = strict_json.read(text.encode())
        said = found["response"]
        names = ("clientDataJSON", "authenticatorData", "signature")
        parts = [websafe_decode(said[name]) for name in names]
        return Assertion(websafe_decode(found["rawId"]), *parts)
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise Malformed("is no answer of a passkey; try again") from err


def check_assertion(
    assertion: Assertion, *, public_key: bytes, challenge: bytes, site: Site
) -> int:
    """How often the device says it signed (0: it does not count).

    Raises `Unverifiable`, saying why, unless the key in `public_key` (COSE_Key) signed `challenge`
    at `site`, for a person whom the device verified.
    """
    _check_client_data(assertion.client_data, challenge, site)
    data = assertion.authenticator_data
    if len(data) < _SHORTEST or data[:_FLAGS_AT] != hashlib.sha256(site.rp_id.encode()).digest():
        raise Unverifiable("the passkey was used for another site")
    if not data[_FLAGS_AT] & _PRESENT or not data[_FLAGS_AT] & _VERIFIED:
        raise Unverifiable("the device did not verify who used the passkey")
    signed = data + hashlib.sha256(assertion.client_data).digest()
    try:
        encoded: Any = cbor.decode(public_key)
        key: Any = CoseKey.parse(encoded)
        key.verify(signed, assertion.signature)
    except (InvalidSignature, NotImplementedError, ValueError, KeyError) as err:
        raise Unverifiable("the signature of the passkey does not hold") from err
    return int.from_bytes(data[_COUNT_AT], "big")


def _check_client_data(client_data: bytes, challenge: bytes, site: Site) -> None:
    try:
        said: Any = strict_json.read(client_data)
    except Malformed as err:
        raise Unverifiable("what the browser says of the signature can't be read") from err
    if not isinstance(said, dict) or said.get("type") != "webauthn.get":
        raise Unverifiable("the signature was made for something else than an approval")
    if said.get("challenge") != websafe_encode(challenge):
        raise Unverifiable("what was signed is not what is to be approved")
    if said.get("origin") != site.origin or said.get("crossOrigin", False) is not False:
        raise Unverifiable("the passkey was used on another page")
