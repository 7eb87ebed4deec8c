"""A message to or from the person, and what every mail of ours has: it is also the piece of work that delivers it."""

from uuid import uuid4

from django.db import models

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest


class OutgoingMail(LeasedWork):
    """A mail in the outbox. `secrets` fill the marks in the text at delivery and are forgotten afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    notice = models.CharField(max_length=40)
    to_address = EncryptedTextField(max_length=254)
    subject = models.CharField(max_length=200)
    text = EncryptedTextField()
    html = EncryptedTextField()
    secrets = EncryptedJSONField(default=dict)
    # The same on every attempt, so that a mail sent twice after a crash is recognised as one.
    rfc_message_id = models.CharField(max_length=120, unique=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def concerns(self) -> models.Model:
        """The row that the audit log names when the mail is sent or fails."""
        raise NotImplementedError

    @property
    def may_be_sent(self) -> bool:
        """Whether its reader is still to have it."""
        return True


class Message(OutgoingMail):
    """One notice to the person."""

    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="messages")
    language = models.CharField(max_length=12)
    # Why it is held back although it is written; empty for all others.
    held_because = models.CharField(max_length=40, default="", blank=True)
    # The Message-IDs of the mail that it answers and of those before it, the nearest last.
    answers = EncryptedJSONField(default=list)
    # Whether a machine of ours answers a mail with it: then nothing may come back to anybody (RFC 3834).
    is_automatic_answer = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="messages_to_send", condition=models.Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} for {self.subject_request_id}"

    @property
    def is_held(self) -> bool:
        """Whether a person has to say that it goes."""
        return bool(self.held_because) and self.work_state == WorkState.CANCELLED

    @property
    def concerns(self) -> models.Model:
        """Its request."""
        return self.subject_request


class ReplyAddress(models.Model):
    """The token in the address that answers about a request go to; found by its keyed hash."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="reply_addresses"
    )
    token = EncryptedTextField(max_length=26)
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request"],
                condition=models.Q(revoked_at=None),
                name="one_reply_address_works_per_request",
            ),
        )

    def __str__(self) -> str:
        return f"reply address {self.pk}"
