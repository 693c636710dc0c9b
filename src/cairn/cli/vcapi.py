"""`cairn vcapi`: the VC-API over issuers' folders, for conformance suites and integrators.

The server's workers are processes of their own and get their settings by the environment.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from granian.constants import Interfaces
from granian.server import Server

from cairn.cli.issuer import load_issuer
from cairn.cli.settings import read_settings
from cairn.cli.sources import sources_from
from cairn.core.errors import Malformed
from cairn.protocols.vcapi.app import VcApi
from cairn.protocols.vcapi.service import Party, Signer

_MIN_TOKEN = 16  # characters


def run(issuers: Sequence[Path], *, host: str, port: int, tls: tuple[Path, Path] | None) -> None:
    """Serve until stopped; `tls` are the certificate's and its key's files, in PEM.

    Raises `CairnError`, before anything is served, for what cannot be loaded.
    """
    os.environ["CAIRN_VCAPI_ISSUERS"] = os.pathsep.join(str(path.resolve()) for path in issuers)
    make_app()
    certificate, key = tls if tls else (None, None)
    Server(
        f"{__name__}:make_app",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        factory=True,
        ssl_cert=certificate,
        ssl_key=key,
        log_access=False,
        websockets=False,
    ).serve()


def make_app() -> VcApi:
    """The service that the environment describes.  Raises `CairnError`."""
    settings = read_settings()
    token = os.environ.get("CAIRN_VCAPI_TOKEN", "")
    if len(token) < _MIN_TOKEN:
        raise Malformed(
            f"set CAIRN_VCAPI_TOKEN to {_MIN_TOKEN} characters or more, drawn at random"
        )
    folders = os.environ.get("CAIRN_VCAPI_ISSUERS", "").split(os.pathsep)
    loaded = [load_issuer(Path(folder), settings.passphrase) for folder in folders if folder]
    signers = tuple(Signer(issuer.did, issuer.method_id, issuer.key) for issuer in loaded)
    sources = sources_from(
        allow_origins=settings.fetch_allow, documents=None, register=None, state=settings.state_dir
    )
    return VcApi(Party(signers, sources), hashlib.sha256(token.encode()).digest())
