"""What a batch gives out: its JSON with holes, and the look at what was written.

A learner's name that ends in `",` must not end the JSON: what is emitted is parsed again and
compared with the document that was meant, before anyone gets it.
"""

import copy
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError
from cairn.core.rdf.outline import Leaf
from cairn.core.rdf.slots import Sentinels
from cairn.core.rdf.template import Template, line_of, template

Path = tuple[str | int, ...]
PROOF_VALUE: Path = ("proof", 0, "proofValue")


class DamagedEmission(CairnError):
    """What was written does not read back as what was signed: a fault of ours, nothing leaves."""

    def __init__(self) -> None:
        super().__init__("what was signed does not read back as it was; nothing was issued")


@dataclass(frozen=True, slots=True)
class Mirror:
    """A document of its own, in which values are put to compare it with what was parsed."""

    document: Any
    places: tuple[tuple[Any, str | int], ...]
    lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, document: Mapping[str, Json], paths: Sequence[Path]) -> "Mirror":
        own = orjson.loads(orjson.dumps(dict(document)))  # the parser gives equal keys one object
        return cls(own, tuple((holder_of(own, path), path[-1]) for path in paths))

    def check(self, parsed: Json, values: Sequence[Leaf]) -> None:
        """Raise `DamagedEmission` unless `parsed` is the document with these values."""
        with self.lock:
            for (holder, step), value in zip(self.places, values, strict=True):
                holder[step] = value
            is_same = parsed == self.document
        if not is_same:
            raise DamagedEmission


def path_of(pointer: str, document: Json) -> Path:
    """`pointer` (RFC 6901) as the steps from `document` to what it points at."""
    steps: list[str | int] = []
    value: Any = document
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        step: str | int = int(name) if isinstance(value, list) else name
        steps.append(step)
        value = value[step]
    return tuple(steps)


def holder_of(document: Any, path: Path) -> Any:
    """The object or array in `document` that has the last step of `path`."""
    for step in path[:-1]:
        document = document[step]
    return document


def json_template(
    signed: Mapping[str, Json], paths: Sequence[Path], values: Sequence[Leaf]
) -> Template:
    """The JSON of `signed` with holes: the texts, then the numbers, then the proof value."""
    document: Any = copy.deepcopy(dict(signed))
    prefix = Sentinels.absent_from(orjson.dumps(document)).prefix
    texts = [path for path, value in zip(paths, values, strict=True) if isinstance(value, str)]
    numbers = [path for path in paths if path not in texts]
    for place, path in enumerate([*texts, *numbers, PROOF_VALUE]):
        holder_of(document, path)[path[-1]] = f"{prefix}{place}"
    first, *parts = re.split(rb'"%b([0-9]+)"' % re.escape(prefix).encode(), orjson.dumps(document))
    pieces: list[bytes | int] = [first]
    for place, after in zip(map(int, parts[::2]), parts[1::2], strict=True):
        is_number = len(texts) <= place < len(texts) + len(numbers)
        quote = b"" if is_number else b'"'
        pieces += [quote, place, quote + after]
    return template([[line_of(pieces)]])
