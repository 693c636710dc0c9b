"""`cairn audit`: whether the audit is as it was written, and what to keep to be able to tell."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from cairn.cli import installation, terminal
from cairn.cli.files import read_file
from cairn.core.errors import Malformed

if TYPE_CHECKING:
    from cairn.platform.audit_chain import Head
    from cairn.platform.audit_verification import Finding

audit = typer.Typer(help="Who did what, sealed against changes.", no_args_is_help=True)
_MAX_HEADS = 2**22  # bytes of a file of kept heads
_SHOWN = 20  # findings; the first one is what matters
_OF_INSTALLATION = "installation"
_One = Annotated[
    str,
    typer.Option(
        "--organisation", help="Its name in addresses of the console; without, all of them."
    ),
]


@audit.command("verify")
def verify_command(
    organisation: _One = "",
    head: Annotated[
        Path | None,
        typer.Option(help="What cairn audit head printed earlier, kept elsewhere: compare it."),
    ] = None,
) -> None:
    """Compare the audit with its seals; name what was altered, is missing or was put in.

    Exit code: 0 all as it was sealed · 1 something is not · 3 it could not be read.
    """
    installation.open_installation(needs_master_key=False)

    from cairn.platform import audit_verification

    names = _names()
    chains = _chains(organisation, names) or audit_verification.chains()
    kept = _kept(head)
    found: list[Finding] = []
    for chain in [*chains, *sorted(kept.keys() - set(chains) if not organisation else ())]:
        found += _first(audit_verification.check_chain(chain, kept), _SHOWN - len(found))
    only = chains if organisation else None
    found += _first(audit_verification.check_unsealed(only), _SHOWN - len(found))
    _report(found, names, len(chains), audit_verification.count_waiting())
    raise typer.Exit(1 if found else 0)


@audit.command("head")
def head_command(organisation: _One = "") -> None:
    """Print the newest seal of each organisation, to be kept where nobody here can change it."""
    installation.open_installation(needs_master_key=False)

    from cairn.platform.audit_sealing import heads

    names = _names()
    for one in heads(_chains(organisation, names)):
        typer.echo(f"{one} {names.get(one.chain, '?')}")


def _names() -> dict[UUID, str]:
    """What people call the chains."""
    from cairn.organisations.models import Organisation
    from cairn.platform.audit_chain import INSTALLATION

    return {INSTALLATION: _OF_INSTALLATION, **dict(Organisation.objects.values_list("id", "slug"))}


def _chains(organisation: str, names: Mapping[UUID, str]) -> list[UUID] | None:
    if not organisation:
        return None
    found = [chain for chain, name in names.items() if name == organisation]
    if not found:
        raise Malformed(f"there is no organisation {organisation!r} here")
    return found


def _kept(path: Path | None) -> "dict[UUID, Head]":
    from cairn.platform.audit_chain import Head

    if path is None:
        return {}
    text = read_file(path, max_bytes=_MAX_HEADS).decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if re.search(r"\S", line)]
    if not lines:
        raise Malformed(f"{path} is empty; give a file that cairn audit head wrote")
    return {found.chain: found for found in map(Head.read, lines)}


def _first(findings: "Iterable[Finding]", count: int) -> "list[Finding]":
    return list(islice(findings, max(0, count)))


def _report(found: "list[Finding]", names: Mapping[UUID, str], chains: int, waiting: int) -> None:
    console = terminal.console()
    for each in found:
        entry = f"entry {each.entry_id}" if each.entry_id is not None else "the chain"
        at = f", said to be of {each.at:%Y-%m-%d %H:%M:%S} UTC" if each.at else ""
        place = f" (seal {each.sequence})" if each.sequence else ""
        name = terminal.safe(names.get(each.chain, str(each.chain)))
        console.print(f"{name}: {entry}{place}{at}: {each.what}", markup=False, soft_wrap=True)
    if len(found) >= _SHOWN:
        console.print("There may be more.")
    if not found:
        console.print(f"The audit is as it was sealed ({chains} chains).")
    if waiting:
        console.print(f"{waiting} entries wait for their seal; the jobs give it within minutes.")
