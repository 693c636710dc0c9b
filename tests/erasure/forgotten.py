"""Where a word stands in the whole database and in all stored files: the judge of an erasure."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import connection


def places_of(words: Iterable[str]) -> list[str]:
    """Each table and column, and each stored file, in which one of `words` stands in any spelling.

    Every column of every table is read, as text and as bytes: what a later room adds as well.
    """
    wanted = [word.lower() for word in words]
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                found += [
                    f"{table}.{name}: {word}"
                    for name, value in zip(names, row, strict=True)
                    for word in wanted
                    if word in _text(value)
                ]
    return sorted({*found, *_files(wanted)})


def _files(wanted: list[str]) -> list[str]:
    folder = Path(settings.CAIRN.data_dir)
    kept = [path for path in folder.rglob("*") if path.is_file() and ".sqlite3" not in path.name]
    return [
        f"{path}: {word}" for path in kept for word in wanted if word in _text(path.read_bytes())
    ]


def _text(value: object) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").lower()
    text = str(value)
    if "\\u" in text:  # JSON as SQLite keeps it
        text += text.encode("ascii", "backslashreplace").decode("unicode_escape")
    return text.lower()
