"""Files written whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cairn.core.errors import Conflict, Malformed, Unobtainable


def read_file(path: Path, *, max_bytes: int) -> bytes:
    """The bytes of `path`.  Raises `Unobtainable` if it can't be read, `Malformed` if too large."""
    try:
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as err:
        raise Unobtainable(f"{path}: {err.strerror or err}") from err
    if len(data) > max_bytes:
        raise Malformed(f"{path} is larger than {max_bytes:,} bytes")
    return data


def write_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write `data` to `path`, whole or not at all, with these permissions from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to fill that becomes `target` at the end, and vanishes if something goes wrong.

    Raises `Conflict` if `target` exists and is not an empty folder.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise Conflict(f"{target} exists already; name a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    filling = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        yield filling
        filling.chmod(0o755)
        if target.exists():
            target.rmdir()
        filling.rename(target)
    finally:
        shutil.rmtree(filling, ignore_errors=True)
