"""`cairn batch`: upload a table to a platform, see what is wrong, submit it, fetch the report."""

import csv
import io
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from cairn.cli import terminal
from cairn.cli.batch_client import BatchClient, Object
from cairn.cli.files import read_file, write_file
from cairn.config.environment import read_settings
from cairn.core.codec import strict_json
from cairn.core.errors import Malformed
from cairn.core.openbadges.table import MAX_BYTES

batch = typer.Typer(
    help="Awards in bulk on a platform, by its API.  CAIRN_API_TOKEN holds the token.",
    no_args_is_help=True,
)
POLL_SECONDS = 2.0
_LEFT_OUT = ("unread", "unsure", "problem", "duplicate", "parked")
_FLAWS = ("row", "column", "value", "problem", "mend")
_ROWS = ("row", "state", "name", "email", "credential")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Organisation = Annotated[
    str, typer.Option(envvar="CAIRN_API_ORGANISATION", help="Id of the organisation.")
]
Server = Annotated[str, typer.Option(help="Address of the platform; else CAIRN_BASE_URL.")]
TokenFile = Annotated[
    Path | None, typer.Option(help="A file with the token, in place of CAIRN_API_TOKEN.")
]
Batch = Annotated[str, typer.Argument(help="Id of the batch.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer of the API.")]
Out = Annotated[Path | None, typer.Option(help="Write a CSV file instead of printing.")]


@batch.command("upload")
def upload_command(
    table: Annotated[Path, typer.Argument(help="CSV, or an Excel workbook (.xlsx).")],
    version: Annotated[str, typer.Option(help="Id of the published version that is awarded.")],
    organisation: Organisation,
    run: Annotated[str, typer.Option(help="Id of the run.")] = "",
    language: Annotated[str, typer.Option(help="Of the credentials.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is wrong and keep nothing.")
    ] = False,
    key: Annotated[
        str, typer.Option(help="Idempotency-Key; else drawn from the table and the options.")
    ] = "",
    wait: Annotated[bool, typer.Option(help="Wait until the table is read.")] = True,
    server: Server = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Upload a table of people.  Sent again within a day it is the same batch.

    Nothing is awarded before a second person approved it on its page.  Exit code 1 if a row is left
    out or the table could not be read.
    """
    data = read_file(table, max_bytes=MAX_BYTES)
    client = _client(server, organisation, token_file)
    asked = {
        "version": version,
        "run": run,
        "language": language,
        "file_name": table.name,
        "dry_run": "true" if dry_run else "",
    }
    media_type = _WORKBOOK if data.startswith(b"PK") else "text/csv"
    found = client.upload(data, asked=asked, media_type=media_type, key=key)
    if wait and not dry_run:
        found = _waited(client, found, ("reading",))
    raise typer.Exit(_told(found, as_json=as_json))


@batch.command("status")
def status_command(
    batch: Batch,
    organisation: Organisation,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait until it is read, or once approved, signed.")
    ] = False,
    server: Server = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Say how far a batch is.  Exit code 1 if a row is left out or the table couldn't be read."""
    client = _client(server, organisation, token_file)
    found = client.batch(batch)
    if wait:
        found = _waited(client, found, ("reading", "planning", "running"))
    raise typer.Exit(_told(found, as_json=as_json))


@batch.command("problems")
def problems_command(
    batch: Batch,
    organisation: Organisation,
    out: Out = None,
    server: Server = "",
    token_file: TokenFile = None,
) -> None:
    """List what is wrong with the rows of a batch.  Exit code 1 if anything is."""
    found = list(_client(server, organisation, token_file).problems(batch))
    _give(_FLAWS, found, out)
    raise typer.Exit(1 if found else 0)


@batch.command("submit")
def submit_command(
    batch: Batch,
    organisation: Organisation,
    server: Server = "",
    token_file: TokenFile = None,
) -> None:
    """Ask a second person to approve a batch.  They do so on its page; no command approves."""
    found = _client(server, organisation, token_file).submit(batch)
    terminal.console().print(f"{terminal.safe(str(found['id']))} waits for approval.")


@batch.command("report")
def report_command(
    batch: Batch,
    organisation: Organisation,
    out: Out = None,
    server: Server = "",
    token_file: TokenFile = None,
) -> None:
    """Say what became of each row."""
    _give(_ROWS, _client(server, organisation, token_file).rows(batch), out)


def _client(server: str, organisation: str, token_file: Path | None) -> BatchClient:
    settings = read_settings()
    token = token_file.read_text().strip() if token_file else settings.api_token
    if not token:
        raise Malformed("there is no token; set CAIRN_API_TOKEN, or give --token-file")
    return BatchClient(server or settings.base_url, organisation, token)


def _waited(client: BatchClient, found: Object, states: Sequence[str]) -> Object:
    with terminal.console(stderr=True).status("") as shown:
        while found["state"] in states:
            shown.update(f"{found['state']}: {found['rows_read']} of {found['rows_to_read']} rows")
            time.sleep(POLL_SECONDS)
            found = client.batch(str(found["id"]))
    return found


def _told(found: Object, *, as_json: bool) -> int:
    """Print a batch; the exit code."""
    rows = cast(dict[str, int], found["rows"])
    flaws = cast(list[dict[str, str]], found["header_problems"])
    left_out = sum(rows.get(state, 0) for state in _LEFT_OUT)
    if as_json:
        typer.echo(strict_json.write(found).decode())
    else:
        console = terminal.console()
        name = str(found["id"] or "dry run")
        console.print(f"{terminal.safe(name)}: {found['state']}", soft_wrap=True)
        for state, count in rows.items():
            if count:
                console.print(f"  {count} {state}")
        for text in (str(found["problem"]), *(_flaw(flaw) for flaw in flaws)):
            if text:
                console.print(f"  {terminal.safe(text)}", soft_wrap=True)
        for flaw in cast(list[dict[str, str]], found.get("problems", [])):
            text = f"row {flaw['row']}, {_flaw(flaw)}"
            console.print(f"  {terminal.safe(text, 500)}", soft_wrap=True)
    return 1 if left_out or found["state"] == "failed" else 0


def _flaw(flaw: dict[str, str]) -> str:
    column = f"{flaw['column']}: " if flaw["column"] else ""
    return f"{column}{flaw['problem']}; {flaw['mend']}"


def _give(names: Sequence[str], found: Iterable[Object], out: Path | None) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in found:
        writer.writerow([_cell(row[name]) for name in names])
    if out:
        write_file(out, text.getvalue().encode("utf-8-sig"))
    else:
        typer.echo(text.getvalue(), nl=False)


def _cell(value: object) -> str:
    """As a cell that no spreadsheet runs."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
