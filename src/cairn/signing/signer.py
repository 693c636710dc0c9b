"""Sign with the active keys of an organisation.

Rooms get a signer from the signer job; only `opening` makes one.  What is emitted was read back and
verified by our own core against the DID document that the organisation publishes, so that a wrong
key or an uncovered document is noticed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cairn.core.codec import strict_json, timestamps
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Unverifiable
from cairn.core.keys import DocumentKey, KeyType, SigningKey
from cairn.core.proofs import vc_jwt_openbadges, vc_jwt_w3c
from cairn.core.proofs.data_integrity import add_proof
from cairn.core.proofs.token import identity_of
from cairn.core.proofs.tokens import read_token
from cairn.core.verify.authorship import check_authorship, is_authored
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, Result
from cairn.core.verify.tokens import check_token_authorship

DOCUMENT_SUITE = "eddsa-rdfc-2022"
_SUITES = {KeyType.ED25519: DOCUMENT_SUITE, KeyType.P256: "ecdsa-rdfc-2019"}


@dataclass(frozen=True, slots=True)
class Signer:
    """The active keys of one organisation, opened; the secrets stay out of `repr`."""

    did: str
    document_fragment: str  # of the Ed25519 or P-256 key: documents, and tokens of the W3C profile
    token_fragment: str  # of the RSA key: tokens of the Open Badges profile
    token_key_url: str
    opened_at: datetime
    sources: Sources = field(repr=False)
    document_key: DocumentKey = field(repr=False)
    token_key: SigningKey = field(repr=False)

    def sign_document(self, document: dict[str, Json], *, now: datetime) -> bytes:
        """`document` with a Data Integrity proof, as the JSON bytes to store and publish.

        Raises `Malformed` or `Uncovered` if the signature would not cover all of it, and
        `Unverifiable` if what came out does not hold.
        """
        signed = add_proof(
            document,
            self.document_key,
            self.sources.vocabulary,
            cryptosuite=self.cryptosuite,
            verification_method=self._method,
            created=timestamps.write(now),
        )
        data = strict_json.write(signed)
        read = strict_json.read(data)
        if not isinstance(read, dict):
            raise Unverifiable("what was signed is no JSON object")
        issuer = identity_of(read.get("issuer"))
        return _held(data, check_authorship(read, issuer, self.sources, now))

    def sign_open_badge_jwt(self, document: dict[str, Json]) -> bytes:
        """The token of the Open Badges profile, RS256; its `kid` is the address of the JWK.

        Raises `Malformed` for a document without issuer, id or validFrom, `Unverifiable` if what
        came out does not hold.
        """
        return self._held_token(
            vc_jwt_openbadges.sign_open_badge(document, self.token_key, key_url=self.token_key_url)
        )

    def sign_vc_jwt(self, document: dict[str, Json]) -> bytes:
        """The `vc+jwt` of the W3C profile.  Raises as `sign_open_badge_jwt` does."""
        return self._held_token(
            vc_jwt_w3c.sign_credential(
                document, self.document_key, verification_method=self._method
            )
        )

    @property
    def cryptosuite(self) -> str:
        """How documents are signed: by the type of the key."""
        return _SUITES[self.document_key.type]

    @property
    def fragments(self) -> Mapping[str, str]:
        """Which key signs each form."""
        return {
            self.cryptosuite: self.document_fragment,
            vc_jwt_openbadges.PROFILE.name: self.token_fragment,
            vc_jwt_w3c.CREDENTIAL.name: self.document_fragment,
        }

    @property
    def _method(self) -> str:
        return f"{self.did}#{self.document_fragment}"

    def _held_token(self, token: str) -> bytes:
        checks = check_token_authorship(read_token(token), self.sources, self.opened_at)
        return _held(token.encode("ascii"), checks)


def _held(data: bytes, checks: tuple[Check, ...]) -> bytes:
    if not checks or not is_authored(checks):
        failed = [check.reason for check in checks if check.result is not Result.PASS]
        raise Unverifiable(f"what was signed does not hold: {', '.join(failed) or 'no checks'}")
    return data
