"""A passkey in software: answers as a browser and its device do, for tests alone.

WebAuthn level 3, sections 6.1 (authenticator data) and 5.8.1 (client data).
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One credential for one site; each wrong thing about it is a field to change."""

    origin: str = "https://cairn.test"
    rp_id: str = "cairn.test"
    is_verified: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user_handle: str = ""
    count: int = 0

    def created(self, options: Any) -> str:
        """The answer to the options of a registration, as a form sends it."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        cose: Any = ES256  # fido2 leaves this one without types
        public = cbor.encode(dict(cose.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(_ATTESTED) + attested}
        said = {"attestationObject": websafe_encode(cbor.encode(statement))}
        return self._answer(self._client_data("webauthn.create", asked["challenge"]), said)

    def used(self, options: Any) -> str:
        """The answer to the options of an assertion, as a form sends it."""
        self.count += 1
        client_data = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = self._data()
        signed = data + hashlib.sha256(client_data).digest()
        said = {
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.user_handle,
        }
        return self._answer(client_data, said)

    def _data(self, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.is_verified else 0)
        digest = hashlib.sha256(self.rp_id.encode()).digest()
        return digest + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, client_data: bytes, said: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {"clientDataJSON": websafe_encode(client_data), **said},
                "clientExtensionResults": {},
            }
        )
