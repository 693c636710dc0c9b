"""The two ways in which a suite makes bytes of a document: canonical RDF, and canonical JSON.

Source: W3C "Data Integrity EdDSA Cryptosuites v1.0", sections 3.2.3 and 3.3.3; the ECDSA
cryptosuites have the same steps with another hash.
"""

from typing import Literal, cast

from cairn.core.codec import jcs
from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.proofs.cryptosuite import Document
from cairn.core.rdf.document import Vocabulary, canonical_bytes, canonical_config


def rdfc_transform(
    document: Document, config: Document, vocabulary: Vocabulary, hash_name: str
) -> tuple[bytes, bytes]:
    """Canonical N-Quads of the document, and of the configuration read in its contexts."""
    name = cast(Literal["sha256", "sha384"], hash_name)
    in_context: dict[str, Json] = {"@context": document.get("@context"), **config}
    return (
        canonical_bytes(dict(document), vocabulary, hash_name=name),
        canonical_config(in_context, vocabulary, hash_name=name),
    )


def configure_plainly(options: dict[str, Json], _document: Document) -> dict[str, Json]:
    """The options as they are: an RDFC suite reads them in the document's contexts."""
    return options


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
