"""Key files: PKCS#8 PEM, locked with a passphrase or not.

Source: RFC 5958, RFC 7468.  Which types of key are read is decided by the caller.
"""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from cairn.core.errors import Malformed


def write(
    key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    passphrase: bytes | None,
) -> bytes:
    """The file of `key`, locked with `passphrase` unless that is None.

    Locked files differ each time (OpenSSL draws the salt).  Its key derivation is short
    (PBKDF2, a few thousand rounds): the passphrase itself must be long and random.
    """
    if passphrase == b"":
        raise Malformed("an empty passphrase locks nothing; give one, or None")
    lock = (
        serialization.NoEncryption()
        if passphrase is None
        else serialization.BestAvailableEncryption(passphrase)
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def read(data: bytes, passphrase: bytes | None, *, is_our_own: bool = False) -> object:
    """The key in a file, as `cryptography` has it.

    `is_our_own`: we wrote these bytes and know that nobody changed them, so the numbers of an RSA
    key are not proved to be primes again, which takes 0.1 s at 3072 bits.

    Raises `Malformed`, saying what to mend: a missing, needless or wrong passphrase, or a file
    that is no private key.
    """
    if b"ENCRYPTED" in data and not passphrase:
        raise Malformed("the key file is locked; give its passphrase")
    try:
        return serialization.load_pem_private_key(
            data, passphrase, unsafe_skip_rsa_key_validation=is_our_own
        )
    except TypeError as err:
        raise Malformed("the key file is not locked; give no passphrase") from err
    except (ValueError, UnsupportedAlgorithm) as err:
        if b"ENCRYPTED" in data:
            reason = "the passphrase is wrong, or the key file is damaged; try again or restore it"
        else:
            reason = "not a private key in PEM form; expected a PKCS#8 file, BEGIN PRIVATE KEY"
        raise Malformed(reason) from err
