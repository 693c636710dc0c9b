"""What the members of a JWK say beside its numbers: that it is public, and meant for signatures.

Source: RFC 7517, sections 4.2 to 4.4; RFC 7518, section 6.
"""

from collections.abc import Mapping

from cairn.core.codec import base64url
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

_SECRET_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")


def require_public(jwk: Mapping[str, Json]) -> None:
    """Raise `Malformed` for a JWK that gives its secret away."""
    if secret := [name for name in _SECRET_MEMBERS if name in jwk]:
        raise Malformed(
            f"JWK with the secret member {secret[0]!r}; replace this key", "/" + secret[0]
        )


def require_signing(jwk: Mapping[str, Json], kind: str, algorithms: tuple[str, ...]) -> None:
    """Raise `Malformed` for a JWK of another use, other operations or another algorithm."""
    if jwk.get("use", "sig") != "sig":
        raise Malformed("a JWK that is not for signatures (its use is not 'sig')", "/use")
    operations = jwk.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        raise Malformed("a JWK that is not for checking signatures (key_ops)", "/key_ops")
    if "alg" in jwk and jwk["alg"] not in algorithms:
        wanted = " or ".join(algorithms)
        raise Malformed(f"a JWK for {kind} has the alg {wanted}", "/alg")


def read_number(jwk: Mapping[str, Json], name: str, max_bytes: int) -> int:
    """The Base64urlUInt `name`, of at most `max_bytes`; zero bytes in front are a second spelling.

    Raises `Malformed`.
    """
    text = jwk.get(name)
    if not isinstance(text, str) or not 0 < len(text) <= -(-max_bytes * 4 // 3):
        raise Malformed(
            f"JWK member {name!r} must be base64url of at most {max_bytes} bytes", "/" + name
        )
    data = base64url.decode(text)
    if data[0] == 0:
        raise Malformed(f"JWK member {name!r} begins with a zero byte", "/" + name)
    return int.from_bytes(data)


def read_bytes(jwk: Mapping[str, Json], name: str, size: int) -> bytes:
    """The `size` bytes of the member `name`.  Raises `Malformed`."""
    text = jwk.get(name)
    if not isinstance(text, str) or len(text) != -(-size * 4 // 3):
        raise Malformed(f"JWK member {name!r} must be base64url of {size} bytes", "/" + name)
    return base64url.decode(text)
