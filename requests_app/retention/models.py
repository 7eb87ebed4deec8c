"""A run of the purge, which is also the piece of work, and a hold that keeps the record of one request."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from requests_app.encryption.fields import EncryptedTextField
from requests_app.leases.models import LeasedWork
from requests_app.lifecycle.models import SubjectRequest


class PurgeRun(LeasedWork):
    """One pass over everything whose day has come. Counts only: what went can be read nowhere.

    `slot` makes it one a day; a run that somebody asked for by hand has one of its own.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slot = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    # By the key of the kind: how many things went.
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ("-asked_at",)
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="purges_waiting", condition=Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"purge {self.slot}"


class PurgeHold(models.Model):
    """Somebody keeps the whole record of a request beyond its day, as for a dispute in court.

    Where `until` is known the hold ends by itself once that day is over; else somebody looks at it again on a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="purge_holds")
    why = EncryptedTextField(max_length=500)
    until = models.DateField(null=True, blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("set_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request"], condition=Q(lifted_at=None), name="one_hold_of_a_record_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"hold of the record of {self.subject_request_id}"
