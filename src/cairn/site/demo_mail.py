"""The mail of the demo, read back from the files that Django's file backend writes."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

_NAME = re.compile(r"[\w.-]+\.log")
_ADDRESS = re.compile(r"(https?://[^\s<>]+)")
MAX_LETTERS = 200  # shown on the page


@dataclass(frozen=True, slots=True)
class Letter:
    """One sent letter; `parts` are its text in pieces, each with whether it is an address."""

    name: str
    to: str
    subject: str
    sent: str
    parts: tuple[tuple[str, bool], ...]


def letters(folder: Path) -> list[Letter]:
    """The newest letters first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_read(path) for path in files[:MAX_LETTERS]]


def letter(folder: Path, name: str) -> Letter | None:
    """The letter in the file of this name."""
    path = folder / name
    return _read(path) if _NAME.fullmatch(name) and path.is_file() else None


def _read(path: Path) -> Letter:
    # A file holds one connection's letters, each ended by a rule of dashes; ours send one.
    raw = path.read_bytes().rpartition(b"\n" + b"-" * 79)[0]
    message = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    text = str(body.get_content()) if body else ""
    pieces = _ADDRESS.split(text)
    return Letter(
        path.name,
        str(message["To"] or ""),
        str(message["Subject"] or ""),
        str(message["Date"] or ""),
        tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces)),
    )
