"""Cryptosuite `ecdsa-rdfc-2019`: P-256 or P-384 over the canonical RDF of both parts.

Source: W3C "Data Integrity ECDSA Cryptosuites v1.0", section 3.2.  With P-384 every hash is
SHA-384, those inside the canonicalisation too.
"""

from cairn.core.keys import KeyType
from cairn.core.proofs.canonical import configure_plainly, rdfc_transform
from cairn.core.proofs.cryptosuite import Cryptosuite

SUITE = Cryptosuite(
    "ecdsa-rdfc-2019", frozenset({KeyType.P256, KeyType.P384}), rdfc_transform, configure_plainly
)
