"""A look at a source, and the map that it proposes."""

from uuid import uuid4

from django.db import models

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.leases.models import LeasedWork, WorkState


class MapProposal(LeasedWork):
    """One look: a worker writes `yaml`, staff decide on its parts, and the outcome is a version of the map.

    `decisions` holds by collection and field what was accepted: names of columns and categories, no values.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="proposals")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    looked_at = models.DateTimeField(null=True, blank=True)
    yaml = models.TextField(default="", blank=True)
    decisions = models.JSONField(default=dict, blank=True)
    outcome = models.ForeignKey(
        DataMapVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(work_state=WorkState.WAITING),
                name="one_look_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"look at {self.source_id}"

    @property
    def data_map(self) -> DataMap:
        """What it proposes, as a value."""
        return load_map(self.yaml)
