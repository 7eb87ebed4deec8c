"""Suggestions and the scans that make them: places in numbers, kind and evidence; never a word of what stands there."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from fulfillment.findings.decisions.models import Kind, ReviewDecision
from fulfillment.findings.models import Finding
from fulfillment.findings.suggestions.found import Why
from requests_app.encryption.fields import EncryptedJSONField
from requests_app.leases.models import LeasedWork, WorkState


class SuggestionScan(LeasedWork):
    """One finding to be gone through; `rows_seen` and `next_byte` say how far it is, and where it goes on.

    `people` are others whom the records of the request name, as `people.People` keeps them. A scan that was given up
    may be `waived` by somebody who looked through the records themselves and says so.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    finding = models.OneToOneField(Finding, on_delete=models.CASCADE, related_name="scan")
    rows_seen = models.PositiveIntegerField(default=0)
    next_byte = models.PositiveBigIntegerField(default=0)
    people = EncryptedJSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)
    waived_at = models.DateTimeField(null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("next_attempt_at",)
        indexes = (
            models.Index(fields=["next_attempt_at"], name="scans_waiting", condition=Q(work_state="waiting")),
        )

    def __str__(self) -> str:
        return f"scan of {self.finding_id}"

    @property
    def is_over(self) -> bool:
        """Whether every record was looked through, by the scan or by somebody who says so."""
        return self.work_state == WorkState.DONE or self.waived_at is not None


class Answer(models.TextChoices):
    """What a person said to a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Suggestion(models.Model):
    """One place in a record that may be somebody else's: the numbers are those of `ReviewDecision`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="suggestions")
    line = models.PositiveIntegerField()
    place = models.CharField(max_length=200)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.CharField(max_length=10, choices=Why)
    state = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(
        ReviewDecision, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestions"
    )

    class Meta:
        ordering = ("line", "place", "start")
        indexes = (models.Index(fields=["finding", "state", "line"], name="suggestions_by_line"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_by__isnull=False),
                name="an_answer_to_a_suggestion_is_a_persons",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} in {self.finding_id}"
