"""`cairn keys custody`: where private keys are kept, and whether the security module answers."""

from typing import TYPE_CHECKING

import typer

from cairn.cli import installation, terminal

if TYPE_CHECKING:
    from cairn.signing.custody import Custody


def custody_command() -> None:
    """Say where private keys are kept, and whether the security module answers.

    Run it as the user that signs. Exit code 1 if the module does not answer or anything waits.
    """
    settings = installation.open_installation(needs_master_key=False)
    raise typer.Exit(0 if tell(settings.custody) else 1)


def tell(custody: "Custody") -> bool:
    """Print how it stands; whether all is well."""
    from cairn.signing.selectors import count_by_custody, problems_of_custody

    console = terminal.console()
    where = "in the security module" if custody.is_in_module else "under the master key"
    console.print(f"New keys are made {where}: {', '.join(custody.algorithms)}.")
    wrapped, held = count_by_custody()
    console.print(f"{wrapped} keys are under the master key, {held} in the security module.")
    problems = problems_of_custody()
    if custody.module is not None:
        from cairn.signing.security_module import KeysAway, security_module

        try:
            security_module().probe()
            console.print(f"The token {terminal.safe(custody.module.token)} answers.")
        except KeysAway as err:
            problems = [str(err)]
    for problem in problems:
        console.print(f"What is to be signed waits: {terminal.safe(problem)}.", soft_wrap=True)
    return not problems
