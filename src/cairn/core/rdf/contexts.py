"""The JSON-LD contexts Cairn knows: shipped as data, pinned by digest, never fetched.

Source: JSON-LD 1.1 section 3.1; VC Data Model 2.0 section 4.3 and appendix B.1 (digest of the base
context).  `shipped/README.md` says which published package each file was taken from.

A context decides what every word of a credential means, so a document may only carry one of the
exact sequences listed here.  A sequence that is merely harmless-looking (another order, a repeated
entry) is refused too: peers would read it, and we would have to prove that it means the same.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, Unobtainable, Unverifiable

VC_2 = "https://www.w3.org/ns/credentials/v2"
VC_1 = "https://www.w3.org/2018/credentials/v1"
OB_3_0_3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OB_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
CLR_2_0_1 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
DATA_INTEGRITY_2 = "https://w3id.org/security/data-integrity/v2"
DATA_INTEGRITY_1 = "https://w3id.org/security/data-integrity/v1"
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"
STATUS_LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"

_OB_VERSIONS = (
    OB_3_0_3,
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
)

# url -> (file under shipped/, SHA-256 of its bytes)
PINNED: Mapping[str, tuple[str, str]] = {
    VC_2: (
        "credentials-v2.jsonld",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    OB_3_0_3: (
        "ob-3.0.3.jsonld",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    _OB_VERSIONS[1]: (
        "ob-3.0.2.jsonld",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    _OB_VERSIONS[2]: (
        "ob-3.0.1.jsonld",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    _OB_VERSIONS[3]: (
        "ob-3.0.jsonld",
        "ce6ab7f5729910f4fd7f35ec2cdb91f15446d1d2f886b6ccc1c1380b47fa8383",
    ),
    OB_EXTENSIONS: (
        "ob-extensions.jsonld",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    CLR_2_0_1: (
        "clr-2.0.1.jsonld",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
    DATA_INTEGRITY_2: (
        "data-integrity-v2.jsonld",
        "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
    ),
    VC_1: (
        "credentials-v1.jsonld",
        "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
    ),
    DATA_INTEGRITY_1: (
        "data-integrity-v1.jsonld",
        "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
    ),
    ED25519_2020: (
        "ed25519-signature-2020-v1.jsonld",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    ),
    STATUS_LIST_2021: (
        "status-list-2021-v1.jsonld",
        "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160",
    ),
}


class UnknownContext(Unobtainable):
    """The document names a context that is not shipped; it is never fetched.  `url` names it."""

    def __init__(self, url: str) -> None:
        super().__init__(f"The context {url!r} is not one that Cairn ships, and none is fetched.")
        self.url = url


class RefusedContext(Unverifiable):
    """The document brings definitions of its own, or known contexts in an order not listed."""

    def __init__(self, problem: str, path: str, *, inline: bool) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem
        self.inline = inline


class DamagedContext(CairnError):
    """A shipped file does not have its pinned digest: this installation was changed."""


@dataclass(frozen=True, slots=True)
class ContextSet:
    """Contexts by URL, and the exact sequences of them that a document may carry.

    `structural` are the terms whose string values are names, not text (`@type: @vocab`); `schemes`
    are terms that a JSON-LD processor would take for a prefix in front of a colon; `digest` stands
    for all of it in cache keys.
    """

    documents: Mapping[str, Mapping[str, Any]]  # JSON-LD as PyLD takes it: untyped by nature
    sequences: frozenset[tuple[str, ...]]
    structural: frozenset[str]
    terms: frozenset[str]
    digest: bytes

    def check(self, value: Json, path: str = "/@context") -> tuple[str, ...]:
        """The sequence in `value`.

        Raises `RefusedContext` for definitions inside the document and for an order or a
        combination that is not listed, `UnknownContext` for a URL that is not shipped.
        """
        entries = value if isinstance(value, list) else [value]
        for index, entry in enumerate(entries):
            if not isinstance(entry, str):
                where = f"{path}/{index}" if isinstance(value, list) else path
                raise RefusedContext("defines its own terms", where, inline=True)
            if entry not in self.documents:
                raise UnknownContext(entry)
        sequence = tuple(map(str, entries))
        if sequence not in self.sequences:
            raise RefusedContext(
                "these contexts, in this order, are not a combination that Cairn knows: "
                + ", ".join(sequence),
                path,
                inline=False,
            )
        return sequence


def context_set(
    documents: Mapping[str, Mapping[str, Any]], sequences: frozenset[tuple[str, ...]]
) -> ContextSet:
    """A set from parsed contexts; `shipped` is the one the product uses."""
    structural: set[str] = set()
    terms: set[str] = set()
    for document in documents.values():
        _collect_terms(document["@context"], structural, terms)
    canonical = json.dumps([documents, sorted(sequences)], sort_keys=True).encode()
    return ContextSet(
        documents,
        sequences,
        frozenset(structural),
        frozenset(terms),
        hashlib.sha256(canonical).digest(),
    )


@cache
def shipped() -> ContextSet:
    """The contexts of this release.  Raises `DamagedContext` if a file is not what was pinned."""
    folder = resources.files("cairn.core.rdf") / "shipped"
    documents = {}
    for url, (name, digest) in PINNED.items():
        data = (folder / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise DamagedContext(f"{name} differs from its pinned digest; install Cairn again.")
        documents[url] = json.loads(data)
    return context_set(documents, _sequences())


def shipped_bytes(url: str) -> bytes | None:
    """The bytes of the context at `url` as shipped, None if it is not one of them."""
    if url not in PINNED:
        return None
    return (resources.files("cairn.core.rdf") / "shipped" / PINNED[url][0]).read_bytes()


def _sequences() -> frozenset[tuple[str, ...]]:
    return frozenset(_sequences_2() + _sequences_1())


def _sequences_2() -> list[tuple[str, ...]]:
    """Of VC 2.0; with `Ed25519Signature2020` as issuers of the change-over wrote it."""
    badge = [(version,) for version in _OB_VERSIONS]
    record = [(CLR_2_0_1,), *((CLR_2_0_1, version) for version in _OB_VERSIONS)]
    suites = [(), (DATA_INTEGRITY_2,), (ED25519_2020,)]
    extras = [(*more, *suite) for more in ((), (OB_EXTENSIONS,)) for suite in suites]
    plain = [(VC_2, *suite) for suite in suites]
    return plain + [(VC_2, *body, *extra) for body, extra in product(badge + record, extras)]


def _sequences_1() -> list[tuple[str, ...]]:
    """Of VC 1.1: badges or none, a status list or none, a suite or none; the two in either order.

    Seen in the wild: suite last (most issuers), suite before the status list (Digital Credentials
    Consortium), suite before the badge context.
    """
    badges = [(), *((version,) for version in _OB_VERSIONS)]
    suites = [(), (DATA_INTEGRITY_2,), (DATA_INTEGRITY_1,), (ED25519_2020,)]
    found: set[tuple[str, ...]] = set()
    for badge, suite, status in product(badges, suites, [(), (STATUS_LIST_2021,)]):
        for more in ((), (OB_EXTENSIONS,)) if badge else ((),):
            found.add((VC_1, *badge, *more, *status, *suite))
            found.add((VC_1, *badge, *more, *suite, *status))
            found.add((VC_1, *suite, *badge, *more, *status))
    return sorted(found)


def _collect_terms(context: object, structural: set[str], terms: set[str]) -> None:
    if isinstance(context, list):
        for entry in context:
            _collect_terms(entry, structural, terms)
    if not isinstance(context, dict):
        return
    for term, definition in context.items():
        if term.startswith("@"):
            continue
        terms.add(term)
        if isinstance(definition, dict):
            if definition.get("@type") == "@vocab" or definition.get("@id") == "@type":
                structural.add(term)
            _collect_terms(definition.get("@context"), structural, terms)
        elif definition == "@type":
            structural.add(term)
