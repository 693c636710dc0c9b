"""`cairn demo`: an empty folder becomes a platform with people in it, which then is served.

Deterministic in content, offline.  With --check it ends once it has opened its own pages.
"""

import os
import shutil
from pathlib import Path

from cairn.cli import installation, terminal
from cairn.cli.files import write_file
from cairn.core.errors import Conflict

_MARK = ".cairn-demo"


def run(out: Path, *, port: int, is_check: bool) -> int:
    """Make the demo in `out` and serve it on `port` of this computer; the exit code."""
    base_url = f"http://localhost:{port}"
    _make_room(out)
    _set_environment(out, base_url)
    installation.open_installation(needs_master_key=True)

    from cairn.cli import demo_tour, serve

    console = terminal.console()
    demo_tour.fill(console)
    demo_tour.write_examples(out / "examples")
    if is_check:
        return demo_tour.open_pages(out / "examples", console)
    demo_tour.print_tour(console, base_url, out)
    serve.run(host="127.0.0.1", port=port)
    return 0


def _make_room(out: Path) -> None:
    """An empty folder; an earlier demo is removed, anything else is left alone."""
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise Conflict(f"{out} holds something else; name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    write_file(out / _MARK, b"made by cairn demo\n")


def _set_environment(out: Path, base_url: str) -> None:
    os.environ.update(
        CAIRN_DEMO="1",
        CAIRN_BASE_URL=base_url,
        CAIRN_DATA_DIR=str(out.resolve()),
    )
    for name in ("CAIRN_DATABASE", "CAIRN_MAIL", "CAIRN_MAIL_FROM", "CAIRN_MASTER_KEY"):
        os.environ.pop(name, None)
