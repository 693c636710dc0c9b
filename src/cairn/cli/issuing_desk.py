"""What `cairn issue` prints and asks of `cairn.cli.issue`; no rule of issuing lives here."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from cairn.cli import terminal
from cairn.cli.files import write_file
from cairn.cli.issue import (
    TOKEN,
    Progress,
    issue,
    problems_as_csv,
    read_achievement_file,
    read_order,
)
from cairn.cli.issuer import load_issuer
from cairn.cli.terminal import safe
from cairn.config.environment import read_settings
from cairn.core.errors import Malformed
from cairn.core.openbadges.achievement_file import ReadAchievement
from cairn.core.openbadges.columns import AwardRow
from cairn.core.openbadges.table import Problem
from cairn.core.proofs.data_integrity import SUITES
from cairn.core.rdf.document import Vocabulary

_SHOWN_PROBLEMS = 50


def run(
    *,
    issuer_folder: Path,
    achievement_file: Path,
    people: Path,
    out: Path,
    columns: list[str],
    suite: str,
    is_suspendable: bool,
    skips_bad_rows: bool,
    problems_file: Path | None,
) -> int:
    """Issue, or list what is in the way; the exit code."""
    console, now, vocabulary = terminal.console(), datetime.now(UTC), Vocabulary()
    known = (*SUITES, TOKEN)
    if suite not in known:
        raise Malformed(f"{suite!r} is not a way to sign here; choose {' or '.join(known)}")
    issuer = load_issuer(issuer_folder, read_settings().passphrase)
    read = read_achievement_file(achievement_file)
    print_carried(read, console)
    order = read_order(
        issuer,
        read.achievement,
        people,
        now=now,
        mapping=_mapping(columns),
        suite=suite,
        is_suspendable=is_suspendable,
        vocabulary=vocabulary,
    )
    if order.problems:
        print_problems(order.problems, console)
        if problems_file:
            write_file(problems_file, problems_as_csv(order.problems))
        if not skips_bad_rows or not order.rows:
            console.print("Nothing was issued. Mend the rows, or say --skip-bad-rows.")
            return 1
    count = issue(issuer, order, out, now=now, vocabulary=vocabulary, progress=progress_on(console))
    console.print(f"{count} credentials in {safe(str(out))}, listed in index.csv.", soft_wrap=True)
    return 1 if order.problems else 0


def print_carried(read: ReadAchievement, console: Console) -> None:
    """What of the achievement's file goes into credentials under another name, or not at all."""
    for pointer, term in read.carried_as:
        console.print(f"Carried as {term}: {safe(pointer)}", soft_wrap=True)
    for pointer in read.not_carried:
        console.print(f"Not carried into the credential: {safe(pointer)}", soft_wrap=True)


def print_problems(problems: tuple[Problem, ...], console: Console) -> None:
    """The problems as a table; the rest of a long list is counted."""
    table = Table(title=f"{len(problems)} problems", title_justify="left", box=None)
    table.add_column("Row", justify="right")
    for heading in ("Column", "Value", "Problem", "Mend"):
        table.add_column(heading, overflow="fold")
    for problem in problems[:_SHOWN_PROBLEMS]:
        cells = (problem.column, problem.value, problem.problem, problem.mend)
        table.add_row(str(problem.row), *map(safe, cells))
    console.print(table)
    if len(problems) > _SHOWN_PROBLEMS:
        console.print(
            f"… and {len(problems) - _SHOWN_PROBLEMS} more; --problems FILE has them all."
        )


def progress_on(console: Console) -> Progress:
    """A progress bar on `console`."""

    def shown(rows: Iterable[AwardRow], total: int, label: str) -> Iterable[AwardRow]:
        return track(rows, label, total=total, console=console)

    return shown


def _mapping(columns: list[str]) -> dict[str, str]:
    mapping = {}
    for column in columns:
        heading, separator, field = column.rpartition("=")
        if not separator or not heading or not field:
            raise Malformed(f"--map {column!r}: write it as HEADING=FIELD, or HEADING=-")
        mapping[heading] = field
    return mapping
