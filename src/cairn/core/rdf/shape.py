"""Shapes compiled once, documents filled in: from JSON-LD to quads.

What a shape means is decided in `expansion`; what may stand in its slots is decided here, for each
document.  Shapes are kept in `cache`.

Sources: JSON-LD 1.1 API, section 8.2.2 (numbers); RFC 3987 (IRIs).
"""

from dataclasses import dataclass

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.rdf import nquads
from cairn.core.rdf.expansion import expand
from cairn.core.rdf.nquads import Quad
from cairn.core.rdf.outline import Leaf, Outline, Uncovered, leaf_paths
from cairn.core.rdf.positions import check_positions
from cairn.core.rdf.processor import Processor
from cairn.core.rdf.slots import Slot, TemplateQuad, Term

_XSD = "http://www.w3.org/2001/XMLSchema#"
_OB_XSD = "https://www.w3.org/2001/XMLSchema#"  # Open Badges spells it so
_NUMBERS = frozenset({"integer", "decimal", "float", "double", "nonNegativeInteger"})
_DOUBLE = _XSD + "double"


@dataclass(frozen=True, slots=True)
class Shape:
    """The quads of all documents of one shape, and the slot of each leaf."""

    quads: tuple[TemplateQuad, ...]
    slots: tuple[Slot, ...]  # one a leaf, in the order of the leaves
    schemes: frozenset[str]  # terms that would be taken for a prefix in an IRI
    skeleton: Json

    def fill(self, leaves: tuple[Leaf, ...]) -> list[Quad]:
        """The quads of the document with these leaves.  Raises `Uncovered` for an unfit one."""
        terms = [self.render(slot, leaf) for slot, leaf in zip(self.slots, leaves, strict=True)]

        def filled(term: Term) -> str:
            return terms[term.leaf] if isinstance(term, Slot) else term

        return [(filled(s), filled(p), filled(o), filled(g)) for s, p, o, g in self.quads]

    def render(self, slot: Slot, leaf: Leaf) -> str:
        """The term that `leaf` becomes in `slot`.  Raises `Uncovered` for an unfit one."""
        problem = unfit(slot, leaf, self.schemes)
        if problem:
            raise Uncovered(problem, leaf_paths(self.skeleton)[slot.leaf])
        if slot.is_iri:
            return f"<{leaf}>"
        text, datatype = lexical(leaf, slot.datatype)
        return nquads.literal(text, datatype=datatype, language=slot.language)


def compile_shape(outline: Outline, processor: Processor) -> Shape:
    """Work out once what documents of this shape mean.  Raises `Uncovered`; costs milliseconds."""
    check_positions(outline.skeleton)
    quads = expand(outline, processor)
    slots = {term.leaf: term for quad in quads for term in quad if isinstance(term, Slot)}
    return Shape(
        quads,
        tuple(slots[leaf] for leaf in range(len(outline.leaves))),
        processor.contexts.terms,
        outline.skeleton,
    )


def lexical(leaf: Leaf, datatype: str) -> tuple[str, str]:
    """The lexical form and datatype of a leaf in RDF; "" as datatype means plain text."""
    if isinstance(leaf, str):
        return leaf, datatype
    native = datatype in ("", nquads.XSD_STRING)
    if isinstance(leaf, bool):
        return ("true" if leaf else "false"), (_XSD + "boolean" if native else datatype)
    if datatype != _DOUBLE and (isinstance(leaf, int) or leaf.is_integer()):
        return str(int(leaf)), (_XSD + "integer" if native else datatype)
    mantissa, exponent = f"{leaf:.15E}".split("E")
    digits = mantissa.rstrip("0")
    whole = digits + "0" if digits.endswith(".") else digits
    return f"{whole}E{int(exponent)}", (_DOUBLE if native else datatype)


def unfit(slot: Slot, leaf: Leaf, schemes: frozenset[str]) -> str:
    """Why `leaf` cannot stand in `slot`, "" if it can."""
    if slot.is_iri:
        return _unfit_iri(leaf, schemes)
    kind = _kind(leaf)
    wanted = _kinds_of(slot)
    if kind in wanted:
        return ""
    return f"expected {' or '.join(sorted(wanted))}, found {kind}; only text takes quotes"


def _unfit_iri(leaf: Leaf, schemes: frozenset[str]) -> str:
    if not isinstance(leaf, str) or not is_absolute_iri(leaf):
        return f"{_shown(leaf)} is not an absolute IRI, such as a https address or a urn:"
    scheme, _, rest = leaf.partition(":")
    if scheme in schemes and not rest.startswith("//"):
        return f"{_shown(leaf)} begins with a term of the contexts, not with a scheme"
    return ""


def _kinds_of(slot: Slot) -> frozenset[str]:
    """The kinds of JSON value that a term takes.

    One kind for each datatype, as the number 5.5 and the text "5.5E0" would be signed alike.  A
    term without datatype takes all three: there each kind is signed under a datatype of its own.
    """
    if slot.language:
        return frozenset({"text"})
    if slot.datatype in ("", nquads.XSD_STRING):
        return frozenset({"text", "number", "boolean"})
    namespace, _, name = slot.datatype.partition("#")
    if f"{namespace}#" in (_XSD, _OB_XSD) and name in _NUMBERS:
        return frozenset({"number"})
    return frozenset({"boolean" if name == "boolean" else "text"})


def _kind(leaf: Leaf) -> str:
    if isinstance(leaf, str):
        return "text"
    return "boolean" if isinstance(leaf, bool) else "number"


def _shown(leaf: Leaf) -> str:
    return repr(leaf)[:120]
