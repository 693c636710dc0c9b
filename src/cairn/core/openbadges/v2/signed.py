"""A signed badge of Open Badges 2.0: an assertion in a JSON Web Signature.

Source: Open Badges 2.0, section SignedBadge; RFC 7515.  The algorithm is RS256, always: what the
header says is only compared with it, and a key that a header brings is never looked at.
"""

import re
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cairn.core.codec import base64url, strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys.rsa import RsaPublicKey

ALGORITHM = "RS256"
MAX_TOKEN = 2**20  # characters
MAX_PEM = 8_192
_TOKEN = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class SignedBadge:
    """A token taken apart; nothing in it is true before `holds` says so."""

    algorithm: str
    payload: Json
    signed: bytes
    signature: bytes


def is_token(data: bytes) -> bool:
    """Whether `data` has the form of a JSON Web Signature."""
    return len(data) <= MAX_TOKEN and _TOKEN.fullmatch(data.strip()) is not None


def read_token(data: bytes) -> SignedBadge:
    """Raises `Malformed` for another form, and for headers that change how to read the rest."""
    data = data.strip()
    if not is_token(data):
        raise Malformed(f"not a token of at most {MAX_TOKEN} characters")
    first, second, third = data.decode("ascii").split(".")
    header = strict_json.read(base64url.decode(first))
    if not isinstance(header, dict):
        raise Malformed("the header of the token is no JSON object")
    if header.keys() & {"crit", "b64", "zip"}:
        raise Malformed("the header of the token asks for extensions that are not known")
    algorithm = header.get("alg")
    return SignedBadge(
        algorithm if isinstance(algorithm, str) else "",
        strict_json.read(base64url.decode(second)),
        f"{first}.{second}".encode(),
        base64url.decode(third),
    )


def holds(badge: SignedBadge, pem: str) -> bool:
    """Whether the RSA key in `pem` signed `badge`.

    Raises `Malformed` for another algorithm or kind of key.
    """
    if badge.algorithm != ALGORITHM:
        raise Malformed(f"signed with {badge.algorithm!r:.40}, not {ALGORITHM}")
    if len(pem) > MAX_PEM:
        raise Malformed(f"a key of {len(pem)} characters; at most {MAX_PEM} are read")
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as err:
        raise Malformed("the published key is no public key in PEM") from err
    if not isinstance(key, RSAPublicKey):
        raise Malformed("the published key is not an RSA key")
    numbers = key.public_numbers()
    return RsaPublicKey(numbers.n, numbers.e).verify(badge.signed, badge.signature)
