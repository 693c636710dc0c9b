"""Many rows at once, past the models: COPY on PostgreSQL, one prepared statement on SQLite.

For rows that our own jobs write by the thousand.  Values have the types of the fields they are for
(text as `str`, no member of an enumeration; ids may be as the database gives them), and what is
stored is what `bulk_create` stores.  A column that is not named gets the default of its field; keys
that the database counts are left to it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models

_AT_ONCE = 1000  # rows of one statement, so that an iterator is not read whole
# SQLite's cache of this connection, in KiB: with the usual 2 MiB the pages of a transaction of many
# rows are written several times.
_ROOM = "PRAGMA cache_size = -32768"
_PLAIN = (models.CharField, models.TextField, models.BinaryField, models.IntegerField)


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    alike: Mapping[str, object] | None = None,
) -> None:
    """Insert `rows`, each with a value for each of `columns` (attributes, such as `issuer_id`).

    `alike` are the columns that are the same in all of them.  Constraints hold as ever; refuses to
    run outside a transaction.  Memory is bounded, however long `rows` are.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"rows of {model.__name__} outside a transaction")
    table = _Table(model, columns, alike or {})
    adapted = map(table.adapted, rows)
    if connection.vendor == "postgresql":
        _copy(table, adapted)
    else:
        _execute_many(table, adapted)


class _Table:
    """Where rows go, and how each of their values is adapted."""

    def __init__(
        self, model: type[models.Model], columns: Sequence[str], alike: Mapping[str, object]
    ) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        named = {**dict.fromkeys(columns), **alike}
        left = {
            name: field.get_default()
            for name, field in fields.items()
            if name not in named and not isinstance(field, models.AutoField)
        }
        constants = {**alike, **left}
        self.name = connection.ops.quote_name(model._meta.db_table)
        self.columns = [fields[name] for name in (*columns, *constants)]
        self._adapters = [_adapter(field) for field in self.columns[: len(columns)]]
        self._constants = tuple(_adapter(fields[name])(value) for name, value in constants.items())

    def adapted(self, row: Sequence[object]) -> tuple[Any, ...]:
        """`row` as the database takes it."""
        return (
            *[adapt(value) for adapt, value in zip(self._adapters, row, strict=True)],
            *self._constants,
        )

    @property
    def names(self) -> str:
        """The columns, for a statement."""
        return ", ".join(connection.ops.quote_name(str(field.column)) for field in self.columns)


def _copy(table: _Table, rows: Iterable[tuple[Any, ...]]) -> None:
    types = [str(field.db_type(connection)).partition("(")[0] for field in table.columns]
    statement = f"COPY {table.name} ({table.names}) FROM STDIN (FORMAT BINARY)"
    left = iter(rows)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # Made before COPY begins: what makes them may ask the database, which would wait for ever.
        while part := list(islice(left, _AT_ONCE)):
            with cursor.copy(statement) as copy:
                copy.set_types(types)
                for row in part:
                    copy.write_row(row)


def _execute_many(table: _Table, rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(table.columns))
    statement = f"INSERT INTO {table.name} ({table.names}) VALUES ({marks})"  # noqa: S608 - of models
    left = iter(rows)
    with connection.cursor() as cursor:
        cursor.execute(_ROOM)
        while part := list(islice(left, _AT_ONCE)):
            cursor.executemany(statement, part)


def _adapter(field: Any) -> Callable[[Any], Any]:
    """What makes a value of `field` one that the database takes."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kind, models.UUIDField):
        return _as_it_is if connection.features.has_native_uuid_field else _as_hex
    if isinstance(kind, _PLAIN):
        return _as_it_is
    return partial(field.get_db_prep_save, connection=connection)


def _as_it_is(value: object) -> object:
    return value


def _as_hex(value: UUID | str | None) -> str | None:
    return value.hex if isinstance(value, UUID) else value
