"""`cairn verify`: files, folders, addresses or standard input, answered in plain sentences."""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from cairn.cli.files import read_file
from cairn.cli.terminal import console, safe
from cairn.core.codec.strict_json import Json
from cairn.core.errors import CairnError, NotAllowed, Unobtainable
from cairn.core.verify.files import examine
from cairn.core.verify.plain_report import headline, plain_report
from cairn.core.verify.ports import Claimed, Sources
from cairn.core.verify.report import Outcome, Report, Result
from cairn.core.wording import render

MAX_BYTES = 64 * 2**20  # an archive; each kind of file has its own, lower bound
MAX_FILES = 100_000
# What may move a cursor or turn text round, and halves of characters: escaped in JSON on a screen.
_UNSEEN = re.compile("[\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
IN_FULL = 3  # answers printed whole; more become a table
ENDINGS = frozenset(
    {".json", ".jsonld", ".jwt", ".txt", ".png", ".svg", ".pdf", ".zip"}
    | {".jpg", ".jpeg", ".webp", ".gif"}
)
_MARKS = {
    Result.PASS: ("✓", "green"),
    Result.WARNING: ("!", "yellow"),
    Result.FAIL: ("✗", "red"),
    Result.NOT_CHECKED: ("?", "cyan"),
}
_EXIT = {
    Outcome.IN_FORCE: 0,
    Outcome.NOT_CHECKED: 2,
    Outcome.NO_CREDENTIAL: 3,
}
UNREADABLE = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for one input: a report, or why it could not be read."""

    name: str
    report: Report | None
    problem: str = ""

    @property
    def exit_code(self) -> int:
        """0 in force, 1 anything else that is known, 2 could not be checked, 3 unreadable."""
        return UNREADABLE if self.report is None else _EXIT.get(self.report.outcome, 1)


def run(
    targets: list[str], sources: Sources, claimed: Claimed, *, language: str, wants_json: bool
) -> int:
    """Print the answers on `targets`; the exit code: the highest of them."""
    out, progress = console(), console(stderr=True)
    answers = [
        answer for target in targets for answer in answers_for(target, sources, claimed, progress)
    ]
    if wants_json:
        print_json([as_json(answer, language) for answer in answers])
    elif len(targets) == 1 and len(answers) <= IN_FULL and not Path(targets[0]).is_dir():
        for answer in answers:
            print_answer(answer, language, out)
    else:
        print_table(answers, language, out)
    return max((answer.exit_code for answer in answers), default=UNREADABLE)


def answers_on(name: str, data: bytes, sources: Sources, claimed: Claimed | None) -> list[Answer]:
    """Verify what `data` carries, now; a file may carry several credentials."""
    found = examine(data, sources, now=datetime.now(UTC), claimed=claimed)
    return [
        Answer(f"{name} › {each.where}" if each.where else name, each.report, each.problem)
        for each in found
    ]


def answers_for(
    target: str, sources: Sources, claimed: Claimed | None, console: Console
) -> list[Answer]:
    """The answers for one argument: an address, `-`, a file, or a folder with all below it."""
    try:
        if target == "-":
            return answers_on("-", sys.stdin.buffer.read(MAX_BYTES + 1), sources, claimed)
        if "://" in target:
            data = sources.documents.get(target, now=datetime.now(UTC))
            return answers_on(target, data, sources, claimed)
        path = Path(target)
        if path.is_dir():
            files = _files_below(path)
            shown = track(files, "Verifying", console=console, disable=len(files) < 20)
            return [answer for file in shown for answer in _answer_file(file, sources, claimed)]
        return _answer_file(path, sources, claimed)
    except (Unobtainable, NotAllowed) as err:
        return [Answer(target, None, str(err))]


def _answer_file(path: Path, sources: Sources, claimed: Claimed | None) -> list[Answer]:
    try:
        return answers_on(str(path), read_file(path, max_bytes=MAX_BYTES), sources, claimed)
    except CairnError as err:
        return [Answer(str(path), None, str(err))]


def _files_below(folder: Path) -> list[Path]:
    """The files in `folder` that may hold credentials, by their endings; others are passed over."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())
    if len(found) > MAX_FILES:
        raise NotAllowed(f"{folder} holds more than {MAX_FILES:,} files; verify parts of it")
    return [path for path in found if not path.name.startswith(".")]


def as_json(answer: Answer, language: str) -> dict[str, Json]:
    """One answer as plain data, with the same sentences as on the screen."""
    if answer.report is None:
        return {"input": answer.name, "outcome": "unreadable", "problem": answer.problem}
    return {"input": answer.name, **plain_report(answer.report, language)}


def print_json(values: Sequence[Json]) -> None:
    """One object for one input, else an array; nothing in it moves a cursor."""
    shown = values[0] if len(values) == 1 else values
    text = json.dumps(shown, ensure_ascii=False, indent=2)
    sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def print_answer(answer: Answer, language: str, out: Console) -> None:
    """One answer in full: the headline, then a line for each check with why it matters."""
    out.print(f"[bold]{safe(answer.name)}[/bold]", soft_wrap=True)
    if answer.report is None:
        out.print(f"  [red]✗[/red] {safe(answer.problem, 2000)}")
        return
    report = answer.report
    if report.facts.title:
        out.print(f"  “{safe(report.facts.title)}”", soft_wrap=True)
    out.print(f"  {safe(headline(report, language), 2000)}", soft_wrap=True)
    if answer.problem:
        out.print(f"      [dim]{safe(answer.problem, 2000)}[/dim]", soft_wrap=True)
    for check in report.checks:
        mark, colour = _MARKS[check.result]
        if check.result is Result.FAIL and report.outcome is not Outcome.ALTERED:
            colour = "yellow"  # what was withdrawn or has expired is no forgery: only that is red
        title = render.check_title(check.id, language)
        text = render.sentence(check.reason, check.facts, language)
        word = render.result_word(check.result, language)
        out.print(
            f"  [{colour}]{mark} {word}[/{colour}] · {safe(title)}: {safe(text, 2000)}",
            soft_wrap=True,
        )
        detail = render.detail(check.reason, check.facts, language)
        if detail and check.result is not Result.PASS:
            out.print(f"      [dim]{safe(detail, 2000)}[/dim]", soft_wrap=True)
    for each in report.embedded:
        inner = render.label("inside", language, path=each.path)
        text = f"{inner} {headline(each.report, language)}"
        out.print(f"  · {safe(text, 2000)}", soft_wrap=True)


def print_table(answers: list[Answer], language: str, out: Console) -> None:
    """Many answers: one line each for what is not in force, and how many of each outcome."""
    table = Table(box=None, pad_edge=False)
    for heading in ("file", "outcome", "recipient", "title"):
        table.add_column(render.label(heading, language), overflow="fold")
    others = [answer for answer in answers if answer.exit_code != 0]
    for answer in others[:200]:
        facts = answer.report.facts if answer.report else None
        table.add_row(
            safe(answer.name),
            _outcome(answer.report.outcome if answer.report else None, language),
            safe(facts.recipient) if facts else "",
            safe(facts.title) if facts else safe(answer.problem, 300),
        )
    if others:
        out.print(table)
    print_summary(answers, language, out)


def print_summary(answers: list[Answer], language: str, out: Console) -> None:
    """How many of each outcome, with what it means."""
    counts = Counter(answer.report.outcome if answer.report else None for answer in answers)
    checked = render.label("checked", language, count=str(len(answers)))
    table = Table(box=None, pad_edge=False, title=checked, title_justify="left")
    table.add_column(render.label("count", language), justify="right")
    table.add_column(render.label("outcome", language))
    for outcome, count in counts.most_common():
        table.add_row(str(count), _outcome(outcome, language))
    out.print(table)


def _outcome(outcome: Outcome | None, language: str) -> str:
    """The outcome in a few words; None of what could not be read."""
    if outcome is None:
        return render.label("unreadable", language)
    return render.outcome_title(outcome, language)
