"""Write the pages under reference/generated/ from the code, so that they cannot go stale.

`make docs` runs this; tests/docs/test_generated.py fails while a written page differs.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cairn.config.environment import KNOWN
from cairn.core.openbadges.headings import FIELDS
from cairn.core.proofs.data_integrity import SUITES
from cairn.core.rdf.contexts import PINNED
from cairn.core.verify.report import CheckId, Outcome, Reason, Result
from cairn.core.wording import render
from cairn.core.wording.outcomes import OUTCOMES
from cairn.core.wording.sentences import FACTS, REASONS

FOLDER = Path(__file__).parent / "reference" / "generated"
# Written by tests/interop/test_matrix.py instead: only the judges know what stands in it.
BY_JUDGES = frozenset({"judges.md"})
_NOTE = "<!-- Written by docs/generate.py from the code. Edit the code, then `make docs`. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    made: Mapping[str, Callable[[], str]] = {
        "cli.md": _cli,
        "columns.md": _columns,
        "contexts.md": _contexts,
        "outcomes.md": _outcomes,
        "checks.md": _checks,
        "reasons.md": _reasons,
        "cryptosuites.md": _cryptosuites,
        "settings.md": _settings,
        "permissions.md": _permissions,
    }
    return {name: _NOTE + write() for name, write in made.items()}


def _outcomes() -> str:
    rows = [
        (f"`{outcome.value}`", text.title, text.headlines[-1], text.advice)
        for outcome in Outcome
        for text in [OUTCOMES[outcome.value]]
    ]
    return _table(("value in `--json`", "outcome", "headline", "advice"), rows)


def _checks() -> str:
    checks = [(f"`{check.value}`", render.check_title(check.value, "en")) for check in CheckId]
    words = ", ".join(f"`{r.value}` ({render.result_word(r.value, 'en')})" for r in Result)
    return _table(("check", "title"), checks) + f"\nEach ends in one of {words}.\n"


def _reasons() -> str:
    rows = [
        (f"`{reason.value}`", texts.sentence, texts.why, _code(sorted(FACTS.get(reason.value, ()))))
        for reason in Reason
        for texts in [REASONS[reason.value]]
    ]
    return _table(("reason", "sentence", "why it matters", "facts"), rows)


def _columns() -> str:
    rows = [
        (f"`{name}{'<name>' if name.endswith(':') else ''}`", field.description, field.example)
        for name, field in FIELDS.items()
    ]
    also = [
        (f"`{name}`", ", ".join(field.synonyms)) for name, field in FIELDS.items() if field.synonyms
    ]
    return (
        _table(("column", "what it fills", "example"), rows)
        + "\nThese headings mean the same; case, spaces, `_` and `-` don't count.\n\n"
        + _table(("column", "other headings"), also)
    )


def _contexts() -> str:
    rows = [(url, f"`{name}`", f"`{digest}`") for url, (name, digest) in PINNED.items()]
    return _table(("context", "shipped as", "SHA-256"), rows)


def _cryptosuites() -> str:
    rows = [(f"`{suite.name}`", ", ".join(sorted(suite.key_types))) for suite in SUITES.values()]
    return _table(("cryptosuite", "keys"), rows)


def _settings() -> str:
    return _table(("variable", "meaning"), ((f"`{name}`", what) for name, what in KNOWN.items()))


def _permissions() -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
    import django

    django.setup()
    from cairn.organisations.access import declared_actions
    from cairn.organisations.models import Role

    rows = [
        (f"`{action.name}`", *("yes" if role in action.roles else "" for role in Role))
        for action in declared_actions()
    ]
    return _table(("action", *(role.value for role in Role)), rows)


def _cli() -> str:
    return "\n".join(
        f"## `{' '.join(words)}`\n\n```text\n{_help_of(words)}```\n" for words in _all_commands()
    )


def _all_commands() -> list[tuple[str, ...]]:
    import typer

    from cairn.cli.main import app

    found: list[tuple[str, ...]] = []

    def visit(command: object, words: tuple[str, ...]) -> None:
        found.append(words)
        for name, inner in getattr(command, "commands", {}).items():
            visit(inner, (*words, name))

    visit(typer.main.get_command(app), ("cairn",))
    return found


def _help_of(words: Iterable[str]) -> str:
    script = (
        f"import sys; from cairn.cli.main import main; sys.argv = {[*words, '--help']!r}; main()"
    )
    done = subprocess.run(  # noqa: S603 - the words are our own commands
        [sys.executable, "-c", script],
        env={**os.environ, "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.strip("\n").splitlines())


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(map(_cell, cells))} |\n"

    return line(header) + line("---" for _ in header) + "".join(map(line, rows))


def _cell(text: str) -> str:
    text = text.replace("|", "&#124;")
    return text if text.startswith("`") else text.replace("<", "&lt;")


def main() -> None:
    """Write what differs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = FOLDER / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


if __name__ == "__main__":
    main()
