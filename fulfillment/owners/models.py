"""A task of somebody outside the team, what they hand in, and the mails about it."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from fulfillment.connectors.asking import Held, Owner
from fulfillment.connectors.query import Identity
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.correspondence.models import OutgoingMail
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.leases.models import LeasedWork
from requests_app.lifecycle.models import SubjectRequest


class OwnerTaskState(models.TextChoices):
    """Where a task of an owner stands."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    CANCELLED = "cancelled", "No longer wanted"


class Purpose(models.TextChoices):
    """What an owner is asked for."""

    SEARCH = "search", "Look for a person"
    LOOK_AGAIN = "look_again", "Look once more after a deletion"
    CHANGE = "change", "Make a change"


class OwnerTask(LeasedWork):
    """What one person was asked about one source for one request; as a piece of work it is the next reminder.

    `key` names what it answers, such as the search of a source in a run. The token of its link and the code are kept
    as keyed hashes only. What the person is looked for by is forgotten when the task ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=60, unique=True)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="owner_tasks")
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="owner_tasks")
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose)
    state = models.CharField(max_length=10, choices=OwnerTaskState, default=OwnerTaskState.OPEN)
    owner_name = EncryptedTextField(max_length=120)
    owner_address = EncryptedTextField(max_length=254)
    escalate_to = EncryptedTextField(max_length=254, default="", blank=True)
    identities_sealed = EncryptedJSONField(default=list)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    # How many steps of reminding were taken: the first two write to the owner, the later ones to others too.
    reminded = models.PositiveSmallIntegerField(default=0)
    token_digest = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    held = models.CharField(max_length=10, blank=True)
    note = EncryptedTextField(max_length=2000, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(ended_at__isnull=False),
                name="an_answered_task_says_when",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="owner_tasks_waiting", condition=Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"{self.purpose} of {self.source_id}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return self.state == OwnerTaskState.OPEN

    @property
    def identities(self) -> tuple[Identity, ...]:
        """What the person is looked for by; nothing once the task has ended."""
        return tuple(Identity(kind, value) for kind, value in self.identities_sealed)

    @property
    def owner(self) -> Owner:
        """Who is asked."""
        return Owner(self.owner_name, self.owner_address, escalate_to=self.escalate_to)

    @property
    def answer(self) -> Held | None:
        """How it was answered; None while it is open."""
        return Held(self.held) if self.held else None


class OwnerUpload(models.Model):
    """One file that an owner handed in, sealed: records of a collection, or an original document.

    It is forgotten as soon as the search of its source has taken it over.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.ForeignKey(OwnerTask, on_delete=models.CASCADE, related_name="uploads")
    number = models.PositiveSmallIntegerField()
    collection = models.CharField(max_length=200)
    is_document = models.BooleanField(default=False)
    label = EncryptedTextField(max_length=200, default="", blank=True)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    unmapped = models.JSONField(default=list)
    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["task", "number"], name="uploads_of_a_task_are_numbered"),
        )

    def __str__(self) -> str:
        return f"upload {self.number} of {self.task_id}"


class OwnerMail(OutgoingMail):
    """A mail to an owner, or about their task to those who hear that it waits."""

    task = models.ForeignKey(OwnerTask, on_delete=models.CASCADE, related_name="mails")

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"], name="owner_mails_to_send", condition=Q(work_state="waiting")
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} for {self.task_id}"

    @property
    def concerns(self) -> models.Model:
        """The request of the task."""
        return self.task.subject_request

    @property
    def may_be_sent(self) -> bool:
        """A task that ended needs no mail any more, and a person who was replaced gets none."""
        return self.task.is_open
