"""The arguments and options of `cairn verify`, with what its help says of each."""

from pathlib import Path
from typing import Annotated

import typer

Targets = Annotated[list[str], typer.Argument(metavar="FILE|FOLDER|URL|-")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
AllowOrigin = Annotated[
    list[str] | None,
    typer.Option(help="An exact extra origin that may be fetched, such as http://127.0.0.1:8000"),
]
Documents = Annotated[
    Path | None,
    typer.Option(help="A folder with did.json and status lists, asked before the network."),
]
Register = Annotated[Path | None, typer.Option(help="A register of issuers, as JSON.")]
Name = Annotated[str, typer.Option(help="Whom you believe it was issued to.")]
Email = Annotated[str, typer.Option(help="The sender's e-mail address, to compare.")]
Language = Annotated[str, typer.Option(help="Language of the answer: en, fr.")]
Challenge = Annotated[
    str, typer.Option(help="Of a presentation: the challenge it was asked for with.")
]
Domain = Annotated[str, typer.Option(help="Of a presentation: the domain it was made for.")]
