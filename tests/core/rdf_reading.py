"""N-Quads in and out by pyoxigraph, which shares no code with ours: the judge of these tests."""

from collections.abc import Iterable

import pyoxigraph as ox

from cairn.core.rdf.nquads import Quad, iri, literal


def parsed(nquads: bytes) -> list[ox.Quad]:
    """The quads of a document; blank nodes keep the labels they have there."""
    return list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))


def ours(quads: Iterable[ox.Quad]) -> list[Quad]:
    """The same quads in our terms."""
    return [
        (term(quad.subject), term(quad.predicate), term(quad.object), term(quad.graph_name))
        for quad in quads
    ]


def term(value: object) -> str:
    """One term; "" for the default graph."""
    match value:
        case ox.NamedNode():
            return iri(value.value)
        case ox.BlankNode():
            return f"_:{value.value}"
        case ox.Literal():
            return literal(
                value.value, datatype=value.datatype.value, language=value.language or ""
            )
        case ox.DefaultGraph():
            return ""
        case _:
            raise TypeError(f"no term of RDF 1.1: {value!r}")
