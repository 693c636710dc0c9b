"""The queue in the database: one row for each consumer of each event."""

from django.db import models

from cairn.platform.models import OutboxEvent


class Delivery(models.Model):
    """An event on its way to one consumer.  It may come twice, so consumers are idempotent."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"  # after the last attempt; an operator may retry

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(OutboxEvent, models.PROTECT, related_name="deliveries")
    consumer = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # also the end of a lease: a worker that died is overtaken
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["event", "consumer"], name="one_delivery_a_consumer"),
        )
        indexes = (
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="deliveries_due"
            ),
        )
