"""Mailed codes and their counters of wrong tries, the proofs asked and given, and their evidence until its day."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest


class Purpose(models.TextChoices):
    """What a code is good for."""

    CONFIRM_IDENTITY = "confirm_identity", "Confirm a request"
    PORTAL = "portal", "See a request"
    DOWNLOAD = "download", "Download a copy"
    TRANSMISSION = "transmission", "Have a copy sent to another service"


class MailedCode(models.Model):
    """A code (and, for confirmation, a link) that was mailed; only keyed hashes are kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=20, choices=Purpose)
    address_index = models.CharField(max_length=64, db_index=True)
    code_digest = models.CharField(max_length=64)
    # Null, not empty: codes without a link must not clash in the unique index.
    token_digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["subject_request", "purpose", "-issued_at"], name="codes_of_request"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} for {self.subject_request_id}"


class WrongTries(models.Model):
    """How many wrong codes were tried for one request and address within a day.

    `key` is a keyed hash, so that references that do not exist are counted in the same way and take the same time.
    """

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveSmallIntegerField(default=0)
    window_started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} wrong tries"


class ProofState(models.TextChoices):
    """Where one proof stands."""

    ASKED = "asked", "Asked for"
    GIVEN = "given", "Given, to be checked"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Taken back"


class Verification(models.Model):
    """One proof: asked of the person or given by them, and what became of it.

    `asked` is what staff chose to ask (nothing personal), `level` what it can give and, once decided, what it gave.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.CASCADE, related_name="verifications"
    )
    method = models.CharField(max_length=32)
    level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.NONE)
    state = models.CharField(max_length=10, choices=ProofState, default=ProofState.ASKED)
    asked = models.JSONField(default=dict, blank=True)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = EncryptedTextField(max_length=2000, default="", blank=True)
    delete_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        indexes = (models.Index(fields=["subject_request", "state"], name="proofs_of_request"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=ProofState.values), name="proof_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="given") | models.Q(given_at__isnull=False),
                name="a_given_proof_says_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.method} for {self.subject_request_id}"


class Evidence(models.Model):
    """What a person gave as proof, sealed. After its day the row says only that there was some, and till when."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="evidence")
    answers = EncryptedJSONField(default=dict)
    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    given_at = models.DateTimeField()
    delete_on = models.DateField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        indexes = (
            models.Index(
                fields=["delete_on"], name="evidence_to_delete", condition=models.Q(deleted_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"evidence of {self.verification_id}"
