"""A wish to have a copy sent to another controller, and the sending of it, which is a piece of work."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from fulfillment.bundles.models import Bundle
from fulfillment.transmissions.endpoint import Endpoint, endpoint_from
from fulfillment.transmissions.states import ICONS, OPEN, STATE_TEXT, TransmissionState, Why
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork
from requests_app.lifecycle.models import SubjectRequest


class Transmission(models.Model):
    """One receiving controller that the person named for one request, and what became of it.

    Name and address are sealed: they say with whom somebody does business, or are the person's own. `looked_at` holds
    what the certificate of the host says.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="transmissions"
    )
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=TransmissionState, default=TransmissionState.NAMED)
    recipient_name = EncryptedTextField(max_length=120, default="", blank=True)
    endpoint_sealed = EncryptedTextField(max_length=500, default="", blank=True)
    known_as = EncryptedTextField(max_length=200, default="", blank=True)
    named_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    looked_at = models.DateTimeField(null=True, blank=True)
    certificate = EncryptedJSONField(default=dict)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Our own reason for a refusal, as the person reads it.
    reason = EncryptedTextField(max_length=2000, default="", blank=True)

    why = models.CharField(max_length=20, choices=Why, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Who of ours has seen that it went wrong.
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "number"], name="transmissions_are_numbered"),
            models.CheckConstraint(
                condition=Q(state__in=TransmissionState.values), name="transmission_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(state__in=sorted(OPEN)),
                name="an_ended_transmission_says_when",
            ),
        )
        indexes = (models.Index(fields=["state", "ended_at"], name="transmissions_by_state"),)

    def __str__(self) -> str:
        return f"transmission {self.number} of {self.subject_request_id}"

    @property
    def endpoint(self) -> Endpoint:
        """Where it goes, as it was judged when it was named."""
        return endpoint_from(str(self.endpoint_sealed))

    @property
    def is_open(self) -> bool:
        """Whether it may still be sent."""
        return self.state in OPEN

    @property
    def words(self) -> str:
        """Where it stands, in the person's words."""
        return str(STATE_TEXT[self.state])

    @property
    def icon(self) -> str:
        """The ring of its state."""
        return ICONS[self.state][0]

    @property
    def kind(self) -> str:
        """The colour of its state."""
        return ICONS[self.state][1]


class Sending(LeasedWork):
    """The work of one transmission. Its own id is the idempotency key: whatever is sent again bears the same.

    The package, what is sent, is a sealed file of the store; emptying `wrapped_key` ends it for ever. `upload_sealed`
    and `status_sealed` are addresses that the other service gave when it accepted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    transmission = models.OneToOneField(Transmission, on_delete=models.PROTECT, related_name="sending")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="sendings")
    created_at = models.DateTimeField()

    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=b"")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    part_count = models.PositiveIntegerField(default=0)

    accepted_at = models.DateTimeField(null=True, blank=True)
    upload_sealed = EncryptedTextField(max_length=1000, default="", blank=True)
    status_sealed = EncryptedTextField(max_length=1000, default="", blank=True)
    receipt_key = models.CharField(max_length=44, default="", blank=True)
    is_resumable = models.BooleanField(default=False)
    piece_bytes = models.PositiveBigIntegerField(default=0)

    # Set before the first byte leaves; from then on nobody can say that nothing did.
    begun_at = models.DateTimeField(null=True, blank=True)
    sent_bytes = models.PositiveBigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    asked_for_receipt = models.PositiveSmallIntegerField(default=0)
    receipt = EncryptedJSONField(default=dict)
    receipt_is_signed = models.BooleanField(default=False)
    receipted_at = models.DateTimeField(null=True, blank=True)
    # What the other service gave as its reason, for staff only: it is not ours.
    their_words = EncryptedTextField(max_length=300, default="", blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="sendings_waiting", condition=Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"sending of {self.transmission_id}"
