"""Mailed codes, and the counters of wrong tries that no resend and no restart forgets."""

from uuid import uuid4

from django.db import models

from requests_app.lifecycle.models import SubjectRequest


class Purpose(models.TextChoices):
    """What a code is good for."""

    CONFIRM_IDENTITY = "confirm_identity", "Confirm a request"
    PORTAL = "portal", "See a request"
    DOWNLOAD = "download", "Download a copy"


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
