"""Commands of whoever runs an installation of the platform."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cairn.cli import installation, terminal
from cairn.cli.audit import audit
from cairn.cli.custody import custody_command
from cairn.cli.operators import operators
from cairn.cli.organisations import organisations
from cairn.core.errors import Malformed

jobs = typer.Typer(help="What the platform does in the background.", no_args_is_help=True)


def add_to(app: typer.Typer, keys: typer.Typer) -> None:
    """Put these commands beside the others."""
    app.add_typer(jobs, name="jobs")
    app.add_typer(operators, name="operators")
    app.add_typer(organisations, name="organisations")
    app.add_typer(audit, name="audit")
    app.command("serve")(serve_command)
    app.command("worker")(worker_command)
    app.command("migrate")(migrate_command)
    keys.command("master")(keys_master_command)
    keys.command("rotate")(keys_rotate_command)
    keys.command("rewrap")(keys_rewrap_command)
    keys.command("custody")(custody_command)


def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
    processes: Annotated[
        int, typer.Option(help="Processes that serve; more than 1 needs PostgreSQL.")
    ] = 1,
    worker: Annotated[
        bool, typer.Option(help="Carry out jobs here too, or leave them to cairn worker.")
    ] = True,
    tls_certificate: Annotated[Path | None, typer.Option(help="PEM, with its chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM.")] = None,
) -> None:
    """Serve the platform: pages, published documents, and the queue of jobs.

    Migrates the database first.  Needs CAIRN_MASTER_KEY and CAIRN_BASE_URL.
    """
    if (tls_certificate is None) is not (tls_key is None):
        raise typer.BadParameter("give --tls-certificate and --tls-key together")
    installation.require_server()

    from cairn.cli import serve

    tls = (tls_certificate, tls_key) if tls_certificate and tls_key else None
    serve.run(host=host, port=port, processes=processes, has_worker=worker, tls=tls)


def worker_command(
    processes: Annotated[
        int, typer.Option(min=1, help="Jobs at once; more than 1 needs CAIRN_ENGINE=celery.")
    ] = 1,
) -> None:
    """Carry out jobs in a process of its own; any number may run.

    With CAIRN_ENGINE=celery, takes them over RabbitMQ, at the address in CAIRN_BROKER.
    """
    installation.require_server()

    from cairn.cli import engines

    raise typer.Exit(engines.run_worker(processes))


def migrate_command() -> None:
    """Bring the database to the schema of this version."""
    installation.open_installation(needs_master_key=False)
    installation.migrate()
    terminal.console().print("The database has the schema of this version.")


def keys_master_command() -> None:
    """Print a new master key, for CAIRN_MASTER_KEY.  It is stored nowhere."""
    typer.echo(installation.new_master_key())


def keys_rotate_command(
    organisation: Annotated[str, typer.Option(help="Its name in addresses of the console.")],
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once", help="Sign with the new keys now, before everyone has seen them."
        ),
    ] = False,
) -> None:
    """Replace an organisation's keys: published now, signing in 24 hours.

    The old keys stay published and what they signed stays valid.
    """
    installation.open_installation(needs_master_key=True)

    from cairn.organisations.models import Organisation
    from cairn.signing.services import rotate_keys

    found = Organisation.objects.filter(slug=organisation).first()
    if found is None:
        raise Malformed(f"there is no organisation {organisation!r} here")
    since = rotate_keys(organisation=found, actor=None, now=datetime.now(UTC), is_forced=at_once)
    terminal.console().print(f"New keys are published. They sign from {since:%Y-%m-%d %H:%M} UTC.")


def keys_rewrap_command() -> None:
    """Change the master key: wrap the keys of all organisations under CAIRN_NEW_MASTER_KEY.

    Stop the platform first. Afterwards set CAIRN_MASTER_KEY to the new one everywhere.
    """
    from cairn.config.environment import read_master_key

    installation.open_installation(needs_master_key=True)
    name = "CAIRN_NEW_MASTER_KEY"
    given = os.environ.get(name) or typer.prompt("New master key", hide_input=True)
    secret = read_master_key({name: given}, name)
    if secret is None:
        raise Malformed(f"{name} is empty; make a key with cairn keys master")

    from cairn.people.sealing import reseal_factors
    from cairn.signing.rewrapping import rewrap_keys
    from cairn.signing.wrapping import MasterKey, master_key

    reseal_factors(old=master_key().secret, new=secret)
    count = rewrap_keys(old=master_key(), new=MasterKey(secret), now=datetime.now(UTC))
    terminal.console().print(
        f"{count} keys are wrapped anew. Set CAIRN_MASTER_KEY to the new master key; "
        "everyone has to sign in again."
    )


@jobs.command("list")
def jobs_list_command() -> None:
    """List the deliveries that were given up.  Exit code 1 if there are any."""
    installation.open_installation(needs_master_key=False)

    from cairn.jobs import queue

    console = terminal.console()
    parked = list(queue.failed())
    for delivery in parked:
        event = delivery.event
        console.print(
            f"{delivery.id}  {event.at:%Y-%m-%d %H:%M}  {event.kind} to {delivery.consumer}: "
            f"{terminal.safe(delivery.problem)}",
            soft_wrap=True,
        )
    if not parked:
        console.print("Nothing was given up.")
    raise typer.Exit(1 if parked else 0)


@jobs.command("retry")
def jobs_retry_command(
    deliveries: Annotated[
        list[int] | None, typer.Argument(help="Numbers from cairn jobs list; without, all.")
    ] = None,
) -> None:
    """Try deliveries again that were given up."""
    installation.open_installation(needs_master_key=False)

    from cairn.jobs import queue

    wanted = deliveries or [delivery.id for delivery in queue.failed()]
    count = queue.retry(wanted, datetime.now(UTC))
    terminal.console().print(f"{count} will be tried again.")
