"""How a value class becomes an Open Badges object and back, by one table that its fields make.

A field `value_min: Line = ""` is the term `valueMin`; its rule says what may stand there.  A class
lists only terms that the 3.0.3 context defines for its type, because JSON-LD drops others without
a word.  Writing keeps one order of keys (id, type, then the fields), so that the credentials of a
batch have one shape.
"""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Annotated, ClassVar, TypeVar, get_args, get_origin, get_type_hints

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed
from cairn.core.openbadges.rules import Rule, Scalar, kind
from cairn.core.rdf.outline import pointer

MAX_ENTRIES = 500  # in one array


@dataclass(frozen=True, slots=True)
class Part:
    """An object inside a badge.  Subclasses call `check_terms` in `__post_init__`."""

    TYPE: ClassVar[str] = ""  # "" writes no type
    # The strict JSON Schema wants a bare string for some types and an array for the rest.
    TYPE_IS_ARRAY: ClassVar[bool] = True
    MAY_BE_IRI: ClassVar[bool] = False  # read from a bare IRI too: its id says enough


P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the table: plain values have a `rule`, objects a `part`."""

    attribute: str
    name: str
    is_required: bool
    is_many: bool
    rule: Rule | None
    part: type[Part] | None


def terms_of(cls: type[Part]) -> tuple[Term, ...]:
    """The table of `cls`, in the order of its fields."""
    return _table(cls)  # type: ignore[arg-type]  # mypy takes the hash of a class for its objects'


@cache
def _table(cls: type[Part]) -> tuple[Term, ...]:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(
        _term(field.name, field.default is MISSING, hints[field.name]) for field in fields(cls)
    )


def check_terms(part: Part) -> None:
    """Raise `Malformed`, with the term as path, for what breaks the rule of its field."""
    for term in terms_of(type(part)):
        value: object = getattr(part, term.attribute)
        path = f"/{term.name}"
        if _is_absent(value):
            if term.is_required:
                raise Malformed("is missing; fill it in", path)
        elif not term.is_many:
            _check_value(term, value, path)
        elif not isinstance(value, tuple):
            raise Malformed(f"is {kind(value)}; give a tuple", path)
        else:
            if len(value) > MAX_ENTRIES:
                raise Malformed(f"has {len(value)} entries; keep {MAX_ENTRIES} at most", path)
            for index, entry in enumerate(value):
                _check_value(term, entry, f"{path}/{index}")


def to_json(part: Part) -> dict[str, Json]:
    """The object that `part` is: nothing absent, nothing empty, no entry of an array twice."""
    document: dict[str, Json] = {}
    for term in terms_of(type(part)):
        value: object = getattr(part, term.attribute)
        if not _is_absent(value):
            document[term.name] = _written(value)
    kinds: Json = [part.TYPE] if part.TYPE_IS_ARRAY else part.TYPE
    head = {"id": document.pop("id")} if "id" in document else {}
    return {**head, **({"type": kinds} if part.TYPE else {}), **document}


def read_part(cls: type[P], value: Json, path: str, lost: list[str]) -> P:
    """The `cls` that `value` describes; pointers of what it cannot hold are added to `lost`.

    Raises `Malformed`, with `path` and below, for wrong JSON types, absent terms and broken rules.
    """
    if isinstance(value, str) and cls.MAY_BE_IRI:
        value = {"id": value, "type": [cls.TYPE]}
    if not isinstance(value, dict):
        raise Malformed(f"is {kind(value)}; write an object of type {cls.TYPE}", path)
    lost += _foreign_types(cls, value.get("type"), f"{path}/type")
    known = {term.name: term for term in terms_of(cls)}
    found: dict[str, object] = {}
    for name, entry in value.items():
        where = pointer(path, name)
        if name in known and entry == "":
            continue  # exporters write "" for what they do not have
        if name in known:
            found[known[name].attribute] = _read_term(known[name], entry, where, lost)
        elif name != "type" and (path or name != "@context"):
            lost.append(where)
    for term in known.values():
        if term.is_required and term.attribute not in found:
            raise Malformed("is missing; fill it in", pointer(path, term.name))
    make: Callable[..., P] = cls
    try:
        return make(**found)
    except Malformed as err:
        raise Malformed(str(err.args[0]), path + err.path) from err


def refuse_shared_ids(document: Json) -> None:
    """Raise `Malformed` where two different objects have one id: in RDF they would be one.

    Then what is said of one is said of the other, and properties can be moved between them.
    """
    first: dict[str, tuple[Json, str]] = {}
    for value, path in _objects(document, ""):
        identity = value.get("id")
        if not isinstance(identity, str):
            continue
        known, where = first.setdefault(identity, (value, path))
        if known != value:
            raise Malformed(
                f"is the id of {where or 'the whole document'} too, which says something else; "
                "give one of them another id",
                f"{path}/id",
            )


def _objects(value: Json, path: str) -> Iterator[tuple[dict[str, Json], str]]:
    if isinstance(value, dict):
        yield value, path
        for name, entry in value.items():
            yield from _objects(entry, pointer(path, name))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _objects(entry, f"{path}/{index}")


def _term(attribute: str, is_required: bool, hint: object) -> Term:
    first, *rest = attribute.split("_")
    name = first + "".join(map(str.capitalize, rest))
    is_many = get_origin(hint) is tuple
    inner: object = get_args(hint)[0] if is_many else hint
    if get_origin(inner) is Annotated:
        rule = next(entry for entry in get_args(inner) if isinstance(entry, Rule))
        return Term(attribute, name, is_required, is_many, rule, None)
    candidates = [inner, *get_args(inner)]
    part = next(c for c in candidates if isinstance(c, type) and issubclass(c, Part))
    return Term(attribute, name, is_required, is_many, None, part)


def _is_absent(value: object) -> bool:
    return value is None or value == "" or value == ()


def _check_value(term: Term, value: object, path: str) -> None:
    if term.rule:
        if flaw := term.rule.flaw(value):
            raise Malformed(flaw, path)
    elif term.part and not isinstance(value, term.part):
        raise Malformed(f"is {kind(value)}; give a {term.part.__name__}", path)


def _written(value: object) -> Json:
    if isinstance(value, Part):
        return to_json(value)
    if isinstance(value, tuple):
        entries: list[Json] = []
        for entry in map(_written, value):
            if entry not in entries:  # RDF is a set: a second copy would be signed by nobody
                entries.append(entry)
        return entries
    if isinstance(value, Scalar):
        return value
    raise TypeError(f"{type(value).__name__} in a badge")  # `check_terms` lets none in


def _foreign_types(cls: type[Part], value: Json, path: str) -> list[str]:
    names = value if isinstance(value, list) else [value]
    if cls.TYPE and cls.TYPE not in names:
        raise Malformed(f"does not name {cls.TYPE}; add it", path)
    own = (cls.TYPE or cls.__name__, None)  # a type that we do not write may still be given
    return [f"{path}/{i}" for i, name in enumerate(names) if name not in own]


def _read_term(term: Term, value: Json, path: str, lost: list[str]) -> object:
    if not term.is_many:
        return _read_value(term, value, path, lost)
    entries = value if isinstance(value, list) else [value]  # JSON-LD: one entry needs no array
    return tuple(_read_value(term, entry, f"{path}/{i}", lost) for i, entry in enumerate(entries))


def _read_value(term: Term, value: Json, path: str, lost: list[str]) -> object:
    if term.part:
        return read_part(term.part, value, path, lost)
    _check_value(term, value, path)  # here, where the path within the document is known
    return value
