"""A bundle, which is also the work of building it, and each time it was fetched."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fulfillment.bundles.volumes import Volume, volumes_of
from fulfillment.runs.models import FulfillmentRun
from requests_app.leases.models import LeasedWork
from requests_app.lifecycle.models import SubjectRequest


class BundleState(models.TextChoices):
    """Where a bundle stands."""

    BUILDING = "building", _("Being put together")
    COMPLETE = "complete", _("Complete")
    FAILED = "failed", _("Failed")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class Bundle(LeasedWork):
    """One version of the answer. Its zip is a sealed file of the store; emptying `wrapped_key` ends it for
    ever.

    `manifest` lists the parts with their hashes and holds no personal data. `recipient_index` is the blind
    index of the address to which it was released: nobody else may fetch it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="bundles")
    run = models.ForeignKey(FulfillmentRun, on_delete=models.PROTECT, related_name="bundles")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=BundleState, default=BundleState.BUILDING)
    created_at = models.DateTimeField()

    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=b"")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    part_count = models.PositiveIntegerField(default=0)
    manifest = models.JSONField(default=dict)
    # By collection: how many records, and what was left out for which reason. Keys and numbers only.
    shape = models.JSONField(default=list)
    # Where each zip of a copy in several begins in the file, its size and hash; empty where it is one zip.
    volumes = models.JSONField(default=list)
    built_at = models.DateTimeField(null=True, blank=True)

    released_at = models.DateTimeField(null=True, blank=True)
    recipient_index = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fetch_count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "number"], name="bundles_are_numbered"),
            models.UniqueConstraint(
                fields=["subject_request"],
                condition=Q(state__in=["building", "complete", "failed"]),
                name="one_living_bundle_a_request",
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | (~Q(store_name="") & ~Q(sha256="")),
                name="complete_bundle_has_its_file",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True)
                | (Q(expires_at__isnull=False) & ~Q(recipient_index="")),
                name="released_bundle_is_pinned",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="bundles_waiting", condition=Q(work_state="waiting")
            ),
            models.Index(
                fields=["expires_at"], name="bundles_by_expiry", condition=Q(expires_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"bundle {self.number} of {self.subject_request_id}"

    @property
    def parts(self) -> list[Volume]:
        """The zips of the copy, in their order."""
        return volumes_of(self.volumes, size=self.size, sha256=self.sha256)

    @property
    def is_released(self) -> bool:
        """Whether a second person has let it go."""
        return self.released_at is not None

    def is_open(self, *, at: datetime) -> bool:
        """Whether the person may fetch it then: decided on reading, whether or not a clean-up ran."""
        return (
            self.state == BundleState.COMPLETE
            and self.released_at is not None
            and self.expires_at is not None
            and at < self.expires_at
        )


class BundleFetch(models.Model):
    """One download, whole or in part: who, when, which bytes, how many arrived at the door."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="fetches")
    by = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    first_byte = models.PositiveBigIntegerField(default=0)
    bytes_asked = models.PositiveBigIntegerField()
    bytes_sent = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("started_at",)

    def __str__(self) -> str:
        return f"fetch of {self.bundle_id}"

    @property
    def is_complete(self) -> bool:
        """Whether every byte that was asked for was sent."""
        return self.bytes_sent == self.bytes_asked
