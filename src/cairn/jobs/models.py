"""The queue in the database: one row for each consumer of each event; who works, and on what."""

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
    # When its number was last given to a broker; null if nobody was told what it waits for now.
    sent_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["sent_at", "due_at"],
                condition=models.Q(state="waiting"),
                name="deliveries_to_send",
            ),
            models.Index(
                fields=["done_at"], condition=models.Q(state="done"), name="deliveries_done"
            ),
            models.Index(
                fields=["id"], condition=models.Q(state="failed"), name="deliveries_failed"
            ),
        )


class Turn(models.Model):
    """When something that is done by the clock is next; whoever moves it on does it."""

    name = models.CharField(max_length=80, primary_key=True)  # of the schedule
    next_at = models.DateTimeField()


class Presence(models.Model):
    """A worker that was there not long ago."""

    id = models.UUIDField(primary_key=True)  # of one start of one process
    engine = models.CharField(max_length=12)
    place = models.CharField(max_length=200)  # name of the machine and number of the process
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # Why it can't reach its broker, "" if it can or needs none; by kind, without an address.
    problem = models.CharField(max_length=200, blank=True)
