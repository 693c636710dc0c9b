"""New key pairs: drawn here, wrapped at once, and from then on opened by the signer job alone."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import cast

from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils.module_loading import import_string

from cairn.core.errors import Malformed
from cairn.core.keys import KeyType, PrivateKey, RsaPrivateKey, RsaPublicKey, VerifyingKey
from cairn.organisations.models import Organisation
from cairn.signing.custody import Algorithm
from cairn.signing.models import SigningKey
from cairn.signing.wrapping import MasterKey, wrap


def new_key(
    organisation: Organisation, algorithm: Algorithm, master: MasterKey, now: datetime
) -> SigningKey:
    """A row for a new key pair, not saved, in the state `next`.  RSA takes some tenths of a second.

    It is kept in the envelope.
    """
    key_id = uuid.uuid4()
    key = _rsa_drawer()(organisation) if algorithm == "RSA" else _draw(KeyType(algorithm))
    private = key.secret if isinstance(key, PrivateKey) else key.to_pem(None)
    row = row_of(key_id, organisation, algorithm, key.public, now)
    row.wrapped_private = wrap(private, key_id=key_id, master=master)
    row.master_key_id = master.id
    return row


def row_of(
    key_id: uuid.UUID,
    organisation: Organisation,
    algorithm: Algorithm,
    public: VerifyingKey,
    now: datetime,
) -> SigningKey:
    """A row for a key with this public part, not saved, in the state `next`, nothing wrapped.

    Its fragment says the month and, so that no two keys share it, the thumbprint of RFC 7638.
    """
    return SigningKey(
        id=key_id,
        organisation=organisation,
        algorithm=algorithm,
        fragment=f"{now:%Y%m}-{public.thumbprint()}",
        public_jwk=public.jwk(),
        wrapped_private=b"",
        master_key_id="",
        created_at=now,
    )


def draw_rsa(organisation: Organisation) -> RsaPrivateKey:
    """A new RSA key; whose it will be changes nothing.  `SIGNING_DRAW_RSA` names this function."""
    drawn = rsa.generate_private_key(public_exponent=65537, key_size=settings.SIGNING_RSA_BITS)
    numbers = drawn.public_key().public_numbers()
    return RsaPrivateKey(RsaPublicKey(numbers.n, numbers.e), drawn)


def _draw(kind: KeyType) -> PrivateKey:
    while True:
        try:
            return PrivateKey.from_seed(kind, secrets.token_bytes(32))
        except Malformed:  # P-256: zero, or not below the order; once in 2^32 draws
            continue


def _rsa_drawer() -> Callable[[Organisation], RsaPrivateKey]:
    return cast(Callable[[Organisation], RsaPrivateKey], import_string(settings.SIGNING_DRAW_RSA))
