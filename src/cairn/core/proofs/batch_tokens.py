"""The `vc+jwt` of credentials that were signed and written already: header and claims at hand.

A token's payload is the credential's own JSON with the registered claims after it, as
`vc_jwt_w3c` writes it.  The JSON is not parsed again: it is the text that `batch` read back with
the proof behind it, and base64url knows no text that could end early or be escaped.
"""

import base64
from dataclasses import dataclass

from cairn.core.codec import base64url, strict_json
from cairn.core.errors import Malformed
from cairn.core.keys import DocumentKey
from cairn.core.proofs import vc_jwt_w3c
from cairn.core.proofs.batch_emission import DamagedEmission
from cairn.core.proofs.cryptosuite import Document

_PROOF = b',"proof":['  # in no string: there its quotation marks would be escaped


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Ready to make tokens of credentials with the members and the issuer of a sample."""

    _head: bytes  # the header, encoded, and its dot
    _claims: bytes  # what follows the credential's last member in the payload
    _key: DocumentKey

    @classmethod
    def like(cls, sample: Document, key: DocumentKey, *, verification_method: str) -> "TokenBatch":
        """Learnt from the token of `sample`, unsigned.  Raises what signing that raises."""
        token = vc_jwt_w3c.sign_credential(sample, key, verification_method=verification_method)
        head, payload, _ = token.split(".")
        written = strict_json.write(dict(sample))[:-1]
        claims = base64url.decode(payload)
        if not claims.startswith(written):
            raise DamagedEmission
        return cls(f"{head}.".encode(), claims[len(written) :], key)

    def of(self, signed: bytes) -> bytes:
        """The token of a credential from its JSON, whose one proof is the last member."""
        credential, mark, _ = signed.rpartition(_PROOF)
        if not mark:
            raise Malformed("has no proof at its end", "/proof")
        payload = base64.urlsafe_b64encode(credential + self._claims)
        text = self._head + payload.rstrip(b"=")
        return b"%b.%b" % (text, base64.urlsafe_b64encode(self._key.sign(text)).rstrip(b"="))
