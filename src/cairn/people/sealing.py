"""What allauth keeps of second factors, sealed: AES-256-GCM under a key of the master key's.

Whoever reads the database alone learns no seed of an authenticator app and no recovery code.
"""

import base64
import hashlib
import hmac
import secrets

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from cairn.core.errors import Malformed

_NONCE_BYTES = 12
_SEALED = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


def seal(text: str, master: bytes) -> str:
    """`text` sealed under the master key's secret: a fresh nonce, then the ciphertext."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + _cipher(master).encrypt(nonce, text.encode(), None)).decode()


def unseal(sealed: str, master: bytes) -> str:
    """What was sealed.  Raises `Malformed` if another master key sealed it."""
    data = base64.b64decode(sealed)
    try:
        opened = _cipher(master).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None)
    except InvalidTag:
        raise Malformed(
            "a second factor is sealed under another master key; run cairn keys rewrap"
        ) from None
    return opened.decode()


@transaction.atomic
def reseal_factors(*, old: bytes, new: bytes) -> int:
    """Seal all factors that `old` seals under `new`, all or none; how many there were.

    Those under `new` are left alone, so that it may be run again.
    """
    count = 0
    for factor in Authenticator.objects.select_for_update().filter(type__in=_SEALED):
        name = _SEALED[Authenticator.Type(factor.type)]
        try:
            unseal(factor.data[name], new)
        except Malformed:
            factor.data[name] = seal(unseal(factor.data[name], old), new)
            factor.save(update_fields=["data"])
            count += 1
    return count


def _cipher(master: bytes) -> AESGCM:
    return AESGCM(hmac.new(master, b"cairn second factors", hashlib.sha256).digest())
