"""The `cairn` command: reads arguments, calls one module, turns errors into one line each."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cairn.core.errors import CairnError

app = typer.Typer(
    name="cairn",
    help="Micro-credentials: issue them, verify them, keep their status.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="An issuer's keys.", no_args_is_help=True)
status = typer.Typer(help="Whether credentials still stand.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(status, name="status")


@app.command("verify")
def verify_command(
    targets: Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|URL|-")],
    json_output: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(
            help="An exact extra origin that may be fetched, such as http://127.0.0.1:8000"
        ),
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option(help="A folder with did.json and status lists, asked before the network."),
    ] = None,
    register: Annotated[Path | None, typer.Option(help="A register of issuers, as JSON.")] = None,
    name: Annotated[str, typer.Option(help="Whom you believe it was issued to.")] = "",
    email: Annotated[str, typer.Option(help="The sender's e-mail address, to compare.")] = "",
    language: Annotated[str, typer.Option(help="Language of the answer: en, fr.")] = "",
) -> None:
    """Say of each credential whether it is true, by whom, and whether it still stands.

    Exit code: 0 in force · 1 not in force, altered or unsigned · 2 something could not be obtained
    · 3 unreadable or no credential.  Of several inputs, the highest.
    """
    from cairn.cli import verify as view
    from cairn.cli.settings import read_settings
    from cairn.cli.sources import sources_from
    from cairn.core.verify.ports import Claimed
    from cairn.core.wording.render import negotiate
    from cairn.net.fetch import allow_origins_from

    settings = read_settings()
    spoken = negotiate(language or settings.language)
    extra = allow_origins_from(",".join(allow_origin or []))
    sources = sources_from(
        allow_origins=settings.fetch_allow | extra,
        documents=documents,
        register=register,
        state=settings.state_dir,
    )
    claimed = Claimed(name, email)
    console, progress = Console(), Console(stderr=True)
    answers = [
        answer
        for target in targets
        for answer in view.answers_for(target, sources, claimed, progress)
    ]
    if json_output:
        view.print_json(answers, spoken)
    elif len(answers) == 1:
        view.print_answer(answers[0], spoken, console)
    else:
        view.print_table(answers, spoken, console)
    raise typer.Exit(max((answer.exit_code for answer in answers), default=view.UNREADABLE))


def main() -> None:
    """Run the command; what went wrong becomes one line on the error stream and exit code 3."""
    try:
        app()
    except CairnError as err:
        sys.stderr.write(f"cairn: {err}\n")
        sys.exit(3)
    except BrokenPipeError:
        sys.exit(141)
