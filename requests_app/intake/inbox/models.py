"""A mail that reached us: its row is what is known of it, and the piece of work that decides about it."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as to_staff

from requests_app.correspondence.models import Message
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.lifecycle.models import SubjectRequest, Submission


class Door(models.TextChoices):
    """How a mail reached us."""

    IMAP = "imap", to_staff("Mailbox")
    LMTP = "lmtp", to_staff("Our mail server")
    PIPE = "pipe", to_staff("Pipe command")
    WEBHOOK = "webhook", to_staff("Mail provider")
    UPLOAD = "upload", to_staff("Entered by staff")


class MailOutcome(models.TextChoices):
    """Where every mail ends, in exactly one of these."""

    CREATED = "created", to_staff("Became a request")
    JOINED = "joined", to_staff("Joined its request")
    TRIAGE = "triage", to_staff("Waits for a person")
    SET_ASIDE = "set_aside", to_staff("Ordinary mail")
    BOUNCE_LINKED = "bounce_linked", to_staff("A mail of ours came back")
    AUTO_LINKED = "auto_linked", to_staff("Automatic answer")
    DUPLICATE = "duplicate", to_staff("Came twice")
    QUARANTINED = "quarantined", to_staff("Could not be read")


class Answer(models.TextChoices):
    """What became of our automatic answer to a mail."""

    NONE = "none", to_staff("None was due")
    WRITTEN = "written", to_staff("Written")
    HELD = "held", to_staff("Held back")


# Somebody has to look at these.
FOR_A_PERSON = (MailOutcome.TRIAGE, MailOutcome.QUARANTINED)


class InboundEmail(LeasedWork):
    """One delivery of one mail.

    `delivery_key` names the delivery, so that nothing counts twice however often a door hands it over; it outlives the
    content. The bytes lie sealed in the store and are gone when `store_name` is empty. Hashes are keyed: they tell two
    equal mails, and nothing to whoever has no key.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    door = models.CharField(max_length=8, choices=Door)
    delivery_key = models.CharField(max_length=200, unique=True)
    # When our side had it: of the mail server where it says so. The legal clock starts here (never at the Date header).
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    size = models.PositiveBigIntegerField()
    # Only the head of a mail that is too large for us was stored.
    is_cut = models.BooleanField(default=False)
    raw_hash = models.CharField(max_length=64, db_index=True)
    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField()

    mail_from = EncryptedTextField(default="", blank=True)
    rcpt_to = EncryptedJSONField(default=list)
    # What staff see of it: subject, sender, text, files, what it seems to ask for and on which words.
    said = EncryptedJSONField(default=dict)
    message_id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    content_hash = models.CharField(max_length=64, blank=True, db_index=True)
    sender_hash = models.CharField(max_length=64, blank=True, db_index=True)
    language = models.CharField(max_length=12, blank=True)

    outcome = models.CharField(max_length=14, choices=MailOutcome, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    # Codes of what a person must know beside the outcome, such as a stranger's mail with somebody's token.
    flags = models.JSONField(default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE)
    answer_reason = models.CharField(max_length=40, blank=True)

    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="emails"
    )
    subject_request = models.ForeignKey(
        SubjectRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="emails"
    )
    # The mail of ours that came back or was answered by a machine.
    about = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="returned"
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="emails_to_work_on", condition=models.Q(work_state="waiting")
            ),
            models.Index(
                fields=["received_at"],
                name="emails_for_a_person",
                condition=models.Q(outcome__in=["triage", "quarantined"]),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome="", work_state=WorkState.WAITING)
                | (~models.Q(outcome="") & models.Q(work_state=WorkState.DONE)),
                name="an_email_ends_in_one_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"mail {self.pk}"

    @property
    def has_raw(self) -> bool:
        """Whether its bytes are still there; without them the row only says that the delivery is known."""
        return bool(self.store_name)


class AnswerCount(models.Model):
    """How many automatic answers went to one address (keyed hash), one domain (keyed hash) or everybody of late."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    window_started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} answers"
