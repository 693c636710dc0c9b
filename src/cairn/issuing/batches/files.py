"""The uploaded tables: personal data, in a storage that no address leads to, for as long as needed.

A file is stored before the transaction that names it, and removed after the one that gives it up;
`sweep` removes what a crash between the two left behind.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import IO
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import transaction

from cairn.issuing.models import Batch

_FOLDER = "batches"
_SWEPT_AFTER = timedelta(hours=1)  # an upload is stored and committed by then
_FAILED_KEPT = timedelta(days=7)
_State = Batch.State
_NEEDED = (_State.READING, _State.DRAFT, _State.SUBMITTED)


def keep(batch_id: UUID, file: IO[bytes]) -> None:
    """Store the table of a batch; what was stored of it before goes."""
    discard(batch_id)
    file.seek(0)
    _storage().save(_path(batch_id), File(file))


def opened(batch_id: UUID) -> IO[bytes]:
    """The stored table of a batch, for reading.  Raises `FileNotFoundError` if it is gone."""
    file: IO[bytes] = _storage().open(_path(batch_id))
    return file


def is_kept(batch_id: UUID) -> bool:
    """Whether the table of a batch is stored still."""
    return _storage().exists(_path(batch_id))


def discard(batch_id: UUID) -> None:
    """Remove the table of a batch, if it is stored."""
    _storage().delete(_path(batch_id))


def discard_on_commit(batch_id: UUID) -> None:
    """Remove the table of a batch once what makes it needless is committed."""
    transaction.on_commit(partial(discard, batch_id))


def sweep(now: datetime) -> int:
    """Remove tables whose batch needs them no more, or never came to be; how many.

    One that could not be read may be read in another way for a week.
    """
    storage = _storage()
    names = storage.listdir(_FOLDER)[1] if storage.exists(_FOLDER) else []
    stored = {name: storage.get_modified_time(f"{_FOLDER}/{name}") for name in names}
    old = [name for name, at in stored.items() if at < now - _SWEPT_AFTER]
    states = dict(Batch.objects.filter(pk__in=old).values_list("pk", "state"))
    needed = {str(pk) for pk, state in states.items() if state in _NEEDED}
    needed |= {
        name
        for name in map(str, (pk for pk, state in states.items() if state == _State.FAILED))
        if stored[name] >= now - _FAILED_KEPT
    }
    needless = set(old) - needed
    for name in needless:
        storage.delete(f"{_FOLDER}/{name}")
    return len(needless)


def _storage() -> Storage:
    return storages["private"]


def _path(batch_id: UUID) -> str:
    return f"{_FOLDER}/{batch_id}"
