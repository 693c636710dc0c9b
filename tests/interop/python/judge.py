"""The Python judges: one process, JSON lines in, JSON lines out (the protocol is in ../README.md).

Runs in its own virtual environment and imports nothing of Cairn. Nothing here touches the network:
DID documents, status lists and further contexts come from the request, and whatever the request
does not hold is refused.
"""

# The judges are not installed where mypy runs:
# mypy: disable-error-code="import-not-found"

import base64
import json
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib import baking
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.contexts import bundled_contexts as open_badges_contexts
from openbadgeslib.ob3.did import resolve_verification_method
from openbadgeslib.ob3.ldp import (
    OB3LdpVerifier,
    add_data_integrity_proof,
    verify_data_integrity_proof,
)
from openbadgeslib.ob3.verifier import OB3Verifier
from openvc.did.base import DidResolverRegistry
from openvc.did.did_key import DidKeyResolver
from openvc.did.did_web import DidWebResolver
from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey
from openvc.proof.contexts import bundled_contexts
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.resolvers import default_status_list_resolver
from openvc.verify import verify_credential

Json = dict[str, Any]
JCS = "eddsa-jcs-2022"


class Refused(Exception):
    """The request does not hold what the judge asked for: the judge would have fetched it."""


def served(request: Json, url: str) -> Any:
    """What the request holds under `url`, a DID document under its did:web address included."""
    by_url = dict(request.get("documents", {}))
    for did, document in request.get("didDocuments", {}).items():
        host, *path = (unquote(part) for part in did.removeprefix("did:web:").split(":"))
        by_url[f"https://{host}/{'/'.join(path) or '.well-known'}/did.json"] = document
    if url not in by_url:
        raise Refused(f"the request does not hold {url}")
    return by_url[url]


def served_text(request: Json, url: str) -> str:
    """The same as text: a JSON document, or a JWT as it stands."""
    found = served(request, url)
    return found if isinstance(found, str) else json.dumps(found)


def further_contexts(request: Json) -> dict[str, Json]:
    """Contexts of the request and of Open Badges, which openvc does not ship.

    The ones that a judge ships are its own and cannot be replaced.
    """
    contexts: dict[str, Json] = {
        url: document
        for url, document in request.get("documents", {}).items()
        if isinstance(document, dict) and "@context" in document and "type" not in document
    }
    contexts |= open_badges_contexts() | bundled_contexts()
    return contexts


def openbadgeslib(request: Json) -> Json:
    """`OB3LdpVerifier`: Open Badges 3.0, context validation, issuer binding, dates, status."""
    document = request["document"]

    def download(url: str) -> bytes:
        return served_text(request, url).encode()

    if request["checks"] == "proof":
        key = resolve_verification_method(only_proof(document)["verificationMethod"], download)
        verify_data_integrity_proof(document, key, extra_contexts=further_contexts(request))
        return {}
    # It checks the signature of a status list only on a JWT, and refuses a signed JSON list.
    OB3LdpVerifier().verify(
        document, check_status=True, download=download, verify_status_list=False
    )
    return {"listSignature": "not checked"}


def openvc(request: Json) -> Json:
    """`verify_credential`: either cryptosuite, issuer binding, dates, signed status lists."""
    document, contexts = with_one_proof(request["document"]), further_contexts(request)
    resolver = DidResolverRegistry([DidKeyResolver(), DidWebResolver(partial(served, request))])
    if request["checks"] == "proof":
        if document["proof"].get("cryptosuite") == JCS:
            EddsaJcsProofSuite().verify(document, resolver=resolver)
        else:
            DataIntegrityProofSuite().verify(document, resolver=resolver, extra_contexts=contexts)
        return {}

    def fetch_list(url: str) -> str:
        found = served(request, url)
        return found if isinstance(found, str) else json.dumps(with_one_proof(found))

    result = verify_credential(
        document,
        resolver=resolver,
        extra_contexts=contexts,
        resolve_status_list=default_status_list_resolver(
            resolver=resolver, extra_contexts=contexts, fetch=fetch_list
        ),
    )
    return {"format": result.format, "issuer": result.issuer}


def with_one_proof(document: Json) -> Json:
    """The document as openvc takes it: a proof object; an array of one says the same."""
    return {**document, "proof": only_proof(document)}


def only_proof(document: Json) -> Json:
    """The proof, given as an object or as an array of one."""
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise Refused("wanted exactly one proof")
    return proof


def issued(request: Json) -> Json:
    """The document signed by the judge's own signer, without its check of what it signs."""
    seed = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(request["seed"]))
    method, created = request["verificationMethod"], datetime.fromisoformat(request["created"])
    document, contexts = request["document"], further_contexts(request)
    if request["judge"] == "openbadgeslib":
        pem = seed.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        signed: Json = add_data_integrity_proof(
            document, pem, method, created=created, extra_contexts=contexts
        )
        return signed
    key = Ed25519SigningKey(seed, method)
    if request["cryptosuite"] == JCS:
        signed = EddsaJcsProofSuite().add_proof(
            document, signing_key=key, verification_method=method, created=created
        )
    else:
        signed = DataIntegrityProofSuite().add_proof(
            document,
            signing_key=key,
            verification_method=method,
            created=created,
            extra_contexts=contexts,
        )
    return signed


def baked(request: Json) -> Json:
    """The image (base64) with the payload in it, by openbadgeslib's own baker."""
    image, payload = base64.b64decode(request["image"]), request["payload"]
    is_3 = request["version"] == 3
    if request["kind"] == "png":
        keyword = baking.ITXT_KEYWORD_OB3 if is_3 else baking.ITXT_KEYWORD
        image = baking.bake_png(image, payload, "a comment", keyword=keyword)
    else:
        image = baking.bake_svg(
            image,
            payload,
            " a comment ",
            element=baking.SVG_ELEMENT_OB3 if is_3 else baking.SVG_ELEMENT,
            namespace=baking.SVG_NS_OB3 if is_3 else baking.SVG_NS,
            as_text=payload.startswith("{"),
        )
    return {"image": base64.b64encode(image).decode()}


def unbaked(request: Json) -> Json:
    """The payload that openbadgeslib finds in the image, null for none."""
    image, is_3 = base64.b64decode(request["image"]), request["version"] == 3
    if request["kind"] == "png":
        keyword = baking.ITXT_KEYWORD_OB3 if is_3 else baking.ITXT_KEYWORD
        return {"payload": baking.extract_png(image, keyword=keyword)}
    element = baking.SVG_ELEMENT_OB3 if is_3 else baking.SVG_ELEMENT
    return {"payload": baking.extract_svg(image, element=element, text_fallback=True)}


def token_verified(request: Json) -> Json:
    """`OB3Verifier`: an Open Badges token under a given key, with its dates; no status."""
    OB3Verifier(pubkey_pem=request["pem"]).verify(request["token"])
    return {}


JUDGES: dict[str, Callable[[Json], Json]] = {"openbadgeslib": openbadgeslib, "openvc": openvc}


def answer(request: Json) -> Json:
    """One answer; a judge refuses by raising its own error, anything else it raises is a fault."""
    try:
        if request["op"] == "issue":
            return {"document": issued(request)}
        if request["op"] == "verifyToken":
            return {"verified": True, "error": "", "detail": token_verified(request)}
        if request["op"] in ("bake", "unbake"):
            return baked(request) if request["op"] == "bake" else unbaked(request)
        return {"verified": True, "error": "", "detail": JUDGES[request["judge"]](request)}
    except (LibOpenBadgesException, OpenvcError, Refused) as refusal:
        return {"verified": False, "error": f"{type(refusal).__name__}: {refusal}"}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
    sys.stdout.flush()
