"""A hold on one record of one source; which record it is, and why, is sealed."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from fulfillment.sources.models import DataSource
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest


class RecordHold(models.Model):
    """One record that a deletion must not touch, until the end of `until` where that is known.

    Where it is not, somebody looks at the hold again on a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="record_holds")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="+")
    collection = models.CharField(max_length=200)
    # The fields of the primary key by their names in the map; a key may be an address.
    key = EncryptedJSONField(default=dict)
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
        ordering = ("set_at", "id")
        indexes = (
            models.Index(
                fields=["subject_request"], name="record_holds_that_stand", condition=Q(lifted_at=None)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_lifted_record_hold_says_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"hold in {self.collection} for {self.subject_request_id}"

    @property
    def key_in_words(self) -> str:
        """Which record it is, for staff who may see the records."""
        return ", ".join(f"{name} {value}" for name, value in self.key.items())
