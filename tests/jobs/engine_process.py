"""A process in which an engine works, so that it can be killed.

python -m tests.jobs.engine_process DATABASE inline SUBJECT | database | celery BROKER QUEUE
"""

import sys
from uuid import UUID

import django
from django.conf import settings


def main(database: str, engine: str, *more: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()

    from tests.jobs import contract

    contract.hasten()
    if engine == "inline":
        from cairn.jobs.engines.inline import inline

        with inline(contract.CONSUMERS):
            contract.emit(contract.DIE_ONCE, UUID(more[0]))
    elif engine == "database":
        from cairn.jobs.engines.database import Worker

        Worker(contract.CONSUMERS, (), poll_seconds=0.05).work()
    else:
        from cairn.jobs.engines.celery.app import make_app
        from cairn.jobs.engines.celery.pool import consume

        broker, queue_name = more
        consume(make_app(broker, queue_name, contract.CONSUMERS), processes=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
