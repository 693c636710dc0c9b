"""An installation of the platform, made ready for a command: settings, folders, database, key."""

import base64
import os
import secrets
from importlib.util import find_spec
from pathlib import Path

from cairn.cli.files import read_file, write_file
from cairn.config.environment import Settings, read_settings
from cairn.core.errors import Malformed, Unobtainable

_DEMO_KEY_BYTES = 200  # of its file, at most


def new_master_key() -> str:
    """A new master key, as CAIRN_MASTER_KEY takes it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def open_installation(*, needs_master_key: bool) -> Settings:
    """Set up Django for this process and its children, by the environment.

    The demo gets a master key of its own, kept in its folder.  Raises `Malformed` for settings that
    are wrong or missing, `Unobtainable` if the extra "server" is not installed.
    """
    settings = read_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (settings.data_dir / "static").mkdir(exist_ok=True)  # looked for, though nothing is collected
    if settings.master_key is None and settings.is_demo:
        os.environ["CAIRN_MASTER_KEY"] = _demo_key(settings.data_dir / "demo-master-key")
    elif settings.master_key is None and needs_master_key:
        raise Malformed(
            "CAIRN_MASTER_KEY is not set; make one with cairn keys master, keep it where backups "
            "of the database are not, and set it for every process of this installation"
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.config.settings")
    require_server()

    import django

    django.setup()
    return read_settings()


def require_server() -> None:
    """Raise `Unobtainable` if the extra "server" is not installed."""
    for name in ("django", "granian", "allauth"):
        if find_spec(name) is None:
            raise Unobtainable(f"this command needs the extra 'server' ({name} is missing)")


def migrate() -> None:
    """Bring the database to the schema of this version; does nothing if it has it."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def require_fitting_master_key() -> None:
    """Raise `Malformed` if keys of issuers are wrapped under another master key than ours."""
    from cairn.signing.selectors import count_wrapped_by_another
    from cairn.signing.wrapping import master_key

    count = count_wrapped_by_another(master_key())
    if count:
        raise Malformed(
            f"{count} keys of issuers are wrapped under another master key; set CAIRN_MASTER_KEY "
            "to that one, or run cairn keys rewrap with it"
        )


def _demo_key(path: Path) -> str:
    if not path.exists():
        write_file(path, new_master_key().encode(), mode=0o600)
    return read_file(path, max_bytes=_DEMO_KEY_BYTES).decode("ascii", "replace").strip()
