"""A signed badge of Open Badges 2.0: an assertion in a JSON Web Signature.

Source: Open Badges 2.0, section SignedBadge; RFC 7515.  The algorithm is RS256, always: what the
header says is only compared with it, and a key that a header brings is never looked at.
"""

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cairn.core.codec import strict_json
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys.rsa import RsaPublicKey
from cairn.core.proofs import jose
from cairn.core.proofs.jose import Jws, read_jws
from cairn.core.proofs.tokens import looks_like_token

ALGORITHM = "RS256"
MAX_TOKEN = 2**20  # characters
MAX_PEM = 8_192


@dataclass(frozen=True, slots=True)
class SignedBadge:
    """A token and the assertion in it; nothing in it is true before `holds` says so."""

    jws: Jws
    payload: Json

    @property
    def algorithm(self) -> str:
        return self.jws.algorithm


def is_token(data: bytes) -> bool:
    """Whether `data` has the form of a JSON Web Signature."""
    return len(data) <= MAX_TOKEN and looks_like_token(data)


def read_token(data: bytes) -> SignedBadge:
    """Raises `Malformed` for another form, and for headers that change how to read the rest."""
    if len(data) > MAX_TOKEN:
        raise Malformed(f"a badge of {len(data)} characters; at most {MAX_TOKEN} are read")
    jws = read_jws(data.strip().decode("ascii", "replace"))
    if jws.header.keys() & {"crit", "b64", "zip"}:
        raise Malformed("the header of the token asks for extensions that are not known")
    return SignedBadge(jws, strict_json.read(jws.payload))


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
    return jose.holds(badge.jws, RsaPublicKey(numbers.n, numbers.e))
