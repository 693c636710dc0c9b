"""What the command line takes from its environment: `CAIRN_*`, unknown names refused."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from cairn.core.errors import Malformed
from cairn.net.fetch import allow_origins_from

KNOWN = {
    "CAIRN_FETCH_ALLOW": "exact extra origins that may be fetched, separated by commas",
    "CAIRN_KEY_PASSPHRASE": "the passphrase of an issuer's private key",
    "CAIRN_STATE_DIR": "where the newest versions of documents seen are remembered",
    "CAIRN_LANG": "language of reports, such as en or fr",
    "CAIRN_VCAPI_TOKEN": "the bearer token that may issue through cairn vcapi",
    "CAIRN_VCAPI_EXAMPLES": "set by cairn vcapi --examples",
    "CAIRN_VCAPI_ISSUERS": "folders of the issuers of cairn vcapi; its --issuer sets it",
}
# Read by the project's own tests, not by the product.
_FOREIGN = frozenset({"CAIRN_REFERENCE_DATA", "CAIRN_INTEROP"})


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment, read once; `passphrase` is hidden from representations."""

    fetch_allow: frozenset[str]
    state_dir: Path
    language: str
    passphrase: bytes | None

    def __repr__(self) -> str:
        return f"Settings(fetch_allow={sorted(self.fetch_allow)}, state_dir={self.state_dir})"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `environment`.  Raises `Malformed` naming an unknown `CAIRN_` variable."""
    ours = {name for name in environment if name.startswith("CAIRN_")}
    for name in sorted(ours - KNOWN.keys() - _FOREIGN):
        raise Malformed(f"{name} is not a setting of Cairn; known are {', '.join(sorted(KNOWN))}")
    language = environment.get("CAIRN_LANG") or environment.get("LC_ALL") or environment.get("LANG")
    passphrase = environment.get("CAIRN_KEY_PASSPHRASE")
    return Settings(
        allow_origins_from(environment.get("CAIRN_FETCH_ALLOW", "")),
        Path(environment.get("CAIRN_STATE_DIR") or typer.get_app_dir("cairn")),
        (language or "en").split(".")[0].replace("_", "-"),
        passphrase.encode() if passphrase else None,
    )
