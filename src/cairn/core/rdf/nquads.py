"""Terms and quads in canonical N-Quads: one spelling for each, so that equal data hash equal.

Source: W3C "RDF Dataset Canonicalization" (RDFC-1.0), appendix A "A Canonical form of N-Quads",
on the grammar of W3C "RDF 1.1 N-Quads".

Writing only.  A term is kept in its serialised form from the moment it is made: comparing,
sorting and hashing then are plain string work.  Which quads a document holds is decided by the
JSON-LD reader; blank nodes get their lasting names in `cairn.core.rdf.canonical`.
"""

import re

from cairn.core.errors import Malformed

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph as N-Quads terms; graph is "" for the default graph.

IRIs as `<...>`, blank nodes as `_:label`, literals quoted and escaped.
"""

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SPECIAL = re.compile(r'[\x00-\x1f\x7f"\\\ud800-\udfff]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\\ud800-\udfff]')  # the IRIREF production
_LANGUAGE = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z0-9]+)*")  # the LANGTAG production, not all of BCP 47


def literal(value: str, *, datatype: str = "", language: str = "") -> str:
    """The literal as a term; `datatype` is a plain IRI, no datatype means xsd:string.

    `value` and `language` are kept as they are: "1.0" is not "1", and "en-GB" not "en-gb".
    Raises `Malformed` on a lone surrogate (no UTF-8, so nothing to sign), on a language tag or
    datatype that N-Quads cannot hold, and on a language beside any datatype but rdf:langString.
    """
    quoted = f'"{_SPECIAL.sub(_escape, value)}"'
    if language:
        if datatype not in ("", RDF_LANG_STRING):
            raise Malformed(f"literal with language {language!r} and datatype {datatype!r}")
        if not _LANGUAGE.fullmatch(language):
            raise Malformed(f"{language!r} is not a language tag")
        return f"{quoted}@{language}"
    if datatype == RDF_LANG_STRING:
        raise Malformed("literal of type rdf:langString without a language")
    return quoted if datatype in ("", XSD_STRING) else f"{quoted}^^{iri(datatype)}"


def iri(value: str) -> str:
    """The IRI as a term.  Raises `Malformed` on "" and on a character that needs an escape.

    N-Quads could write such a character as an escape, but no IRI may hold it (RFC 3987), and
    libraries drop or keep these quads as they please: what is signed must not depend on that.
    """
    if not value or _NOT_IN_IRI.search(value):
        raise Malformed(f"{value!r} is not an IRI")
    return f"<{value}>"


def line(quad: Quad) -> str:
    """The quad as one N-Quads statement, line feed included; terms are taken as they are."""
    subject, predicate, object_, graph = quad
    if graph:
        return f"{subject} {predicate} {object_} {graph} .\n"
    return f"{subject} {predicate} {object_} .\n"


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character >= "\ud800":
        raise Malformed(f"text with a lone surrogate, U+{ord(character):04X}")
    return _SHORT.get(character) or f"\\u{ord(character):04X}"
