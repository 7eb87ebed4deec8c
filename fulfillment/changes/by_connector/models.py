"""The work of carrying one change out by the connector of its source."""

from uuid import uuid4

from django.db import models

from fulfillment.changes.by_connector.stored import (
    Picks,
    Suggestions,
    read_picks,
    read_preflight,
    read_receipt,
    read_suggestions,
)
from fulfillment.changes.models import ChangeTask
from fulfillment.connectors.changing import ChangeReceipt, Preflight
from fulfillment.sources.models import DataMapVersion
from requests_app.encryption.fields import EncryptedJSONField
from requests_app.leases.models import LeasedWork


class SourceChange(LeasedWork):
    """One change by the connector of its source.

    `noted_*` is the receipt as it stood before the change became final: an attempt that died after that left its name
    there, and the source is asked before anything is done again. `receipt_*` is there only when the source confirmed.
    Given up means that a person does it, or mends what is in the way; `reasons_sealed` are the sentences.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    change = models.OneToOneField(ChangeTask, on_delete=models.PROTECT, related_name="by_connector")
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="+")
    picks_sealed = EncryptedJSONField(default=list)
    suggestions_sealed = EncryptedJSONField(default=dict)
    preflight_sealed = EncryptedJSONField(default=dict)
    looked_at = models.DateTimeField(null=True, blank=True)
    noted_sealed = EncryptedJSONField(default=dict)
    noted_at = models.DateTimeField(null=True, blank=True)
    receipt_sealed = EncryptedJSONField(default=dict)
    # Of the present attempt: since when it is at it, at which collection of how many, and how many rows are changed.
    working_since = models.DateTimeField(null=True, blank=True)
    reached_collection = models.CharField(max_length=200, blank=True)
    reached_number = models.PositiveIntegerField(default=0)
    reached_total = models.PositiveIntegerField(default=0)
    reached_rows = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # What is final already of a change that stopped half way, in sources where each record or file is final by itself.
    made_sealed = EncryptedJSONField(null=True, blank=True)
    reasons_sealed = EncryptedJSONField(default=list)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(work_state="done") | models.Q(confirmed_at__isnull=False),
                name="a_change_by_a_source_is_done_when_confirmed",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="source_changes_waiting",
                condition=models.Q(work_state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"work on change {self.change_id}"

    @property
    def order_key(self) -> str:
        """The name of the order towards the source, the same for every attempt."""
        return str(self.change_id)

    @property
    def picks(self) -> Picks:
        """Which field of the map each accepted correction means, as staff said."""
        return read_picks(self.picks_sealed)

    @property
    def suggestions(self) -> Suggestions:
        """Where the person's rows hold what is to be corrected."""
        return read_suggestions(self.suggestions_sealed)

    @property
    def preflight(self) -> Preflight | None:
        """What the last look beforehand showed."""
        return read_preflight(self.preflight_sealed) if self.looked_at else None

    @property
    def noted(self) -> ChangeReceipt | None:
        """The receipt that was noted and of which nobody knows yet what became."""
        return read_receipt(self.noted_sealed) if self.noted_at and not self.confirmed_at else None

    @property
    def receipt(self) -> ChangeReceipt | None:
        """The source's proof, once it confirmed."""
        return read_receipt(self.receipt_sealed) if self.confirmed_at else None

    @property
    def made(self) -> ChangeReceipt | None:
        """What is final already though the change as a whole is not; None where nothing is."""
        return read_receipt(self.made_sealed) if self.made_sealed and not self.confirmed_at else None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a person is asked."""
        return tuple(str(each) for each in self.reasons_sealed)
