"""Proof type `Ed25519Signature2020`, to verify only: what badges of VC 1.1 were signed with.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.4: the algorithm of
`eddsa-rdfc-2022` under a type of its own, without the member `cryptosuite`.
"""

from cairn.core.keys import KeyType
from cairn.core.proofs.canonical import configure_plainly, rdfc_transform
from cairn.core.proofs.cryptosuite import Cryptosuite

TYPE = "Ed25519Signature2020"
SUITE = Cryptosuite(TYPE, frozenset({KeyType.ED25519}), rdfc_transform, configure_plainly)
