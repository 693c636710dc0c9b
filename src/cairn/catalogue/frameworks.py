"""Fields of study and levels, with the addresses that stand for them in signed credentials.

Sources: ISCED-F 2013 (UNESCO Institute for Statistics), its detailed fields without "not further
defined" and "not elsewhere classified"; European Qualifications Framework.  The addresses are
those of the European Union's Skills and Qualifications data (data.europa.eu/snb).
"""

import csv
from functools import cache
from importlib import resources

EQF_LEVELS = range(1, 9)


@cache
def _fields() -> dict[str, dict[str, str]]:
    text = (resources.files("cairn.catalogue") / "isced_f.csv").read_text(encoding="utf-8")
    return {row.pop("code"): row for row in csv.DictReader(text.splitlines())}


def fields_of_study(language: str) -> list[tuple[str, str]]:
    """Code and name of each detailed field, in that language or in English."""
    return [(code, names.get(language, names["en"])) for code, names in _fields().items()]


def field_name(code: str, language: str) -> str:
    """What ISCED-F calls the field `code`; "" for a code that is none of its.

    >>> field_name("0613", "fr")
    'Développement et analyse de logiciels et d’applications'
    """
    names = _fields().get(code, {})
    return names.get(language) or names.get("en", "")


def isced_f_url(code: str) -> str:
    """The address of a field of study."""
    return f"http://data.europa.eu/snb/isced-f/{code}"


def eqf_url(level: int) -> str:
    """The address of a level of the European Qualifications Framework."""
    return f"http://data.europa.eu/snb/eqf/{level}"
