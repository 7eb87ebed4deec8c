"""A finding: the records one collection holds about the person, and what the staff decided about them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.runs.models import SourceTask
from requests_app.encryption.fields import EncryptedTextField


class Decision(models.TextChoices):
    """What becomes of a finding."""

    INCLUDE = "include", _("Include")
    WITHHOLD = "withhold", _("Withhold")


class FoundFile(models.Model):
    """An original file that a source gave, sealed; the record of its collection names it by `name`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(SourceTask, on_delete=models.CASCADE, related_name="files")
    collection = models.CharField(max_length=200)
    name = models.CharField(max_length=40)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=["task", "collection", "name"], name="a_file_once_a_task"),
        )

    def __str__(self) -> str:
        return f"{self.name} of {self.task_id}"


class Finding(models.Model):
    """The records of one collection, as a stretch of its source task's sealed file.

    `byte_offset` and `byte_length` mark the stretch in the file's plaintext; `page_offsets` are the positions, from
    the start of the stretch, of every PAGE_ROWS-th line, so that any page opens without reading those before it.
    `unsearched` says why nothing could be looked for, `unmapped` names fields that the source has and the map has
    not.
    """

    PAGE_ROWS = 50

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(SourceTask, on_delete=models.CASCADE, related_name="findings")
    collection = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    row_count = models.PositiveIntegerField()
    byte_offset = models.PositiveBigIntegerField()
    byte_length = models.PositiveBigIntegerField()
    page_offsets = models.JSONField(default=list)
    unsearched = models.CharField(max_length=300, blank=True)
    unmapped = models.JSONField(default=list)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.INCLUDE)
    reason_code = models.CharField(max_length=60, blank=True)
    reason_note = EncryptedTextField(max_length=500, default="", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("task__position", "position")
        constraints = (
            models.UniqueConstraint(fields=["task", "collection"], name="a_collection_once_a_task"),
            models.CheckConstraint(
                condition=~models.Q(decision="withhold") | ~models.Q(reason_code=""),
                name="withheld_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.collection} of {self.task_id}"

    @property
    def is_withheld(self) -> bool:
        """Whether the finding stays out of the copy."""
        return self.decision == Decision.WITHHOLD
