"""Rows that never change: triggers that refuse it, whoever asks, on SQLite and PostgreSQL.

For migrations.  What is refused raises `django.db.IntegrityError`.  TRUNCATE is not refused, nor is
an owner of the database who drops the trigger: that is found by other means.

SQLite forgets the triggers of a table that a later migration makes anew, as most alterations do:
such a migration ends with the same operations again.  A test asks each table.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_EVENTS = ("UPDATE", "DELETE")
_FUNCTION = """
CREATE OR REPLACE FUNCTION cairn_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def never_changes(table: str, *, when: str = "", may_be_removed: bool = False) -> RunPython:
    """Rows of `table` are not updated, nor removed unless `may_be_removed`.

    `when` is a condition on the row as it was, in SQL with `OLD.`; without it, always.
    """
    events = _EVENTS[:1] if may_be_removed else _EVENTS

    def guard(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_FUNCTION, params=None)
        for event in events:
            editor.execute(_drop(editor, table, event), params=None)
            editor.execute(_create(editor, table, event, when), params=None)

    def lift(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        for event in events:
            editor.execute(_drop(editor, table, event), params=None)

    return RunPython(guard, lift)


def _create(editor: BaseDatabaseSchemaEditor, table: str, event: str, when: str) -> str:
    condition = f" WHEN ({when})" if when else ""
    head = f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} FOR EACH ROW{condition}"
    if editor.connection.vendor == "postgresql":
        return f"{head} EXECUTE FUNCTION cairn_refuse_change()"
    return f"{head} BEGIN SELECT RAISE(ABORT, 'a row of {table} never changes'); END"


def _drop(editor: BaseDatabaseSchemaEditor, table: str, event: str) -> str:
    where = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {_name(table, event)}{where}"


def _name(table: str, event: str) -> str:
    return f"{table}_refuses_{event.lower()}"
