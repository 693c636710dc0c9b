"""Members of a JSON object read strictly, each refusal with its path; for status documents."""

import re

from cairn.core.codec.strict_json import Json
from cairn.core.errors import Malformed

MAX_URL_CHARACTERS = 2048
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f]+")


def read_object(value: Json, path: str) -> dict[str, Json]:
    """`value` as an object.  Raises `Malformed` with `path`, as all here do."""
    if not isinstance(value, dict):
        raise Malformed(f"need an object, not {kind_of(value)}", path)
    return value


def read_string(owner: dict[str, Json], name: str, path: str) -> str:
    """The non-empty string `name`."""
    value = owner.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"need a string, not {kind_of(value)}", f"{path}/{name}")
    return value


def read_optional_string(owner: dict[str, Json], name: str) -> str | None:
    """The string `name` at the top of a document, None if it is absent."""
    return read_string(owner, name, "") if name in owner else None


def read_strings(owner: dict[str, Json], name: str, path: str) -> tuple[str, ...]:
    """A string or a non-empty array of them, as a tuple."""
    value = owner.get(name)
    if isinstance(value, str) and value:
        return (value,)
    items = value if isinstance(value, list) else [value]
    strings = tuple(item for item in items if isinstance(item, str) and item)
    if not strings or len(strings) != len(items):
        raise Malformed(f"need a string or strings, not {kind_of(value)}", f"{path}/{name}")
    return strings


def read_url(owner: dict[str, Json], name: str, path: str) -> str:
    """The absolute URL `name`."""
    value = read_string(owner, name, path)
    if len(value) > MAX_URL_CHARACTERS or not _URL.fullmatch(value):
        raise Malformed(f"{value!r:.120} is not a URL", f"{path}/{name}")
    return value


def read_whole(owner: dict[str, Json], name: str, path: str, *, least: int) -> int | None:
    """The whole number `name`, None if it is absent."""
    if name not in owner:
        return None
    value = owner[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        problem = f"need a whole number of {least} or more, not {kind_of(value)}"
        raise Malformed(problem, f"{path}/{name}")
    return value


def kind_of(value: Json) -> str:
    """What a wrong value is, without repeating what may be long or private."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "this number"
    if isinstance(value, str):
        return "this string" if value else "an empty string"
    return "an array of other things" if isinstance(value, list) else "an object"
