"""Cryptosuite `eddsa-jcs-2022`: Ed25519 over the JCS form of document and configuration.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", section 3.3.
"""

from cairn.core.codec import jcs
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.keys import KeyType
from cairn.core.proofs.cryptosuite import Cryptosuite, Document
from cairn.core.rdf.document import Vocabulary


def jcs_transform(
    document: Document, config: Document, _vocabulary: Vocabulary, _hash_name: str
) -> tuple[bytes, bytes]:
    """JCS of the document under the configuration's contexts, and of the configuration.

    Raises `Malformed` if the configuration's `@context` is not a beginning of the document's.
    """
    signed = dict(document)
    if "@context" in config:
        ours, theirs = _listed(config["@context"]), _listed(document.get("@context"))
        if theirs[: len(ours)] != ours:
            raise Malformed("is not a beginning of the document's @context", "/proof/@context")
        signed["@context"] = config["@context"]
    return jcs.canonicalize(signed), jcs.canonicalize(dict(config))


def configure_with_context(options: dict[str, Json], document: Document) -> dict[str, Json]:
    """The options with the document's `@context`, as the suite's creation algorithm asks."""
    return {"@context": document.get("@context"), **options}


def _listed(context: Json) -> list[Json]:
    return context if isinstance(context, list) else [context]


SUITE = Cryptosuite(
    "eddsa-jcs-2022", frozenset({KeyType.ED25519}), jcs_transform, configure_with_context
)
