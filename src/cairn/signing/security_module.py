"""Keys in a security module: made there, used there, never read.  For the signer job alone.

Source: PKCS #11 (OASIS, version 3.0), sections 2.3 (ECDSA), 2.3.13 (EdDSA), 2.1 (RSA).  The id of
an object in the token (CKA_ID) is the id of the key's row.

A module that does not answer is waited for: whatever goes wrong with it is `KeysAway`, and nothing
is signed meanwhile.  An import contract keeps the pages and services of all rooms away.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.conf import settings

from cairn.core.errors import Unobtainable
from cairn.core.keys import KeyType, PublicKey, RsaPublicKey, VerifyingKey
from cairn.signing.custody import Algorithm, Pkcs11

if TYPE_CHECKING:
    from pkcs11 import Session, Token

_ED25519 = bytes.fromhex("06032b6570")  # its OID, DER
_P256 = bytes.fromhex("06082a8648ce3d030107")
_T = TypeVar("_T")


class KeysAway(Unobtainable):
    """The security module can't sign now; what is ordered stays ordered until it can."""


@dataclass(frozen=True, slots=True)
class ModuleDocumentKey:
    """A key in the token that signs documents, Ed25519 or P-256.

    ECDSA in a module draws randomness: the same message has another signature each time.
    """

    id: UUID
    public: PublicKey
    _module: "SecurityModule" = field(repr=False, compare=False)

    @property
    def type(self) -> KeyType:
        return self.public.type

    def sign(self, message: bytes) -> bytes:
        """The signature, R||S or r||s.  Raises `KeysAway`."""
        if self.type is KeyType.ED25519:
            return self._module.sign(self.id, "EDDSA", message)
        return self._module.sign(self.id, "ECDSA", hashlib.sha256(message).digest())


@dataclass(frozen=True, slots=True)
class ModuleTokenKey:
    """An RSA key in the token; it signs RS256."""

    id: UUID
    public: RsaPublicKey
    _module: "SecurityModule" = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """The RS256 signature.  Raises `KeysAway`."""
        return self._module.sign(self.id, "SHA256_RSA_PKCS", message)


def security_module() -> "SecurityModule":
    """The module of this installation.  Raises `KeysAway` if its settings are missing."""
    where = settings.CAIRN.custody.module
    if where is None:
        raise KeysAway(
            "a key is kept in a security module, and CAIRN_PKCS11_MODULE is not set; set it for "
            "the process that signs"
        )
    return _module_at(where)


@cache
def _module_at(where: Pkcs11) -> "SecurityModule":
    return SecurityModule(where)


class SecurityModule:
    """One session with one token, opened when it is needed and again after a failure.

    Threads take turns.  A PIN that was refused is not tried again until its file says another, for
    tokens lock themselves after a few tries.
    """

    def __init__(self, where: Pkcs11) -> None:
        self._where = where
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._process = 0  # the one that opened the session: none survives a fork
        self._has_failed = False
        self._refused: str | None = None
        self._handles: dict[UUID, Any] = {}
        self._public: dict[UUID, VerifyingKey] = {}  # as long as the session, which costs to ask

    @property
    def token(self) -> str:
        """The label of the token."""
        return self._where.token

    def probe(self) -> None:
        """Raise `KeysAway`, saying why, unless the token answers now."""
        with self._lock:
            self._fail()  # so that it looks anew
            self._with_session(lambda session: session.token)

    def public_of(self, key_id: UUID) -> VerifyingKey:
        """The public part of a key in the token.  Raises `KeysAway`, also if it is not there."""

        def look(session: "Session") -> VerifyingKey:
            from pkcs11 import NoSuchKey

            if key_id not in self._public:
                found = _found(session, key_id)
                if found is None:
                    raise NoSuchKey
                self._public[key_id] = found
            return self._public[key_id]

        return self._with_session(look)

    def generate(self, key_id: UUID, algorithm: Algorithm) -> VerifyingKey:
        """Make a key that never leaves the token; the one that is there if it was made before."""

        def make(session: "Session") -> VerifyingKey:
            found = _found(session, key_id)
            return found if found is not None else _generated(session, key_id, algorithm)

        return self._with_session(make)

    def sign(self, key_id: UUID, mechanism: str, data: bytes) -> bytes:
        """What the token answers.  Raises `KeysAway`."""
        from pkcs11 import Mechanism

        def ask(session: "Session") -> bytes:
            return bytes(self._handle(session, key_id).sign(data, mechanism=Mechanism[mechanism]))

        return self._with_session(ask)

    def _handle(self, session: "Session", key_id: UUID) -> Any:
        from pkcs11 import Attribute, NoSuchKey, ObjectClass

        if key_id not in self._handles:
            template = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.ID: key_id.bytes}
            # To its end: a search that is left open complains once its session is gone.
            found: list[Any] = list(session.get_objects(template))
            if not found:
                raise NoSuchKey
            self._handles[key_id] = found[0]
        return self._handles[key_id]

    def _with_session(self, work: "Callable[[Session], _T]") -> _T:
        """Do `work`; once more in a new session, for a token may have logged us out."""
        _require_library()
        from pkcs11 import PKCS11Error

        with self._lock:
            was_open = self._session is not None and self._process == os.getpid()
            for is_last in (False, True) if was_open else (True,):
                try:
                    return work(self._opened())
                except PKCS11Error as err:  # a session with a token that is gone may find no key
                    self._fail()
                    if is_last:
                        raise KeysAway(self._away(err)) from err
        raise AssertionError("the last try returns or raises")

    def _opened(self) -> "Session":
        import pkcs11

        if self._session is not None and self._process == os.getpid():
            return self._session
        is_first = self._process != os.getpid()
        is_inherited = is_first and self._process != 0
        self._session, self._handles, self._public = None, {}, {}
        self._process = os.getpid()
        library = pkcs11.lib(str(self._where.library))
        if self._has_failed or is_inherited:
            library.reinitialize()  # or it goes on answering from what it saw before
        token = library.get_token(token_label=self._where.token)
        pin = self._pin()
        try:
            self._session = _session_of(token, pin)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as err:
            self._refused = _digest(pin)
            self._fail()
            raise KeysAway(self._refusal()) from err
        self._has_failed, self._refused = False, None
        return self._session

    def _pin(self) -> str:
        try:
            pin = self._where.pin_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as err:
            raise KeysAway(
                f"the PIN of the token can't be read from CAIRN_PKCS11_PIN_FILE "
                f"({type(err).__name__}); let the process that signs read {self._where.pin_file}"
            ) from err
        if self._refused == _digest(pin):
            raise KeysAway(self._refusal())
        return pin

    def _refusal(self) -> str:
        return (
            f"the token {self._where.token!r} refused the PIN in CAIRN_PKCS11_PIN_FILE; write the "
            "right one there. It is not tried again before, for tokens lock themselves"
        )

    def _away(self, err: Exception) -> str:
        from pkcs11 import NoSuchKey, NoSuchToken

        where = self._where
        if isinstance(err, NoSuchKey):
            return (
                f"the token {where.token!r} does not hold a key that the database names; restore "
                "the token from its backup, or give the key up"
            )
        if isinstance(err, NoSuchToken):
            return (
                f"there is no token {where.token!r} in the security module; connect it, or mend "
                "CAIRN_PKCS11_TOKEN"
            )
        if self._session is None and "loading" in str(err):
            return f"the library {where.library} can't be loaded; mend CAIRN_PKCS11_MODULE"
        return (
            f"the security module with the token {where.token!r} does not answer "
            f"({type(err).__name__}); look whether it is connected and running"
        )

    def _fail(self) -> None:
        self._has_failed = True
        self._close()

    def _close(self) -> None:
        from pkcs11 import PKCS11Error

        session, self._session, self._handles, self._public = self._session, None, {}, {}
        if session is not None and self._process == os.getpid():
            try:
                session.close()
            except PKCS11Error:  # it is gone, which is what closing is for
                self._has_failed = True


def _session_of(token: "Token", pin: str) -> "Session":
    from pkcs11 import UserAlreadyLoggedIn

    try:
        return token.open(rw=True, user_pin=pin)
    except UserAlreadyLoggedIn:  # in another session of this process, which counts for all
        return token.open(rw=True)


def _require_library() -> None:
    try:
        import pkcs11  # noqa: F401 - an extra
    except ImportError as err:
        raise KeysAway("a security module needs the extra 'pkcs11'; install it") from err


def _digest(pin: str) -> str:
    return hashlib.sha256(b"cairn pin\0" + pin.encode()).hexdigest()


def _found(session: "Session", key_id: UUID) -> VerifyingKey | None:
    from pkcs11 import Attribute, ObjectClass

    template = {Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.ID: key_id.bytes}
    found: list[Any] = list(session.get_objects(template))
    return _public(found[0]) if found else None


def _generated(session: "Session", key_id: UUID, algorithm: Algorithm) -> VerifyingKey:
    from pkcs11 import Attribute, Mechanism, MechanismFlag
    from pkcs11 import KeyType as ModuleKeyType

    common: dict[str, Any] = {
        "store": True,
        "id": key_id.bytes,
        "label": f"cairn {key_id}",
        "capabilities": MechanismFlag.SIGN | MechanismFlag.VERIFY,
        "private_template": {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
    }
    made: tuple[Any, Any]
    if algorithm == "RSA":
        made = session.generate_keypair(ModuleKeyType.RSA, settings.SIGNING_RSA_BITS, **common)
        return _public(made[0])
    is_edwards = algorithm == "Ed25519"
    curve: Any = session.create_domain_parameters(
        ModuleKeyType.EC_EDWARDS if is_edwards else ModuleKeyType.EC,
        {Attribute.EC_PARAMS: _ED25519 if is_edwards else _P256},
        local=True,
    )
    if is_edwards:
        common["mechanism"] = Mechanism.EC_EDWARDS_KEY_PAIR_GEN
    made = curve.generate_keypair(**common)
    return _public(made[0])


def _public(handle: Any) -> VerifyingKey:
    from pkcs11 import Attribute
    from pkcs11 import KeyType as ModuleKeyType

    if handle.key_type is ModuleKeyType.RSA:
        modulus, exponent = handle[Attribute.MODULUS], handle[Attribute.PUBLIC_EXPONENT]
        return RsaPublicKey(int.from_bytes(modulus), int.from_bytes(exponent))
    point = _unwrapped(handle[Attribute.EC_POINT])
    if handle.key_type is ModuleKeyType.EC_EDWARDS:
        return PublicKey(KeyType.ED25519, point)
    x, y = point[1:33], point[33:]
    return PublicKey(KeyType.P256, bytes([2 + (y[-1] & 1)]) + x)


def _unwrapped(point: bytes) -> bytes:
    """The point in a DER OCTET STRING; some modules answer without that wrapping."""
    is_wrapped = len(point) > 2 and point[0] == 4 and point[1] == len(point) - 2
    return point[2:] if is_wrapped else point
