"""Engines: who is told that there is something to do, and where it is done.

The queue in the database is the same for all of them, and it alone decides what is done, again and
no more: `cairn.jobs.queue`.  An engine that loses, doubles or reorders what it was told costs time.

- `inline`: in the thread that committed, for tests and small imports
- `database`: workers that look into the queue
- `celery`: workers that RabbitMQ tells the numbers of deliveries, for several machines
"""
