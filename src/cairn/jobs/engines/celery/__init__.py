"""The engine on RabbitMQ, for several machines: Celery carries the numbers of deliveries.

`app` says how messages are handled, `sending` which are sent, `pool` is the process that consumes
them, `engine` the one beside it that sends, repeats and keeps the schedules.  Imported only where
this engine was chosen: Celery is an extra.
"""
