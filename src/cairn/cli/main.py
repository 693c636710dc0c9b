"""The `cairn` command: reads arguments, calls one module, turns errors into one line each."""

import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from cairn.cli import batches, operating, terminal, verify_options
from cairn.core.errors import CairnError, Unobtainable

USAGE = 64  # EX_USAGE; 2, as commands have it, says of a credential: could not be obtained

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
app.add_typer(batches.batch, name="batch")
operating.add_to(app, keys)


@app.command("verify")
def verify_command(
    targets: verify_options.Targets,
    json_output: verify_options.AsJson = False,
    allow_origin: verify_options.AllowOrigin = None,
    documents: verify_options.Documents = None,
    register: verify_options.Register = None,
    name: verify_options.Name = "",
    email: verify_options.Email = "",
    language: verify_options.Language = "",
    challenge: verify_options.Challenge = "",
    domain: verify_options.Domain = "",
) -> None:
    """Say of each credential whether it is true, by whom, and whether it still stands.

    Exit code: 0 in force · 1 not in force, altered or unsigned · 2 something could not be obtained
    · 3 unreadable or no credential · 64 wrong options.  Of several inputs, the highest.
    """
    from cairn.cli import presentations, verify
    from cairn.cli.sources import sources_for
    from cairn.config.environment import read_settings
    from cairn.core.verify.ports import Claimed
    from cairn.core.wording.render import negotiate

    is_shown = bool(challenge or domain)
    if is_shown and len(targets) != 1:
        raise typer.BadParameter("one presentation at a time", param_hint="--challenge")
    spoken = negotiate(language or read_settings().language)
    sources = sources_for(allow_origin or [], documents, register)
    if is_shown:
        code = presentations.run(
            targets[0],
            sources,
            challenge=challenge,
            domain=domain,
            language=spoken,
            wants_json=json_output,
        )
    else:
        code = verify.run(
            targets, sources, Claimed(name, email), language=spoken, wants_json=json_output
        )
    raise typer.Exit(code)


@keys.command("new")
def keys_new_command(
    out: Annotated[Path, typer.Option(help="The folder that will hold the issuer.")],
    name: Annotated[str, typer.Option(help="The issuer's name, as on its credentials.")],
    base_url: Annotated[
        str, typer.Option(help="The https address that ids begin with; it can't change later.")
    ],
    method: Annotated[
        str, typer.Option(help="web: keys can change later; key: needs no web server.")
    ] = "web",
    key_type: Annotated[str, typer.Option(help="Ed25519 or P-256.")] = "Ed25519",
) -> None:
    """Make an issuer: a key pair, a profile and, for did:web, the document to publish."""
    from cairn.cli.issuer import create_issuer
    from cairn.config.environment import read_settings
    from cairn.core.keys import KeyType

    if method not in ("web", "key"):
        raise typer.BadParameter("choose web or key", param_hint="--method")
    if key_type not in ("Ed25519", "P-256"):
        raise typer.BadParameter("choose Ed25519 or P-256", param_hint="--key-type")
    settings = read_settings()
    issuer = create_issuer(
        out,
        name=name,
        base_url=base_url,
        method=method,
        kind=KeyType(key_type),
        passphrase=settings.passphrase,
    )
    console = terminal.console()
    console.print(f"{out}: {issuer.did}", markup=False, soft_wrap=True)
    if settings.passphrase is None:
        console.print("The private key is not locked; set CAIRN_KEY_PASSPHRASE to lock one.")


@app.command("issue")
def issue_command(
    issuer: Annotated[Path, typer.Option(help="The issuer's folder (cairn keys new).")],
    achievement: Annotated[
        Path, typer.Option(help="An Open Badges 3.0 Achievement, or a credential with one.")
    ],
    recipients: Annotated[Path, typer.Option(help="A table of people: CSV or .xlsx.")],
    out: Annotated[Path, typer.Option(help="The new folder for the credentials.")],
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="HEADING=FIELD", help="What a column holds; - leaves it out."
        ),
    ] = None,
    cryptosuite: Annotated[
        str, typer.Option(help="How to sign: eddsa-rdfc-2022, …-jcs-2022, ecdsa-…, or vc+jwt.")
    ] = "eddsa-rdfc-2022",
    suspendable: Annotated[
        bool, typer.Option("--suspendable", help="Add a second status entry, for suspension.")
    ] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Issue the good rows all the same.")
    ] = False,
    problems: Annotated[
        Path | None, typer.Option(help="Write the problems to this CSV file as well.")
    ] = None,
) -> None:
    """Issue one achievement to all the people of a table.

    Bad rows are listed with row, column, value, problem and how to mend it; nothing is written
    while there are any.  Exit code 1 then, 0 if all were issued.
    """
    from cairn.cli import issuing_desk

    code = issuing_desk.run(
        issuer_folder=issuer,
        achievement_file=achievement,
        people=recipients,
        out=out,
        columns=columns or [],
        suite=cryptosuite,
        is_suspendable=suspendable,
        skips_bad_rows=skip_bad_rows,
        problems_file=problems,
    )
    raise typer.Exit(code)


@status.command("set")
def status_set_command(
    files: Annotated[list[Path], typer.Argument(help="Credentials of this issuer.")],
    issuer: Annotated[Path, typer.Option(help="The issuer's folder.")],
    purpose: Annotated[str, typer.Option(help="revocation (final) or suspension.")] = "revocation",
    clear: Annotated[bool, typer.Option("--clear", help="Take a suspension back.")] = False,
) -> None:
    """Withdraw or suspend credentials: sets their bits and signs the list anew."""
    from cairn.cli.issuer import load_issuer
    from cairn.cli.status import set_status
    from cairn.config.environment import read_settings
    from cairn.core.rdf.document import Vocabulary

    changed = set_status(
        load_issuer(issuer, read_settings().passphrase),
        files,
        purpose=purpose,
        is_set=not clear,
        now=datetime.now(UTC),
        vocabulary=Vocabulary(),
    )
    lists = terminal.safe(str(issuer / "lists"))
    terminal.console().print(f"{changed} of {len(files)} changed; publish the files in {lists}.")


@status.command("renew")
def status_renew_command(
    issuer: Annotated[Path, typer.Option(help="The issuer's folder.")],
) -> None:
    """Sign the status lists anew; they are valid for a year from their last signature."""
    from cairn.cli.issuer import load_issuer
    from cairn.cli.status import renew_lists
    from cairn.config.environment import read_settings
    from cairn.core.rdf.document import Vocabulary

    signer = load_issuer(issuer, read_settings().passphrase)
    count = renew_lists(signer, now=datetime.now(UTC), vocabulary=Vocabulary())
    lists = terminal.safe(str(issuer / "lists"))
    terminal.console().print(f"{count} lists signed; publish the files in {lists}.")


@app.command("doctor")
def doctor_command(
    issuer: Annotated[
        Path | None, typer.Option(help="Look at this issuer's folder as well.")
    ] = None,
) -> None:
    """Say what is wrong with this installation, and how to mend it.  Exit code 1 if anything is."""
    from cairn.cli import doctor

    raise typer.Exit(doctor.run(issuer))


@app.command("vcapi")
def vcapi_command(
    issuer: Annotated[list[Path], typer.Option(help="An issuer's folder; one for each key type.")],
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8443,
    tls_certificate: Annotated[Path | None, typer.Option(help="PEM, with its chain.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM.")] = None,
    examples: Annotated[
        bool,
        typer.Option("--examples", help="Know the context of W3C's examples: for suites only."),
    ] = False,
) -> None:
    """Serve the W3C VC-API.  Issuing needs the bearer token in CAIRN_VCAPI_TOKEN.

    Needs the extra "server".  Nothing else of Cairn listens on a port.
    """
    try:
        from cairn.cli import vcapi
    except ImportError as err:
        raise Unobtainable(f"cairn vcapi needs the extra 'server' ({err.name} is missing)") from err

    if (tls_certificate is None) is not (tls_key is None):
        raise typer.BadParameter("give --tls-certificate and --tls-key together")
    tls = (tls_certificate, tls_key) if tls_certificate and tls_key else None
    vcapi.run(issuer, host=host, port=port, tls=tls, with_examples=examples)


@app.command("tour")
def tour_command(
    out: Annotated[Path, typer.Option(help="The folder to work in; made anew.")] = Path("tour-out"),
) -> None:
    """Make an issuer, issue to 200 people, revoke one, alter one, verify all.  Offline."""
    from cairn.cli import tour

    raise typer.Exit(tour.run(out))


@app.command("demo")
def demo_command(
    out: Annotated[Path, typer.Option(help="The folder to work in; made anew.")] = Path("demo-out"),
    port: Annotated[int, typer.Option(help="The port of the demo on this computer.")] = 8000,
    check: Annotated[
        bool, typer.Option("--check", help="Make the demo, open its pages once, and end.")
    ] = False,
) -> None:
    """A platform with providers, learners and awards in it, on this computer.  Offline."""
    try:
        from cairn.cli import demo
    except ImportError as err:
        raise Unobtainable(f"cairn demo needs the extra 'server' ({err.name} is missing)") from err

    raise typer.Exit(demo.run(out, port=port, is_check=check))


def main() -> None:
    """Run the command; what went wrong becomes one line on the error stream and exit code 3.

    Wrong options, and none where some are needed, end with `USAGE`.
    """
    from cairn.core.wording.names import displayed

    usage_error = typer.BadParameter.__mro__[1]
    usage_error.exit_code = USAGE  # type: ignore[attr-defined]  # a class that typer doesn't export
    if isinstance(sys.stdout, TextIOWrapper):  # file names need not be text, terminals not UTF-8
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="cairn")
    except BrokenPipeError:
        sys.exit(141)
    except (CairnError, OSError) as err:  # an OSError says which file, and why not
        sys.stderr.write(f"cairn: {displayed(str(err), max_length=1000)}\n")
        sys.exit(3)
