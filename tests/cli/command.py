"""`cairn` run inside this process, and an issuing desk to run it on."""

import csv
import io
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cairn.cli.main import USAGE as USAGE
from cairn.cli.main import main

ACHIEVEMENT: dict[str, Any] = {
    "id": "https://badges.example.edu/a/1",
    "type": ["Achievement"],
    "name": "Data analysis",
    "description": "Reading data.",
    "criteria": {"narrative": "A project."},
}
PEOPLE = (
    ("Name", "E-mail"),
    ("Ada Lovelace", "ada@example.org"),
    ("Zoë Ångström", "zoe@example.org"),
    ("中村 さくら", "sakura@example.org"),
)
PASS, NO, UNKNOWN, UNREADABLE = range(4)  # exit codes


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def cairn(*arguments: object, stdin: bytes = b"") -> Ran:
    """Run the command with these arguments, as from a shell, up to its exit."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin))
    argv = ["cairn", *map(str, arguments)]
    with pytest.MonkeyPatch.context() as shell:
        for name, value in {"argv": argv, "stdin": given, "stdout": out, "stderr": err}.items():
            shell.setattr(sys, name, value)
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
    return Ran(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Desk:
    """An issuer's folder and what it issues from; `out` is where credentials go."""

    issuer: Path
    achievement: Path
    people: Path
    out: Path

    def issue(self, *options: object) -> Ran:
        return cairn(
            *("issue", "--issuer", self.issuer, "--achievement", self.achievement),
            *("--recipients", self.people, "--out", self.out, *options),
        )

    def issued(self, *options: object) -> list[Path]:
        """Issue, and the files in the order of the table."""
        ran = self.issue(*options)
        assert ran.code == PASS, ran
        return [self.out / row["file"] for row in self.index()]

    def index(self) -> list[dict[str, str]]:
        with (self.out / "index.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def verify(self, *arguments: object, stdin: bytes = b"") -> Ran:
        return cairn("verify", *arguments, "--documents", self.issuer, stdin=stdin)

    def write_people(self, *rows: Iterable[str]) -> None:
        with self.people.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)

    def write_achievement(self, **changes: Any) -> None:
        self.achievement.write_text(json.dumps({**ACHIEVEMENT, **changes}), encoding="utf-8")

    def lists(self) -> list[Path]:
        return sorted((self.issuer / "lists").glob("*.json"))


def make_issuer(folder: Path, *options: object) -> Desk:
    """A new desk in `folder`."""
    desk = Desk(folder / "issuer", folder / "a.json", folder / "people.csv", folder / "out")
    ran = new_keys(desk.issuer, *options)
    assert ran.code == PASS, ran
    desk.write_achievement()
    desk.write_people(*PEOPLE)
    return desk


def new_keys(folder: Path, *options: object) -> Ran:
    chosen: dict[object, object] = {
        "--name": "North University",
        "--base-url": "https://badges.example.edu",
    }
    given = dict(zip(options[::2], options[1::2], strict=True))
    flat = [word for pair in {**chosen, **given}.items() for word in pair]
    return cairn("keys", "new", "--out", folder, *flat)


def is_one_line(ran: Ran) -> bool:
    """Whether the error stream holds one line for people, and no stack."""
    return ran.err.startswith("cairn: ") and ran.err.count("\n") == 1 and "Traceback" not in ran.err


def altered(path: Path, **changes: Any) -> Path:
    """A copy of a credential with other members, beside it."""
    copy = path.with_name(f"altered-{path.name}")
    copy.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), encoding="utf-8")
    return copy
