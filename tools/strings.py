"""Bring `platform/locale` up to date with the code: `python -m tools.strings`.

Django's own `makemessages` calls GNU gettext's programs; this reads the same strings with Babel.
"""

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "cairn"
LOCALE = SOURCE / "platform" / "locale"
LANGUAGES = ("fr",)
_OWN_CATALOGUE = ("core", "net", "cli")  # `core/wording` has one; commands speak English

_KEYWORDS = DEFAULT_KEYWORDS | {
    "_lazy": None,
    "now_": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

_Extracted = Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]


def extract_template(
    source: IO[bytes], keywords: Mapping[str, Any], tags: Collection[str], options: Any
) -> _Extracted:
    """Babel's extractor for Django templates: Django writes them as calls, Babel reads calls."""
    calls = templatize(source.read().decode())
    flat = re.sub(r"^[ \t]+", "", calls, flags=re.MULTILINE)  # no indentation to be wrong
    # what is no call of gettext is only Xs and punctuation
    lines = (line if "gettext" in line or "_(" in line else "" for line in flat.splitlines())
    return extract_python(BytesIO("\n".join(lines).encode()), keywords, tags, options)


def strings_of_the_rooms() -> Catalog:
    """Every string that a person may read on a page or in a letter, with the files it stands in."""
    found = Catalog(charset="utf-8")
    method_map = [("**.py", "python"), ("**/templates/**", "tools.strings:extract_template")]
    extracted = extract_from_dir(
        SOURCE, method_map, keywords=_KEYWORDS, comment_tags=("Translators:",)
    )
    for name, _line, message, comments, context in sorted(extracted, key=lambda row: row[:2]):
        if name.split("/")[0] not in _OWN_CATALOGUE:
            path = f"src/cairn/{name}"
            found.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    """Where the catalogue of a language stands; the compiled one is beside it, as `.mo`."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is in the repository."""
    with path_of(language).open("rb") as source:
        return read_po(source, locale=language)


def _update(language: str) -> list[str]:
    """Write both files of a language; what has no translation yet."""
    catalogue = read(language)
    catalogue.update(strings_of_the_rooms(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with path_of(language).open("wb") as target:
        write_po(
            target, catalogue, width=0, sort_by_file=True, include_lineno=False, omit_header=False
        )
    with path_of(language).with_suffix(".mo").open("wb") as target:
        write_mo(target, catalogue)
    return [str(message.id) for message in catalogue if message.id and not translated(message)]


def translated(message: Any) -> bool:
    """Whether a message has its text, in every number."""
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(texts) and not message.fuzzy


def main() -> int:
    """Bring every catalogue up to date; 1 if a string waits for its translation."""
    waiting = [f"{language}: {text}" for language in LANGUAGES for text in _update(language)]
    sys.stdout.write("".join(f"no translation yet, {text}\n" for text in waiting))
    return 1 if waiting else 0


if __name__ == "__main__":
    raise SystemExit(main())
