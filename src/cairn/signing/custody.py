"""Where the private keys of an installation are kept: what its environment says.

Wrapped in the database under the master key (the envelope), or in a security module that signs and
never gives them away.  The choice is for new keys; each key stays where it was made.  No Django.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cairn.core.errors import Malformed

Algorithm = Literal["Ed25519", "P-256", "RSA"]
DocumentAlgorithm = Literal["Ed25519", "P-256"]
KNOWN = {
    "CAIRN_CUSTODY": "where new keys are made: envelope (under the master key), or pkcs11",
    "CAIRN_DOCUMENT_KEYS": "type of new keys: Ed25519, or P-256 for modules that know no other",
    "CAIRN_PKCS11_MODULE": "the library of the security module, such as /usr/lib/…/libsofthsm2.so",
    "CAIRN_PKCS11_PIN_FILE": "a file with the PIN of its token, readable by the signer alone",
    "CAIRN_PKCS11_TOKEN": "the label of the token that keeps the keys",
}
_ROLES: tuple[tuple[Algorithm, ...], ...] = (("Ed25519", "P-256"), ("RSA",))
_PKCS11 = ("CAIRN_PKCS11_MODULE", "CAIRN_PKCS11_TOKEN", "CAIRN_PKCS11_PIN_FILE")


@dataclass(frozen=True, slots=True)
class Pkcs11:
    """One token of one security module; the PIN is read when a session is opened."""

    library: Path
    token: str
    pin_file: Path


@dataclass(frozen=True, slots=True)
class Custody:
    """Of which type new keys are, and where they are made."""

    document_key: DocumentAlgorithm
    is_in_module: bool
    module: Pkcs11 | None  # keys made there before are still opened there

    @property
    def algorithms(self) -> tuple[Algorithm, Algorithm]:
        """What every issuer needs: a key for documents, and RSA for tokens of Open Badges."""
        return self.document_key, "RSA"


def same_role(algorithm: str) -> tuple[Algorithm, ...]:
    """The algorithms of which an issuer has one active key: documents by either, tokens by RSA."""
    return next(role for role in _ROLES if algorithm in role)


def read_custody(environment: Mapping[str, str]) -> Custody:
    """Raises `Malformed` naming the variable that is wrong or missing."""
    where = environment.get("CAIRN_CUSTODY") or "envelope"
    if where not in ("envelope", "pkcs11"):
        raise Malformed(f"CAIRN_CUSTODY is {where!r}; it is envelope or pkcs11")
    module = _read_module(environment)
    if where == "pkcs11" and module is None:
        raise Malformed(f"CAIRN_CUSTODY=pkcs11 needs {', '.join(_PKCS11)}")
    return Custody(_read_type(environment), where == "pkcs11", module)


def _read_type(environment: Mapping[str, str]) -> DocumentAlgorithm:
    match environment.get("CAIRN_DOCUMENT_KEYS") or "Ed25519":
        case "Ed25519":
            return "Ed25519"
        case "P-256":
            return "P-256"
        case other:
            raise Malformed(f"CAIRN_DOCUMENT_KEYS is {other!r}; it is Ed25519 or P-256")


def _read_module(environment: Mapping[str, str]) -> Pkcs11 | None:
    given = [environment.get(name, "") for name in _PKCS11]
    if not any(given):
        return None
    for name, value in zip(_PKCS11, given, strict=True):
        if not value:
            raise Malformed(f"{name} is not set; a security module needs {', '.join(_PKCS11)}")
    library, token, pin_file = given
    return Pkcs11(Path(library), token, Path(pin_file))
