"""`cairn serve`: the processes that answer the web.

Granian starts processes of its own; each makes the application, and with it a worker thread, which
an event of the same process wakes.  With CAIRN_ENGINE=celery there is no such thread: jobs are for
`cairn worker` then.
"""

from pathlib import Path

from cairn.cli import installation, terminal
from cairn.platform.asgi import Application

_APP = f"{__name__}:make_app"
_APP_WITH_WORKER = f"{__name__}:make_app_with_worker"
_WHO_WORKS = {
    ("database", True): "Jobs are carried out here, beside the pages.",
    ("database", False): "Jobs wait for cairn worker; run at least one.",
    ("celery", False): "Jobs wait for cairn worker, over RabbitMQ; run at least one.",
}


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
    settings = installation.open_installation(needs_master_key=True)
    installation.migrate()
    installation.require_fitting_master_key()
    has_worker = has_worker and settings.engine == "database"
    terminal.console().print(_WHO_WORKS[settings.engine, has_worker])

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


def make_app() -> Application:
    """What a process of granian serves."""
    installation.open_installation(needs_master_key=True)

    from cairn.config.asgi import application

    served: Application = application
    return served


def make_app_with_worker() -> Application:
    """The same, with a worker beside it."""
    application = make_app()

    from cairn.jobs.engines.database import Worker

    Worker().start()
    return application
