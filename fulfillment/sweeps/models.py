"""A sweep as a row of work that knows how far it is, and each trace it has found."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from fulfillment.sources.models import DataMapVersion, DataSource
from fulfillment.sweeps.coverage import Coverage
from fulfillment.sweeps.states import SweepPurpose, TraceDecision
from fulfillment.traces.judge import Kind
from fulfillment.traces.person import Identifier, KnownPerson
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest

KINDS = [(each.value, each.value) for each in Kind]
COVERAGES = [(each.value, each.value) for each in Coverage]


class Sweep(LeasedWork):
    """One source gone through for one request.

    `identifiers` is whom to look for; `table` and `position` are where the next attempt goes on, and the position may
    be a key that is personal. Counts stand in the clear: `tally` by table, columns, kind and coverage.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="sweeps")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="sweeps")
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="sweeps")
    purpose = models.CharField(max_length=12, choices=SweepPurpose, default=SweepPurpose.REVIEW)
    identifiers = EncryptedJSONField(default=list)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    table = models.CharField(max_length=200, blank=True)
    position = EncryptedJSONField(null=True, blank=True)
    tables_done = models.PositiveIntegerField(default=0)
    tables_total = models.PositiveIntegerField(default=0)
    rows_looked = models.PositiveBigIntegerField(default=0)
    rows_total = models.PositiveBigIntegerField(default=0)
    # Since when the present attempt has been at it, and how many rows earlier ones had looked at: the rate is its own.
    working_since = models.DateTimeField(null=True, blank=True)
    rows_before = models.PositiveBigIntegerField(default=0)
    tally = models.JSONField(default=list)
    unread = models.JSONField(default=list)
    # What could not be read of single objects: their names may be personal.
    unread_objects = EncryptedJSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request", "source"],
                condition=models.Q(work_state="waiting"),
                name="one_sweep_of_a_source_at_a_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="sweeps_waiting", condition=models.Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"sweep {self.pk}"

    @property
    def person(self) -> KnownPerson:
        """Whom it looks for."""
        return KnownPerson.known(Identifier(**each) for each in self.identifiers)

    @property
    def is_done(self) -> bool:
        """Whether the source was gone through to its end."""
        return self.work_state == WorkState.DONE

    @property
    def said_unread(self) -> list[str]:
        """Everything that was not read, tables and single objects, a sentence each."""
        return [*self.unread, *self.unread_objects]

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each kind there are."""
        found = dict.fromkeys((each.value for each in Kind), 0)
        for line in self.tally:
            found[line["kind"]] += line["records"]
        return found


class Trace(models.Model):
    """A record that holds the person. Where it stands and what it is, in the clear; key and words are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="traces")
    number = models.PositiveIntegerField()
    table = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=KINDS)
    coverage = models.CharField(max_length=12, choices=COVERAGES)
    content = EncryptedJSONField(default=dict)
    decision = models.CharField(max_length=10, choices=TraceDecision, default=TraceDecision.OPEN)
    note = EncryptedTextField(max_length=500, default="", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["sweep", "number"], name="traces_are_numbered"),)

    def __str__(self) -> str:
        return f"trace {self.number} of {self.sweep_id}"

    @property
    def is_covered(self) -> bool:
        """Whether the map finds it already."""
        return self.coverage == Coverage.COVERED

    @property
    def key(self) -> dict[str, Any]:
        """What tells its record from others of the table; personal."""
        found: dict[str, Any] = self.content.get("key", {})
        return found

    @property
    def digest(self) -> str:
        """By what a record without a key of its own is known again: a hash of all that was written in it."""
        return str(self.content.get("digest", ""))

    @property
    def words(self) -> list[dict[str, Any]]:
        """What was found, hit by hit: column, way, what the person is known by there, the words."""
        hits: list[dict[str, Any]] = self.content.get("hits", [])
        return hits
