"""Cryptosuite `ecdsa-jcs-2019`: P-256 or P-384 over the JCS form of both parts.

Source: W3C "Data Integrity ECDSA Cryptosuites v1.0", section 3.3.
"""

from cairn.core.keys import KeyType
from cairn.core.proofs.canonical import configure_with_context, jcs_transform
from cairn.core.proofs.cryptosuite import Cryptosuite

SUITE = Cryptosuite(
    "ecdsa-jcs-2019", frozenset({KeyType.P256, KeyType.P384}), jcs_transform, configure_with_context
)
