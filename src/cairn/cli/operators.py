"""`cairn operators`: who may open the pages about the installation itself."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cairn.cli import installation, terminal

operators = typer.Typer(
    help="Who may open the pages about this installation, /operator/jobs.", no_args_is_help=True
)
_Email = Annotated[str, typer.Argument(help="An address that the person signs in with.")]


@operators.command("add")
def add_command(email: _Email) -> None:
    """Let somebody see how the installation does, and retry what failed.

    They see counts, kinds and reasons: nobody's credentials and no organisation's console.
    """
    installation.open_installation(needs_master_key=False)
    installation.migrate()

    from cairn.people.operators import add_operator

    added = add_operator(email=email, now=datetime.now(UTC))
    terminal.console().print(f"{terminal.safe(added.email)} is an operator: /operator/jobs")


@operators.command("remove")
def remove_command(email: _Email) -> None:
    """Let somebody no longer."""
    installation.open_installation(needs_master_key=False)

    from cairn.people.operators import remove_operator

    removed = remove_operator(email=email, now=datetime.now(UTC))
    terminal.console().print(f"{terminal.safe(removed.email)} is no operator any more.")


@operators.command("list")
def list_command() -> None:
    """List them by address."""
    installation.open_installation(needs_master_key=False)

    from cairn.people.operators import operators as found

    console = terminal.console()
    for one in found():
        console.print(terminal.safe(one.email), soft_wrap=True)
