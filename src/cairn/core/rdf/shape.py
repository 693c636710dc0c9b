"""Shapes compiled once, documents filled in: from JSON-LD to quads.

A `Shape` is immutable and published whole; a `ShapeCache` is an object that callers own and pass
in, bounded in bytes, safe to share between threads.  What a shape means is decided in `expansion`;
what may stand in its slots is decided here, for each document.

Sources: JSON-LD 1.1 API, section 8.2.2 (numbers); RFC 3987 (IRIs).
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.codec.strict_json import Json
from cairn.core.rdf import nquads
from cairn.core.rdf.contexts import ContextSet
from cairn.core.rdf.expansion import Slot, TemplateQuad, Term, expand
from cairn.core.rdf.nquads import Quad
from cairn.core.rdf.outline import Leaf, Outline, Uncovered, leaf_paths
from cairn.core.rdf.positions import check_positions

CODE_VERSION = b"1"  # part of cache keys: raise it whenever a shape would mean something else
_XSD = "http://www.w3.org/2001/XMLSchema#"
_OB_XSD = "https://www.w3.org/2001/XMLSchema#"  # Open Badges spells it so
_NUMBERS = frozenset({"integer", "decimal", "float", "double", "nonNegativeInteger"})
_DOUBLE = _XSD + "double"
_BYTES_PER_TERM = 160  # a generous estimate of what a template quad's term costs in memory


@dataclass(frozen=True, slots=True)
class Shape:
    """The quads of all documents of one shape, and the slot of each leaf."""

    quads: tuple[TemplateQuad, ...]
    slots: tuple[Slot, ...]  # one a leaf, in the order of the leaves
    schemes: frozenset[str]  # terms that would be taken for a prefix in an IRI
    skeleton: Json

    def fill(self, leaves: tuple[Leaf, ...]) -> list[Quad]:
        """The quads of the document with these leaves.  Raises `Uncovered` for an unfit one."""
        terms = [self._render(slot, leaf) for slot, leaf in zip(self.slots, leaves, strict=True)]

        def filled(term: Term) -> str:
            return terms[term.leaf] if isinstance(term, Slot) else term

        return [(filled(s), filled(p), filled(o), filled(g)) for s, p, o, g in self.quads]

    def _render(self, slot: Slot, leaf: Leaf) -> str:
        problem = _unfit(slot, leaf, self.schemes)
        if problem:
            raise Uncovered(problem, leaf_paths(self.skeleton)[slot.leaf])
        if slot.is_iri:
            return f"<{leaf}>"
        text, datatype = lexical(leaf, slot.datatype)
        return nquads.literal(text, datatype=datatype, language=slot.language)


def compile_shape(outline: Outline, contexts: ContextSet) -> Shape:
    """Work out once what documents of this shape mean.  Raises `Uncovered`; costs milliseconds."""
    check_positions(outline.skeleton)
    quads = expand(outline, contexts)
    slots = {term.leaf: term for quad in quads for term in quad if isinstance(term, Slot)}
    return Shape(
        quads,
        tuple(slots[leaf] for leaf in range(len(outline.leaves))),
        contexts.terms,
        outline.skeleton,
    )


@dataclass(slots=True)
class ShapeCache:
    """Compiled shapes and refusals, least recently used first out, at most `max_bytes` of them.

    One lock serves compiling too: PyLD's own caches are not known to be safe between threads.
    """

    max_bytes: int = 32 * 2**20
    _kept: OrderedDict[bytes, tuple[Shape | Uncovered, int]] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def shape(self, outline: Outline, contexts: ContextSet) -> Shape:
        """The shape of `outline`, compiled if it is new.  Raises `Uncovered`, at each asking."""
        key = _cache_key(outline, contexts)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found = self._kept[key][0]
            else:
                found = self._compile(key, outline, contexts)
        if isinstance(found, Uncovered):
            raise Uncovered(found.problem, found.path)
        return found

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def used_bytes(self) -> int:
        return self._bytes

    def _compile(self, key: bytes, outline: Outline, contexts: ContextSet) -> Shape | Uncovered:
        try:
            made: Shape | Uncovered = compile_shape(outline, contexts)
            size = len(outline.key) + 4 * _BYTES_PER_TERM * len(getattr(made, "quads", ()))
        except Uncovered as refusal:
            made, size = Uncovered(refusal.problem, refusal.path), 512
        if size <= self.max_bytes:
            self._kept[key] = (made, size)
            self._bytes += size
        while self._bytes > self.max_bytes:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= dropped
        return made


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


def _unfit(slot: Slot, leaf: Leaf, schemes: frozenset[str]) -> str:
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


def _cache_key(outline: Outline, contexts: ContextSet) -> bytes:
    return hashlib.sha256(CODE_VERSION + contexts.digest + outline.key).digest()
