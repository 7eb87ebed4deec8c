"""What one source says it would do for a deletion, looked at while nothing is changed."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from fulfillment.changes.by_connector.stored import read_preflight
from fulfillment.connectors.changing import Preflight
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.encryption.fields import EncryptedJSONField
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest


class Rehearsal(LeasedWork):
    """One source of one deletion. `decided` is a hash of what was to go and to stay when it was looked at.

    `handed_by` gave the source to a person, who erases by hand: then nothing stands in the way of an approval.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="rehearsals")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="rehearsals")
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="+")
    decided = models.CharField(max_length=64)
    preflight_sealed = EncryptedJSONField(default=dict)
    looked_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("source__position",)
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "source"], name="a_source_looked_at_once"),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="rehearsals_waiting",
                condition=models.Q(work_state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"look of {self.source_id} for {self.subject_request_id}"

    @property
    def preflight(self) -> Preflight | None:
        """What the look showed; None while nobody has looked."""
        return read_preflight(self.preflight_sealed) if self.work_state == WorkState.DONE else None

    @property
    def in_the_way(self) -> str:
        """What stands in the way of an approval, as a sentence; empty where nothing does."""
        label = self.source.label
        if self.handed_by_id is not None:
            return ""
        if self.work_state == WorkState.DONE:
            found = self.preflight
            if found is None or not found.problems:
                return ""
            return f"{label} could not erase: {found.problems[0]} Mend it and look again, or hand it to a person."
        if self.last_error:
            return f"{label} could not be looked into: {self.last_error} Look again, or hand it to a person."
        return f"{label} is still being looked into. Wait a moment."
