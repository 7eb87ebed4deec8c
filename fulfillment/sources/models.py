"""A data source, and the versions of the map that says what it holds."""

from functools import cached_property
from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from requests_app.encryption.fields import EncryptedJSONField


class DataSource(models.Model):
    """A system that may hold personal data, and how it is reached.

    `settings_sealed` is what its connector needs, secrets among it: it is written by `connect_source` and
    read by `connection.open_connector`, never shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(
        max_length=80, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "a-z, 0-9 and _ only")]
    )
    label = models.CharField(max_length=120)
    kind = models.CharField(max_length=60)
    settings_sealed = EncryptedJSONField()
    enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    connected_at = models.DateTimeField()
    last_checked_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    failures_in_row = models.PositiveSmallIntegerField(default=0)
    # While it rests after failing again and again; the moment is the database's clock.
    rests_until = models.DateTimeField(null=True, blank=True)
    # How many of our workers may ask it at once, on all machines together; None: as many as there are.
    most_at_once = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("position", "label")

    def __str__(self) -> str:
        return self.key

    @property
    def map_in_force(self) -> "DataMapVersion":
        """The newest version of its map; every source has one from the moment it is connected."""
        return max(self.map_versions.all(), key=lambda version: version.number)


class DataMapVersion(models.Model):
    """A map as it was loaded; a newer one gets the next number, and none is ever changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="map_versions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    yaml = models.TextField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=80)

    class Meta:
        ordering = ("source", "number")
        constraints = (models.UniqueConstraint(fields=["source", "number"], name="maps_are_numbered"),)

    def __str__(self) -> str:
        return f"{self.source_id} map {self.number}"

    @cached_property
    def data_map(self) -> DataMap:
        """The map as a value."""
        return load_map(self.yaml)


class SourceBudget(models.Model):
    """How many calls were made to a source of late, and until when nobody may call it; one row a source.

    `counts` holds, per length of time in seconds, its stretch that was last counted in and the calls of each.
    """

    source = models.OneToOneField(
        DataSource, on_delete=models.CASCADE, primary_key=True, related_name="budget"
    )
    counts = models.JSONField(default=dict)
    closed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"budget of {self.source_id}"


class SourcePlace(models.Model):
    """A place at a source that takes only so many at once, held by a row of work of whatever kind while it is leased.

    `work` is the key of that row and `fence` the number of its lease. A place whose `leased_until` is over by the
    database's clock is free, whatever became of its holder.
    """

    work = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="places")
    fence = models.PositiveIntegerField()
    leased_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"place at {self.source_id}"


class SourceSlot(models.Model):
    """What workers share about a source under a key: its token, the number of an export that runs for us."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="slots")
    key = models.CharField(max_length=80)
    kept_sealed = EncryptedJSONField(default=dict)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="a_slot_once_a_source"),)

    def __str__(self) -> str:
        return f"slot of {self.source_id}"


class SourceAnswer(models.Model):
    """What a system called back with for an order that was sent to it, as a sealed file of the store."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="answers")
    order = models.CharField(max_length=40)
    store_name = models.CharField(max_length=32)
    wrapped_key = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "order"], name="an_order_is_answered_once"),)

    def __str__(self) -> str:
        return f"answer of {self.source_id}"
