"""Documents that a credential refers to: their digests, and the schema it names.

A digest that does not fit is an error (VC Data Model 2.0, section 5.3); a document that cannot be
had is *not checked*.  Asked only once the issuer's signature holds.  A context that Cairn ships is
compared with what is shipped, and nothing is fetched for it.
"""

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime

from cairn.core.codec import multibase
from cairn.core.errors import Malformed, NotAllowed, Unobtainable
from cairn.core.rdf.contexts import shipped_bytes
from cairn.core.vc.credential import Credential
from cairn.core.vc.shapes import RelatedResource
from cairn.core.verify.ports import Sources
from cairn.core.verify.report import Check, CheckId, Reason, Result

MAX_FETCHES = 16
_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?")
_STRENGTH = ("sha256", "sha384", "sha512")
_MULTIHASH = {  # code and length (multicodec table) -> name of the hash
    b"\x12\x20": "sha256",
    b"\x20\x30": "sha384",
    b"\x13\x40": "sha512",
}


def check_schemas(credential: Credential) -> tuple[Check, ...]:
    """The schemas it names are told and not fetched: its form is read by our own rules."""
    return tuple(
        Check(
            CheckId.SCHEMA,
            Result.NOT_CHECKED,
            Reason.SCHEMA_NOT_CHECKED,
            {"type": kind, "url": url},
        )
        for kind, url in credential.schemas
    )


def check_resources(credential: Credential, sources: Sources, now: datetime) -> tuple[Check, ...]:
    """One check for all that match, one for each that differs or was not compared."""
    checks: list[Check] = []
    matching = fetches = 0
    for resource in credential.resources:
        data = shipped_bytes(resource.id)
        if data is None and fetches >= MAX_FETCHES:
            checks.append(_not_checked(resource, f"only {MAX_FETCHES} documents are fetched"))
            continue
        try:
            if data is None:
                fetches += 1
                data = sources.documents.get(resource.id, now=now)
            fits = _fits(resource, data)
        except (Unobtainable, NotAllowed, Malformed) as err:
            checks.append(_not_checked(resource, str(err)))
            continue
        if fits:
            matching += 1
        else:
            facts = {"url": resource.id}
            checks.append(_resource(Result.FAIL, Reason.RESOURCE_DIFFERS, **facts))
    if matching:
        checks.append(_resource(Result.PASS, Reason.RESOURCES_MATCH, count=str(matching)))
    return tuple(checks)


def _fits(resource: RelatedResource, data: bytes) -> bool:
    """Whether each digest given is that of `data`.  Raises `Malformed` for one of no known hash."""
    if resource.sri and not _fits_sri(resource.sri, data):
        return False
    return all(_fits_multibase(text, data) for text in resource.multibase)


def _fits_sri(text: str, data: bytes) -> bool:
    """W3C Subresource Integrity, section 3.3.4: of the strongest hash named, one must fit."""
    found = [match for match in map(_SRI.fullmatch, text.split()) if match]
    if not found:
        raise Malformed("its digest is of no hash that we know")
    strongest = max(_STRENGTH.index(match[1]) for match in found)
    name = _STRENGTH[strongest]
    actual = hashlib.new(name, data).digest()
    return any(
        hmac.compare_digest(_base64(match[2]), actual) for match in found if match[1] == name
    )


def _base64(text: str) -> bytes:
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as err:
        raise Malformed("its digest is not base64") from err


def _fits_multibase(text: str, data: bytes) -> bool:
    digest = multibase.decode(text, max_length=256)
    name = _MULTIHASH.get(digest[:2])
    if name is None:
        raise Malformed("its digest is of no hash that we know")
    return hmac.compare_digest(digest[2:], hashlib.new(name, data).digest())


def _not_checked(resource: RelatedResource, problem: str) -> Check:
    facts = {"url": resource.id, "problem": problem}
    return _resource(Result.NOT_CHECKED, Reason.RESOURCE_NOT_CHECKED, **facts)


def _resource(result: Result, reason: Reason, **facts: str) -> Check:
    return Check(CheckId.RESOURCES, result, reason, facts)
