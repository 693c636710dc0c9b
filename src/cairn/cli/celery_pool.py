"""The process beside `cairn worker` that consumes messages, with CAIRN_ENGINE=celery.

Started by it as `python -m cairn.cli.celery_pool PROCESSES`, and by nobody else.
"""

import sys

from cairn.cli import installation


def main(processes: int) -> None:
    """Consume the messages of the installation that the environment describes."""
    settings = installation.open_installation(needs_master_key=True)

    from cairn.jobs.engines.celery.app import make_app
    from cairn.jobs.engines.celery.pool import consume
    from cairn.jobs.registry import standard_consumers

    consume(make_app(settings.broker, settings.broker_queue, standard_consumers()), processes)


if __name__ == "__main__":
    main(int(sys.argv[1]))
