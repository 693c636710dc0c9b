"""`cairn organisations`: found an organisation on this installation, list those there are."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cairn.cli import installation, terminal
from cairn.core.errors import Malformed

organisations = typer.Typer(help="Organisations of this installation.", no_args_is_help=True)


@organisations.command("create")
def create_command(
    name: Annotated[str, typer.Argument(help="As readers of its credentials see it.")],
    owner: Annotated[
        str, typer.Option(help="E-mail address of its first owner, who signs in with a code.")
    ],
    slug: Annotated[str, typer.Option(help="Its name in addresses; else made from NAME.")] = "",
    kind: Annotated[
        list[str] | None,
        typer.Option(help="university, provider, professional_body, employer or authority."),
    ] = None,
    capability: Annotated[
        list[str] | None, typer.Option(help="issue, register, check or oversee; else issue.")
    ] = None,
    url: Annotated[str, typer.Option(help="Its web page.")] = "",
    email: Annotated[str, typer.Option(help="Its published e-mail address.")] = "",
    country: Annotated[str, typer.Option(help="Two letters of ISO 3166, such as FR.")] = "",
    language: Annotated[str, typer.Option(help="The language it writes in: en, fr.")] = "en",
    time_zone: Annotated[str, typer.Option(help="Such as Europe/Paris.")] = "UTC",
) -> None:
    """Found an organisation: its first owner, its keys.

    The address of --owner counts as theirs from then on: whoever reads its mail can sign in.
    """
    installation.open_installation(needs_master_key=True)
    installation.migrate()

    from django.db import transaction

    from cairn.organisations.models import Capability, Kind
    from cairn.organisations.services import create_organisation
    from cairn.people.services import user_with_address
    from cairn.signing.services import create_keys

    now = datetime.now(UTC)
    with transaction.atomic():
        person = user_with_address(email=owner, language=language)
        made = create_organisation(
            name=name,
            owner=person,
            now=now,
            slug=slug,
            kinds=[Kind(_known(text, Kind.values)) for text in kind or ()],
            capabilities=[
                Capability(_known(text, Capability.values)) for text in capability or ("issue",)
            ],
            url=url,
            email=email,
            country=country.upper(),
            language=language,
            time_zone=time_zone,
        )
        create_keys(organisation=made, actor=None, now=now)
    console = terminal.console()
    console.print(f"Founded {terminal.safe(made.name)}: /console/{made.slug}/")


@organisations.command("list")
def list_command() -> None:
    """List the organisations: name in addresses, state, name."""
    installation.open_installation(needs_master_key=False)

    from cairn.organisations.models import Organisation

    console = terminal.console()
    for one in Organisation.objects.order_by("slug"):
        console.print(f"{one.slug}  {one.state}  {terminal.safe(one.name)}", soft_wrap=True)


def _known(text: str, known: list[str]) -> str:
    if text not in known:
        raise Malformed(f"{text!r} is none of {', '.join(known)}")
    return text
