"""How plain libraries sign and verify: canonical RDF and an Ed25519 signature, no more.

What the attack tests are shown against: PyLD's normalize, and PyLD's expansion with pyoxigraph's
RDF.  Algorithms as in `eddsa-rdfc-2022`, without any check of what a signature covers.
"""

import copy
import hashlib
from typing import Any

import orjson
import pyoxigraph
from nacl.signing import SigningKey, VerifyKey
from pyld import jsonld

from cairn.core.rdf.contexts import shipped

KEY = SigningKey(b"\x07" * 32)

Badge = dict[str, Any]


def _loader(url: str, _options: object) -> dict[str, Any]:
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": shipped().documents[url],
    }


def canonical(document: Badge) -> str:
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _loader,
        "base": "https://base.invalid/",
    }
    return str(jsonld.normalize(document, options))


def canonical_by_pyoxigraph(document: Badge) -> list[str]:
    """The sorted canonical quads; pyoxigraph leaves out each one it holds to be ill-formed."""
    options = {"documentLoader": _loader, "base": "https://base.invalid/"}
    expanded = orjson.dumps(jsonld.expand(document, options))
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(expanded, format=pyoxigraph.RdfFormat.JSON_LD))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


def sign(document: Badge) -> Badge:
    signed = copy.deepcopy(document)
    digest = hashlib.sha256(canonical(document).encode()).digest()
    signed["proof"] = [
        {"type": "DataIntegrityProof", "proofValue": KEY.sign(digest).signature.hex()}
    ]
    return signed


def accepts(document: Badge) -> bool:
    """Whether the plain library takes `document`, signed by `sign` and perhaps altered since."""
    body = {key: value for key, value in document.items() if key != "proof"}
    digest = hashlib.sha256(canonical(body).encode()).digest()
    verifier: VerifyKey = KEY.verify_key
    return bool(
        verifier.verify(digest, bytes.fromhex(document["proof"][0]["proofValue"])) == digest
    )
