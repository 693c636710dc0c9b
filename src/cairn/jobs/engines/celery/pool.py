"""The process that consumes messages, with its pool: started by `engine`, and ends with it."""

import logging
import os
import signal
import threading
import time

from celery import Celery
from celery.apps.worker import Worker

_LOOK_SECONDS = 1.0


def consume(app: Celery, processes: int) -> None:
    """Work until SIGTERM, or until the process that started this one is gone."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    Worker(
        app=app,
        concurrency=processes,
        pool_cls="prefork",
        loglevel=logging.WARNING,
        quiet=True,
        without_mingle=True,
        without_gossip=True,
        optimization="fair",
    ).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
