"""The columns of a row of work: whether it is due, who holds it until when, and how often it was tried."""

from django.db import models
from django.db.models.functions import Now


class WorkState(models.TextChoices):
    """Where a piece of work stands."""

    WAITING = "waiting", "Waiting"
    DONE = "done", "Done"
    DEAD = "dead", "Given up"
    CANCELLED = "cancelled", "Cancelled"


class LeasedWork(models.Model):
    """A row that is also a piece of work.

    It is free when `work_state` is waiting, `next_attempt_at` has come and no lease is running. Each lease raises
    `fence`; whoever writes the result proves with that number that no later lease was given meanwhile. Moments are
    the database's clock, so that machines whose clocks differ agree.
    """

    work_state = models.CharField(max_length=10, choices=WorkState.choices, default=WorkState.WAITING)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.TextField(default="", blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether the work is still to be done (or being done)."""
        return self.work_state == WorkState.WAITING
