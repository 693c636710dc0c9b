"""New key pairs: drawn here, wrapped at once, and from then on opened by the signer job alone."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Literal, cast

from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.utils.module_loading import import_string

from cairn.core.keys import KeyType, PrivateKey, RsaPrivateKey, RsaPublicKey
from cairn.organisations.models import Organisation
from cairn.signing.models import SigningKey
from cairn.signing.wrapping import MasterKey, wrap

Algorithm = Literal["Ed25519", "RSA"]
# What every issuer needs: one for documents, one for tokens that Open Badges wants signed by RSA.
ALGORITHMS: tuple[Algorithm, ...] = ("Ed25519", "RSA")


def new_key(
    organisation: Organisation, algorithm: Algorithm, master: MasterKey, now: datetime
) -> SigningKey:
    """A row for a new key pair, not saved, in the state `next`.  RSA takes some tenths of a second.

    Its fragment says the month and, so that no two keys share it, the thumbprint of RFC 7638.
    """
    key_id = uuid.uuid4()
    key = _rsa_drawer()(organisation) if algorithm == "RSA" else _draw_ed25519()
    private = key.secret if isinstance(key, PrivateKey) else key.to_pem(None)
    return SigningKey(
        id=key_id,
        organisation=organisation,
        algorithm=algorithm,
        fragment=f"{now:%Y%m}-{key.public.thumbprint()}",
        public_jwk=key.public.jwk(),
        wrapped_private=wrap(private, key_id=key_id, master=master),
        master_key_id=master.id,
        created_at=now,
    )


def _draw_ed25519() -> PrivateKey:
    return PrivateKey.from_seed(KeyType.ED25519, secrets.token_bytes(32))


def draw_rsa(organisation: Organisation) -> RsaPrivateKey:
    """A new RSA key; whose it will be changes nothing.  `SIGNING_DRAW_RSA` names this function."""
    drawn = rsa.generate_private_key(public_exponent=65537, key_size=settings.SIGNING_RSA_BITS)
    numbers = drawn.public_key().public_numbers()
    return RsaPrivateKey(RsaPublicKey(numbers.n, numbers.e), drawn)


def _rsa_drawer() -> Callable[[Organisation], RsaPrivateKey]:
    return cast(Callable[[Organisation], RsaPrivateKey], import_string(settings.SIGNING_DRAW_RSA))
