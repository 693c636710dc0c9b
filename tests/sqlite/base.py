"""SQLite for tests that empty the database: triggers that refuse to delete are lifted for it.

Django empties SQLite by DELETE, which the triggers of append-only tables refuse as they should.
PostgreSQL is emptied by TRUNCATE, which they let pass.
"""

from typing import Any

from django.db.backends.sqlite3 import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Drops all triggers, empties the tables, makes the triggers again."""

    def sql_flush(self, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drop = [f"DROP TRIGGER {self.quote_name(name)}" for name, _ in triggers]
        return [*drop, *super().sql_flush(*args, **kwargs), *(sql for _, sql in triggers)]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for emptying."""

    ops_class = DatabaseOperations
