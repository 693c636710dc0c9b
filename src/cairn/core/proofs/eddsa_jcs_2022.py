"""Cryptosuite `eddsa-jcs-2022`: Ed25519 over the JCS form of document and configuration.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.3.
"""

from cairn.core.keys import KeyType
from cairn.core.proofs.canonical import configure_with_context, jcs_transform
from cairn.core.proofs.cryptosuite import Cryptosuite

SUITE = Cryptosuite(
    "eddsa-jcs-2022", frozenset({KeyType.ED25519}), jcs_transform, configure_with_context
)
