"""The time that leases and due times are measured by: the database's.

Workers on several machines disagree about the time, and one that is ahead would take away what
another is at.  SQLite has no clock but ours, and no second machine.
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """What time it is for the queue.  One query on PostgreSQL."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found
