"""The anchors that were made, and for each place that is to keep one the piece of work that leaves it there."""

from uuid import uuid4

from django.db import models

from requests_app.leases.models import LeasedWork


class AuditAnchor(models.Model):
    """A statement of where the chain stood: one a day, and one whenever a restored backup is acknowledged.

    Triggers refuse to change or delete it. `content` is the signed file, byte for byte.
    """

    day = models.DateField(null=True, unique=True)
    position = models.BigIntegerField()
    content = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"anchor of entry {self.position}"


class AnchorDeposit(LeasedWork):
    """An anchor and a place that is to keep it; `answer` is what the place gave in return, such as a timestamp."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    anchor = models.ForeignKey(AuditAnchor, on_delete=models.PROTECT, related_name="deposits")
    place = models.CharField(max_length=20)
    left_at = models.DateTimeField(null=True, blank=True)
    answer = models.BinaryField(default=bytes)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["anchor", "place"], name="anchor_left_once"),)

    def __str__(self) -> str:
        return f"{self.anchor_id} at {self.place}"
