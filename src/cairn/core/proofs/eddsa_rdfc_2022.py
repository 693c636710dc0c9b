"""Cryptosuite `eddsa-rdfc-2022`: Ed25519 over the canonical RDF of document and configuration.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.2.
"""

from cairn.core.keys import KeyType
from cairn.core.proofs.canonical import configure_plainly, rdfc_transform
from cairn.core.proofs.cryptosuite import Cryptosuite

SUITE = Cryptosuite(
    "eddsa-rdfc-2022", frozenset({KeyType.ED25519}), rdfc_transform, configure_plainly
)
