"""`cairn serve` and `cairn worker`: the platform's processes.

Granian starts processes of its own; each makes the application, and with it a worker thread, which
an event of the same process wakes.
"""

import signal
from pathlib import Path
from types import FrameType

from cairn.cli import installation, terminal
from cairn.platform.asgi import Application

_APP = f"{__name__}:make_app"
_APP_WITH_WORKER = f"{__name__}:make_app_with_worker"


def run(
    *,
    host: str,
    port: int,
    processes: int = 1,
    has_worker: bool = True,
    tls: tuple[Path, Path] | None = None,
) -> None:
    """Migrate, then serve until stopped; `tls` are the certificate's and its key's files, in PEM.

    Raises `CairnError`, before anything is served, for what is missing or wrong.
    """
    installation.open_installation(needs_master_key=True)
    installation.migrate()
    installation.require_fitting_master_key()

    from granian.constants import Interfaces
    from granian.server import Server

    certificate, key = tls if tls else (None, None)
    Server(
        _APP_WITH_WORKER if has_worker else _APP,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes,
        factory=True,
        ssl_cert=certificate,
        ssl_key=key,
        log_access=False,
        websockets=False,
    ).serve()


def work() -> None:
    """Work the queue until stopped by SIGTERM or SIGINT; what is at hand is finished first."""
    installation.open_installation(needs_master_key=True)
    installation.migrate()
    installation.require_fitting_master_key()

    from cairn.jobs.worker import Worker

    worker = Worker()

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    terminal.console().print("The worker is running; SIGTERM or Ctrl-C ends it.")
    worker.run()  # in this thread


def make_app() -> Application:
    """What a process of granian serves."""
    installation.open_installation(needs_master_key=True)

    from cairn.config.asgi import application

    served: Application = application
    return served


def make_app_with_worker() -> Application:
    """The same, with a worker beside it."""
    application = make_app()

    from cairn.jobs.worker import Worker

    Worker().start()
    return application
