"""`cairn tour`: from an empty folder to 200 verified credentials, with counts and times."""

import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from cairn.cli import terminal
from cairn.cli.files import write_file
from cairn.cli.issue import issue, read_achievement_file, read_order
from cairn.cli.issuer import Issuer, create_issuer
from cairn.cli.issuing_desk import print_problems, progress_on
from cairn.cli.sources import FolderDocuments
from cairn.cli.status import set_status
from cairn.cli.verify import answers_for, print_answer, print_summary
from cairn.config.environment import read_settings
from cairn.core.errors import Conflict
from cairn.core.keys import KeyType
from cairn.core.openbadges.achievement import Achievement
from cairn.core.rdf.document import Vocabulary
from cairn.core.verify.ports import NoDocuments, Sources
from cairn.core.wording.render import negotiate

T = TypeVar("T")
BASE_URL = "https://cairn.example"
_MARK = "made by cairn tour\n"


def run(out: Path) -> int:
    """Take the tour in `out`; 0 if every answer was as it should be."""
    console = terminal.console()
    _make_room(out)
    vocabulary = Vocabulary()
    language = negotiate(read_settings().language)
    issuer = _timed(
        console,
        "made an issuer with a key and a did:web document",
        lambda: create_issuer(
            out / "issuer",
            name="North University",
            base_url=BASE_URL,
            method="web",
            kind=KeyType.ED25519,
            passphrase=None,
        ),
    )
    credentials = _issue_all(issuer, out, vocabulary, console)
    _withdraw_one(issuer, credentials, vocabulary, console)
    _alter_one(credentials[1], console)
    sources = Sources(
        documents=FolderDocuments(out / "issuer", NoDocuments()), vocabulary=vocabulary
    )
    folder = out / "credentials"
    answers = _timed(
        console,
        f"verified {len(credentials)} credentials and their status",
        lambda: answers_for(str(folder), sources, None, console),
    )
    console.print()
    print_summary(answers, language, console)
    for answer in (a for a in answers if a.exit_code):
        console.print()
        print_answer(answer, language, console)
    console.print()
    console.print(
        f"Look for yourself: cairn verify {folder} --documents {out / 'issuer'}", soft_wrap=True
    )
    return 0 if sum(answer.exit_code == 1 for answer in answers) == 2 else 1


def _issue_all(issuer: Issuer, out: Path, vocabulary: Vocabulary, console: Console) -> list[Path]:
    """Every achievement of the small catalogue to its share of 200 people."""
    data = resources.files("cairn.cli") / "demo_data"
    people = (data / "people.csv").read_text(encoding="utf-8").splitlines()
    header, rows = people[0], people[1:]
    with resources.as_file(data / "achievements") as catalogue:
        achievements = [read_achievement_file(path).achievement for path in _jsons(catalogue)]
    for number, achievement in enumerate(achievements):
        share = rows[number :: len(achievements)]
        table = out / "people" / f"{number + 1}.csv"
        write_file(table, "\n".join([header, *share, ""]).encode())
        target = out / "credentials" / str(number + 1)
        count = _timed(
            console,
            f"issued “{achievement.name}” to {len(share)} people",
            partial(_issue, issuer, achievement, table, target, vocabulary, console),
        )
        if count != len(share):
            raise Conflict(f"{count} of {len(share)} were issued; the tour's data is damaged")
    return _jsons(out / "credentials")


def _issue(
    issuer: Issuer,
    achievement: Achievement,
    people: Path,
    out: Path,
    vocabulary: Vocabulary,
    console: Console,
) -> int:
    now = datetime.now(UTC)
    order = read_order(
        issuer,
        achievement,
        people,
        now=now,
        mapping={},
        suite="eddsa-rdfc-2022",
        is_suspendable=False,
        vocabulary=vocabulary,
    )
    if order.problems:
        print_problems(order.problems, console)
    return issue(issuer, order, out, now=now, vocabulary=vocabulary, progress=progress_on(console))


def _withdraw_one(
    issuer: Issuer, credentials: list[Path], vocabulary: Vocabulary, console: Console
) -> None:
    _timed(
        console,
        f"withdrew {credentials[0].name}",
        lambda: set_status(
            issuer,
            credentials[:1],
            purpose="revocation",
            is_set=True,
            now=datetime.now(UTC),
            vocabulary=vocabulary,
        ),
    )


def _alter_one(path: Path, console: Console) -> None:
    """What a forger would do: another name in a signed file."""
    document = json.loads(path.read_bytes())
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    write_file(path, json.dumps(document, ensure_ascii=False).encode())
    console.print(f"          altered the name in {path.name}")


def _jsons(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def _make_room(out: Path) -> None:
    """An empty folder; an earlier tour is removed, anything else is left alone."""
    mark = out / ".cairn-tour"
    if out.exists() and any(out.iterdir()) and not mark.exists():
        raise Conflict(f"{out} holds something else; name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    write_file(mark, _MARK.encode())


def _timed(console: Console, what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    result = work()
    console.print(f"[dim]{time.perf_counter() - began:7.2f} s[/dim] {what}", highlight=False)
    return result
