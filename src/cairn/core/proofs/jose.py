"""Compact JSON Web Signatures: three parts, read strictly, checked with a key that is given.

Source: RFC 7515, sections 3.1, 4.1 and 5.2; RFC 8725 (best current practices); RFC 9864 (the name
`Ed25519`).  The algorithm of a signature is a property of the key: `alg` may repeat it and cannot
choose it, so that no key is ever used in a way it was not made for.  What a token says, and where
its key comes from, belong to the profiles beside and to `cairn.core.verify`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cairn.core.codec import base64url, strict_json
from cairn.core.codec.strict_json import Json, Limits
from cairn.core.errors import Malformed
from cairn.core.keys import SigningKey, VerifyingKey

ALGORITHMS = ("EdDSA", "Ed25519", "ES256", "ES384", "RS256")
MAX_TOKEN = 6 * 2**20  # characters; base64url of the 4 MiB of JSON that are read
MAX_HEADER = 16 * 1024  # characters; room for a chain of certificates that we do not use
MAX_SIGNATURE = 700  # characters; RSA with 4096 bits takes 683
_HEADER_LIMITS = Limits(max_bytes=MAX_HEADER, max_depth=4, max_values=200)


@dataclass(frozen=True, slots=True)
class Jws:
    """A signature with what it signs, as read; nothing is checked yet."""

    text: str
    header: Mapping[str, Json]
    payload: bytes
    signature: bytes

    @property
    def algorithm(self) -> str:
        """What `alg` says; a claim like any other."""
        return str(self.header["alg"])

    @property
    def signing_input(self) -> bytes:
        """The bytes that were signed: both parts before the last dot, as they were written."""
        return self.text.rpartition(".")[0].encode()


def read_jws(text: str) -> Jws:
    """The parts of `text`.  Raises `Malformed` unless it is spelt as RFC 7515 spells it."""
    if len(text) > MAX_TOKEN:
        raise Malformed(f"a token of {len(text)} characters; at most {MAX_TOKEN} are read")
    parts = text.split(".", 5)
    if len(parts) != 3:
        raise Malformed("a signed token has three parts with dots between them")
    header, payload, signature = parts
    if not header or len(header) > MAX_HEADER or len(signature) > MAX_SIGNATURE:
        raise Malformed("a token whose first or last part is missing or over-long")
    return Jws(
        text,
        _read_header(_decode(header, "first")),
        _decode(payload, "second"),
        _decode(signature, "third"),
    )


def read_object(data: bytes, limits: Limits = strict_json.DEFAULT_LIMITS) -> dict[str, Json]:
    """The JSON object in `data`.  Raises `Malformed`."""
    value = strict_json.read(data, limits)
    if not isinstance(value, dict):
        raise Malformed("expected a JSON object")
    return value


def holds(jws: Jws, key: VerifyingKey) -> bool:
    """Whether `key` made the signature, with its own algorithm, and the header says so."""
    return jws.algorithm in key.algorithms and key.verify(jws.signing_input, jws.signature)


def sign_jws(header: Mapping[str, Json], payload: bytes, key: SigningKey) -> str:
    """The compact form of `payload` signed by `key`; `alg` is put in front of `header`."""
    full: dict[str, Json] = {"alg": key.public.algorithms[0], **header}
    signed = f"{base64url.encode(strict_json.write(full))}.{base64url.encode(payload)}"
    return f"{signed}.{base64url.encode(key.sign(signed.encode()))}"


def breach_of_header(header: Mapping[str, Json]) -> str:
    """What makes a signature count for nothing whatever it is for, "" if nothing does.

    No extension is understood here, so one that must be (`crit`) ends the matter; `b64` (RFC 7797)
    would give one token two readings.
    """
    algorithm = str(header["alg"])
    if algorithm.lower() == "none":
        return "it says that it has no signature (alg: none)"
    if algorithm.upper().startswith("HS"):
        return (
            f"it is signed with a shared secret, which anyone who can check can forge ({algorithm})"
        )
    for name in ("crit", "b64"):
        if name in header:
            return f"its header asks for an extension that changes what is signed ({name})"
    return ""


def _read_header(data: bytes) -> dict[str, Json]:
    header = read_object(data, _HEADER_LIMITS)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or not algorithm:
        raise Malformed("the header of a token names its algorithm", "/alg")
    for name in ("typ", "cty", "kid"):
        if not isinstance(header.get(name, ""), str):
            raise Malformed("expected text", f"/{name}")
    if not isinstance(header.get("jwk", {}), dict):
        raise Malformed("expected a JSON object", "/jwk")
    return header


def _decode(part: str, which: str) -> bytes:
    try:
        return base64url.decode(part)
    except Malformed as err:
        raise Malformed(f"the {which} part of the token: {err}") from err
