"""`cairn vcapi`: the VC-API over issuers' folders, for conformance suites and integrators.

The server's workers are processes of their own and get their settings by the environment.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from granian.constants import Interfaces
from granian.server import Server

from cairn.cli.issuer import load_issuer
from cairn.cli.sources import sources_for
from cairn.config.environment import read_settings
from cairn.core.errors import Malformed
from cairn.core.rdf.contexts import VC_2, context_set, shipped
from cairn.core.rdf.document import Vocabulary
from cairn.protocols.vcapi.app import VcApi
from cairn.protocols.vcapi.service import Party, Signer

_MIN_TOKEN = 16  # characters
_EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_EXAMPLES_CONTEXT = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}


def run(
    issuers: Sequence[Path],
    *,
    host: str,
    port: int,
    tls: tuple[Path, Path] | None,
    with_examples: bool,
) -> None:
    """Serve until stopped; `tls` are the certificate's and its key's files, in PEM.

    `with_examples` adds the context of W3C's examples, which gives every word a meaning.
    Raises `CairnError`, before anything is served, for what cannot be loaded.
    """
    os.environ["CAIRN_VCAPI_ISSUERS"] = os.pathsep.join(str(path.resolve()) for path in issuers)
    os.environ["CAIRN_VCAPI_EXAMPLES"] = "1" if with_examples else ""
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
    sources = sources_for((), documents=None, register=None)
    if os.environ.get("CAIRN_VCAPI_EXAMPLES"):
        sources = replace(sources, vocabulary=_with_examples())
    return VcApi(Party(signers, sources), hashlib.sha256(token.encode()).digest())


def _with_examples() -> Vocabulary:
    known = shipped()
    documents = {**known.documents, _EXAMPLES: _EXAMPLES_CONTEXT}
    return Vocabulary(context_set(documents, known.sequences | {(VC_2, _EXAMPLES)}))
