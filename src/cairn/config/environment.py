"""What Cairn takes from its environment: `CAIRN_*`, read once, unknown names refused.

No Django here: `cairn verify` reads its settings from this module too.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

import typer

from cairn.core.errors import Malformed
from cairn.net.fetch import allow_origins_from
from cairn.signing import custody
from cairn.signing.custody import Custody

KNOWN = {
    "CAIRN_API_ORGANISATION": "id of the organisation that cairn batch speaks for",
    "CAIRN_API_TOKEN": "the token of cairn batch, made in the console under Programs",
    "CAIRN_BASE_URL": "the address of this installation; goes into all that is signed",
    "CAIRN_BROKER": "amqp://user:password@host/vhost of RabbitMQ, for CAIRN_ENGINE=celery",
    "CAIRN_DATABASE": "postgresql://user:password@host/name; without it SQLite in the data folder",
    "CAIRN_DATA_DIR": "the folder for the SQLite database and uploaded files",
    "CAIRN_DEMO": "1 in the demo: role switch, mail on a page, a key of its own",
    "CAIRN_ENGINE": "how jobs reach workers: database, or celery over RabbitMQ",
    "CAIRN_FETCH_ALLOW": "exact extra origins that may be fetched, separated by commas",
    "CAIRN_KEY_PASSPHRASE": "the passphrase of an issuer's private key",
    "CAIRN_LANG": "language of reports, such as en or fr",
    "CAIRN_MAIL": "smtp://user:password@host:port or smtps://…; without it mail is refused",
    "CAIRN_MAIL_A_MINUTE": "how many letters the mail service takes in a minute, 300 unless said",
    "CAIRN_MAIL_FROM": "the sender of mail, such as Cairn <badges@example.edu>",
    "CAIRN_MASTER_KEY": "32 bytes in base64url: wraps the keys of all organisations",
    "CAIRN_NEW_MASTER_KEY": "for cairn keys rewrap alone: what CAIRN_MASTER_KEY will be after it",
    "CAIRN_STATE_DIR": "where the newest versions of documents seen are remembered",
    "CAIRN_VCAPI_EXAMPLES": "set by cairn vcapi --examples",
    "CAIRN_VCAPI_ISSUERS": "folders of the issuers of cairn vcapi; its --issuer sets it",
    "CAIRN_VCAPI_TOKEN": "the bearer token that may issue through cairn vcapi",
    **custody.KNOWN,
}
# Read by the project's own tests, not by the product.
_FOREIGN = frozenset(
    {
        "CAIRN_REFERENCE_DATA",
        "CAIRN_INTEROP",
        "CAIRN_SOFTHSM",
        "CAIRN_TEST_BROKER",
        "CAIRN_TEST_DATABASE",
    }
)
Engine = Literal["database", "celery"]
_DEFAULT_BASE_URL = "http://localhost:8000"


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment, read once; secrets are hidden from representations."""

    fetch_allow: frozenset[str]
    state_dir: Path
    language: str
    passphrase: bytes | None
    base_url: str
    data_dir: Path
    database: str
    master_key: bytes | None
    mail: str
    mail_from: str
    mail_a_minute: int
    is_demo: bool
    api_token: str
    custody: Custody
    engine: Engine
    broker: str

    @property
    def host(self) -> str:
        """The host of `base_url` with its port if it has one, as a did:web names it."""
        return urlsplit(self.base_url).netloc

    @property
    def broker_queue(self) -> str:
        """The queue at the broker, which several installations may share."""
        return f"cairn.{self.host}"

    def __repr__(self) -> str:
        return f"Settings(base_url={self.base_url}, fetch_allow={sorted(self.fetch_allow)})"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `environment`.  Raises `Malformed` naming the variable that is wrong."""
    ours = {name for name in environment if name.startswith("CAIRN_")}
    for name in sorted(ours - KNOWN.keys() - _FOREIGN):
        raise Malformed(f"{name} is not a setting of Cairn; known are {', '.join(sorted(KNOWN))}")
    language = environment.get("CAIRN_LANG") or environment.get("LC_ALL") or environment.get("LANG")
    passphrase = environment.get("CAIRN_KEY_PASSPHRASE")
    state_dir = Path(environment.get("CAIRN_STATE_DIR") or typer.get_app_dir("cairn"))
    return Settings(
        fetch_allow=allow_origins_from(environment.get("CAIRN_FETCH_ALLOW", "")),
        state_dir=state_dir,
        language=(language or "en").split(".")[0].replace("_", "-"),
        passphrase=passphrase.encode() if passphrase else None,
        base_url=_base_url(environment.get("CAIRN_BASE_URL") or _DEFAULT_BASE_URL),
        data_dir=Path(environment.get("CAIRN_DATA_DIR") or state_dir / "data"),
        database=environment.get("CAIRN_DATABASE", ""),
        master_key=read_master_key(environment, "CAIRN_MASTER_KEY"),
        mail=environment.get("CAIRN_MAIL", ""),
        mail_from=environment.get("CAIRN_MAIL_FROM", ""),
        mail_a_minute=_number(environment, "CAIRN_MAIL_A_MINUTE", 300),
        is_demo=environment.get("CAIRN_DEMO", "") == "1",
        api_token=environment.get("CAIRN_API_TOKEN", ""),
        custody=custody.read_custody(environment),
        engine=(engine := _engine(environment.get("CAIRN_ENGINE") or "database")),
        broker=_broker(environment.get("CAIRN_BROKER", ""), engine),
    )


def _engine(text: str) -> Engine:
    if text not in get_args(Engine):
        raise Malformed(f"CAIRN_ENGINE {text!r} is none of {', '.join(get_args(Engine))}")
    return cast(Engine, text)


def _broker(text: str, engine: Engine) -> str:
    # Never repeated in an error: it holds a password.
    parts = urlsplit(text)
    if text and not (parts.scheme in ("amqp", "amqps") and parts.hostname):
        raise Malformed("CAIRN_BROKER is not an address like amqp://user:password@host/vhost")
    if engine == "celery" and not text:
        raise Malformed("CAIRN_ENGINE=celery needs the address of RabbitMQ in CAIRN_BROKER")
    return text


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Malformed(f"{name} {text!r} is not a number from 1, such as {default}")
    return int(text)


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    is_plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not is_plain or parts.path.strip("/") or parts.query or parts.fragment:
        raise Malformed(
            f"CAIRN_BASE_URL {text!r} is not an address like https://badges.example.edu"
        )
    return text.rstrip("/").lower()


def read_master_key(environment: Mapping[str, str], name: str) -> bytes | None:
    """The key in the variable `name`, None without one.  Raises `Malformed`, without the text."""
    text = environment.get(name, "")
    if not text:
        return None
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):  # ValueError: beyond ASCII
        key = b""
    if len(key) != 32:
        raise Malformed(f"{name} is not 32 bytes in base64url; make one with cairn keys master")
    return key
