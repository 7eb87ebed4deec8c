"""A run and its rows of work, one per source."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from fulfillment.runs.states import GOES_ON_IN, RunPurpose, RunState, SourceState
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.encryption.fields import EncryptedTextField
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest


class FulfillmentRun(models.Model):
    """One attempt to carry out a request in the sources of its plan."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=12, choices=RunPurpose, default=RunPurpose.SEARCH)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "number"], name="runs_are_numbered"),
            models.UniqueConstraint(
                fields=["subject_request"], condition=models.Q(state="running"), name="one_run_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"run {self.number} of {self.subject_request_id}"

    @property
    def is_wanted(self) -> bool:
        """Whether the request still stands where this run is to take it on."""
        state_for_it = GOES_ON_IN[RunPurpose(self.purpose)]
        return self.state == RunState.RUNNING and self.subject_request.state == state_for_it


class SourceTask(LeasedWork):
    """The search of one source in one run. Its findings lie, line by line, in one sealed file of the store."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(FulfillmentRun, on_delete=models.PROTECT, related_name="tasks")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="tasks")
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="tasks")
    position = models.PositiveSmallIntegerField()
    # Who was asked in place of a system, while their answer is awaited.
    waits_for = EncryptedTextField(max_length=120, default="", blank=True)
    rows_seen = models.PositiveIntegerField(default=0)
    # Of a search that takes its time: since when it has been running, and how many rows the source expects to give.
    searching_since = models.DateTimeField(null=True, blank=True)
    rows_expected = models.PositiveBigIntegerField(null=True, blank=True)
    store_name = models.CharField(max_length=80, blank=True)
    wrapped_key = models.BinaryField(default=b"")
    ended_at = models.DateTimeField(null=True, blank=True)
    # The kinds of identity it was asked by, and a keyed hash of the values: a second round leaves out what is the same.
    asked_kinds = models.JSONField(default=list)
    asked_by_hash = models.CharField(max_length=64, blank=True)
    excluded_because = EncryptedTextField(max_length=500, default="", blank=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["run", "source"], name="a_source_once_a_run"),)
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="source_tasks_waiting",
                condition=models.Q(work_state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"task {self.position} of {self.run_id}"

    @property
    def owner_key(self) -> str:
        """The name under which a person is asked in place of this source."""
        return f"search:{self.pk}"

    @property
    def is_excluded(self) -> bool:
        """Whether a person took the source out of the run."""
        return self.work_state == WorkState.CANCELLED and self.excluded_by_id is not None

    @property
    def source_state(self) -> SourceState:
        """Where the source stands, for the case page."""
        if self.work_state == WorkState.DONE:
            return SourceState.FOUND if self.rows_seen else SourceState.NONE_FOUND
        if self.work_state == WorkState.DEAD:
            return SourceState.FAILED
        if self.work_state == WorkState.CANCELLED:
            return SourceState.EXCLUDED if self.is_excluded else SourceState.CANCELLED
        if self.leased_until is not None and self.leased_until > timezone.now():
            return SourceState.SEARCHING
        if self.waits_for:
            return SourceState.ASKED
        return SourceState.RETRYING if self.last_error else SourceState.WAITING
