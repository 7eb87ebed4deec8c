"""A message to or from the person, and what every mail of ours has: it is also the piece of work that delivers it."""

from uuid import uuid4

from django.db import models

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork
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

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="messages_to_send", condition=models.Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} for {self.subject_request_id}"

    @property
    def concerns(self) -> models.Model:
        """Its request."""
        return self.subject_request
