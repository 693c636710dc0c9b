"""The engine of this installation, by its settings, and the processes it consists of."""

import signal
import sys
import threading
from importlib.util import find_spec
from types import FrameType
from typing import Protocol

from cairn.cli import installation, terminal
from cairn.config.environment import Settings
from cairn.core.errors import Malformed, Unobtainable


class Engine(Protocol):
    """What `cairn worker` runs."""

    def work(self) -> int:
        """Work until `stop`; the exit code of the process."""
        ...

    def stop(self) -> None:
        """Stop after what is at hand."""
        ...


def require_engine(settings: Settings) -> None:
    """Raise `Unobtainable` if what the engine needs is not installed."""
    if settings.engine == "celery" and find_spec("celery") is None:
        raise Unobtainable("CAIRN_ENGINE=celery needs the extra 'celery' (celery is missing)")


def run_worker(processes: int) -> int:
    """Work until SIGTERM or SIGINT; what is at hand is finished first.  The exit code."""
    settings = installation.open_installation(needs_master_key=True)
    require_engine(settings)
    installation.migrate()
    installation.require_fitting_master_key()
    engine = engine_for(settings, processes)

    def stop(number: int, frame: FrameType | None) -> None:
        # Not in the handler: what it interrupts may hold the lock that this one would wait for.
        threading.Thread(target=engine.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    over = " over RabbitMQ" if settings.engine == "celery" else ""
    terminal.console().print(f"The worker is running{over}; SIGTERM or Ctrl-C ends it.")
    return engine.work()


def engine_for(settings: Settings, processes: int) -> Engine:
    """The engine, ready to work in this process, or in `processes` of its own if it has some."""
    from cairn.jobs.registry import SCHEDULES, standard_consumers

    if settings.engine == "celery":
        from cairn.jobs.engines.celery.app import make_app
        from cairn.jobs.engines.celery.engine import CeleryEngine, PoolProcess

        consumers = standard_consumers()
        app = make_app(settings.broker, settings.broker_queue, consumers)
        pool = PoolProcess((sys.executable, "-m", "cairn.cli.celery_pool", str(processes)))
        return CeleryEngine(app, consumers, SCHEDULES, pool)
    if processes != 1:
        raise Malformed(
            "--processes is for CAIRN_ENGINE=celery; otherwise run cairn worker several times"
        )
    from cairn.jobs.engines.database import Worker

    return Worker()
