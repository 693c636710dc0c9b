"""From an expanded document to quads, with slots where sentinels stand for leaves.

Source: JSON-LD 1.1 API, sections 7.2 and 8.1 (deserialise to RDF).  Written out here, as it is
small on a document without repeated ids, and so that nothing is dropped: what has no quad is
refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cairn.core.codec.iri import is_absolute_iri
from cairn.core.rdf import nquads
from cairn.core.rdf.outline import Leaf, Uncovered

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where leaf number `leaf` stands: as an IRI, or as a literal of `datatype` or `language`."""

    leaf: int
    is_iri: bool
    datatype: str = ""
    language: str = ""


Term = str | Slot
TemplateQuad = tuple[Term, Term, Term, Term]


@dataclass(frozen=True, slots=True)
class Sentinels:
    """Stand-ins for leaves.  A counter, checked absent from the shape: the core has no randomness.

    `base` is the base IRI given to the expansion: whatever ends up below it was relative.
    """

    prefix: str
    base: str

    @classmethod
    def absent_from(cls, shape: bytes) -> "Sentinels":
        """Stand-ins that do not occur in `shape`."""
        number = 0
        while f"slot:{number}:".encode() in shape or f"base-{number}.".encode() in shape:
            number += 1
        return cls(f"urn:slot:{number}:", f"https://base-{number}.invalid/")

    def of(self, count: int) -> Iterator[Leaf]:
        return (f"{self.prefix}{index}" for index in range(count))

    def leaf(self, value: str) -> int | None:
        """The leaf that `value` stands for, None if it is none.

        Raises `Uncovered` if a stand-in is only a part of it.
        """
        if self.prefix not in value:
            return None
        number = value.removeprefix(self.prefix)
        if not number.isdecimal():
            raise Uncovered(f"a value is rewritten by its context: {value!r}")
        return int(number)


def foreign(key: str) -> str:
    """What to say of a key or a name that no context defines."""
    return f"{key!r} is not a term here, so no signature covers it; remove it or rename it"


def template_quads(node: Mapping[str, Any], sentinels: Sentinels) -> list[TemplateQuad]:
    """The quads of an expanded node object.  Raises `Uncovered` for what has none."""
    writer = _Writer(sentinels)
    writer.node(node, "")
    return writer.quads


@dataclass(slots=True)
class _Writer:
    """Quads so far, and the labels still to be given to blank nodes."""

    sentinels: Sentinels
    quads: list[TemplateQuad] = field(default_factory=list)
    labels: Iterator[int] = field(default_factory=count)

    def node(self, node: Mapping[str, Any], graph: Term) -> Term:
        """Write the quads of a node object into `graph`; its term."""
        subject = self._iri(node["@id"]) if "@id" in node else self._blank()
        for key, values in node.items():
            if key == "@type":
                for name in values:
                    self.quads.append((subject, f"<{_RDF}type>", self._iri(name), graph))
            elif not key.startswith("@"):
                predicate = self._iri(key)
                if isinstance(predicate, Slot):
                    raise Uncovered("a value is used as a property")
                for value in values:
                    self.quads.append((subject, predicate, self._object(value, graph), graph))
            elif key != "@id":
                raise Uncovered(f"{key} has no place in the signed graph")
        return subject

    def _object(self, value: Mapping[str, Any], graph: Term) -> Term:
        if "@value" in value:
            return self._literal(value)
        if "@list" in value:
            return self._list(value["@list"], graph)
        if value.keys() != {"@graph"}:
            return self.node(value, graph)
        name = self._blank()
        for node in value["@graph"]:
            self.node(node, name)
        return name

    def _list(self, values: list[Mapping[str, Any]], graph: Term) -> Term:
        rest: Term = f"<{_RDF}nil>"
        for value in reversed(values):
            link = self._blank()
            first = self._object(value, graph)
            self.quads.append((link, f"<{_RDF}first>", first, graph))
            self.quads.append((link, f"<{_RDF}rest>", rest, graph))
            rest = link
        return rest

    def _literal(self, value: Mapping[str, Any]) -> Term:
        language, datatype = value.get("@language", ""), value.get("@type", nquads.XSD_STRING)
        if not value.keys() <= {"@value", "@type", "@language"}:
            raise Uncovered("write the plain value, or @value with @language and nothing else")
        if datatype.startswith(self.sentinels.base) or ":" not in datatype:
            raise Uncovered(f"a value has the relative datatype {datatype!r}")
        leaf = self.sentinels.leaf(value["@value"])
        if leaf is None:
            raise Uncovered(f"{value['@value']!r} became a literal although it is no leaf")
        return Slot(leaf, False, "" if language else datatype, language)

    def _iri(self, value: str) -> Term:
        leaf = self.sentinels.leaf(value)
        if leaf is not None:
            return Slot(leaf, is_iri=True)
        if value.startswith(self.sentinels.base):
            raise Uncovered(foreign(value.removeprefix(self.sentinels.base)))
        if not is_absolute_iri(value):
            raise Uncovered(f"{value!r} is not an absolute IRI")
        return nquads.iri(value)

    def _blank(self) -> Term:
        return f"_:b{next(self.labels)}"
