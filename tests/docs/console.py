"""Run the `console` blocks of a page as a reader would, in one folder, and compare what comes out.

A line beginning with `$ ` is a command, with lines beginning with `> ` that continue it; the lines
after it are what it prints.  There `...` stands for anything in a line, and alone for any number of
lines; runs of spaces count as one.  A command that ends with another exit
code than 0 must be followed by `$ echo $?`.  A code block whose caption is a file name is a file
the reader was told to save.
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CAPTION = re.compile(r":caption: (?P<name>\S+)\n\n?")
_ASK_EXIT_CODE = "echo $?"


@dataclass(frozen=True, slots=True)
class Step:
    """A command with what it should print, or a file to save."""

    line: int
    text: str  # the command, or the name of the file
    expected: str  # the output, or the content of the file
    is_file: bool = False


def steps_of(page: str) -> list[Step]:
    """What a reader of `page` does, in order."""
    found: list[Step] = []
    for block in _BLOCK.finditer(page):
        line = page.count("\n", 0, block.start()) + 2
        caption = _CAPTION.match(block["body"])
        if caption:
            content = block["body"][caption.end() :]
            found.append(Step(line, caption["name"], content, is_file=True))
        elif block["info"].strip() == "console":
            found += _commands(block["body"], line)
    return found


def run(page: Path, folder: Path) -> None:
    """Do what `page` says in `folder`; fails with page, line and the difference."""
    last = 0
    steps = steps_of(page.read_text())
    assert steps, f"{page} has nothing to run"
    followers = [step.text for step in steps[1:]] + [""]
    for step, follower in zip(steps, followers, strict=True):
        if step.is_file:
            (folder / step.text).write_text(step.expected)
            continue
        done = _bash(f"(exit {last})\n{step.text}", folder)
        last = done.returncode
        where = f"{page.name}, line {step.line}: {step.text}"
        assert _pattern(step.expected).fullmatch(_single_spaced(done.stdout)), (
            f"{where}\n--- printed\n{done.stdout}\n--- the page says\n{step.expected}"
        )
        assert last == 0 or follower == _ASK_EXIT_CODE, f"{where}\nends with exit code {last}"


def _commands(body: str, first_line: int) -> list[Step]:
    found: list[Step] = []
    lines = iter(enumerate(body.splitlines(), first_line))
    for number, line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines)[1].strip()
            found.append(Step(number, command, ""))
        elif line.startswith("> ") and found and not found[-1].expected:
            step = found.pop()
            found.append(Step(step.line, f"{step.text}\n{line[2:]}", ""))
        else:
            assert found, f"line {number}: output without a command"
            step = found.pop()
            found.append(Step(step.line, step.text, f"{step.expected}{line}\n"))
    return found


def _pattern(expected: str) -> re.Pattern[str]:
    lines = (
        r"(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + r"\n"
        for line in _single_spaced(expected).splitlines()
    )
    return re.compile("".join(lines))


def _single_spaced(text: str) -> str:
    return "".join(f"{' '.join(line.split())}\n" for line in text.splitlines())


def _bash(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("CAIRN_", "LC_", "DJANGO_"))}
    environment = {
        **clean,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder / ".home"),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    return subprocess.run(  # noqa: S603 - the pages are our own
        ["bash", "-c", command],  # noqa: S607
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
