"""What was asked of the person, which dates have moved, and to whom a request was passed on."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.deadlines.events import Topic
from requests_app.encryption.fields import EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest

WORDS_MAX, ANSWER_MAX = 2000, 5000


class Ending(models.TextChoices):
    """How a question ended."""

    OPEN = "", _("Not answered yet")
    ANSWERED = "answered", _("Answered")
    PAID = "paid", _("Paid")
    WENT_ON = "went_on", _("We went on without an answer")


class AskedQuestion(models.Model):
    """One question to the person, or one fee, in our words and theirs."""

    TOPICS = (
        (Topic.CLARIFICATION.value, _("A question about the request")),
        (Topic.FEE.value, _("A fee")),
    )

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="questions")
    topic = models.CharField(max_length=20, choices=TOPICS)
    words = EncryptedTextField(max_length=WORDS_MAX)
    amount = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    asked_at = models.DateTimeField()
    # Whether the clock hears of it, and why, where the law lets it stop only for a reason on record.
    is_counted = models.BooleanField(default=True)
    clock_reason = EncryptedTextField(max_length=WORDS_MAX, default="", blank=True)
    # The person says that the fee is on its way; it counts once staff have seen it.
    said_paid_at = models.DateTimeField(null=True, blank=True)
    answer = EncryptedTextField(max_length=ANSWER_MAX, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, default=Ending.OPEN, blank=True)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request"], condition=models.Q(ended_at=None), name="one_open_question"
            ),
            models.CheckConstraint(
                condition=(models.Q(topic=Topic.FEE.value) & models.Q(amount__gt=0) & ~models.Q(currency=""))
                | (models.Q(topic=Topic.CLARIFICATION.value) & models.Q(amount=None, currency="")),
                name="a_fee_has_an_amount",
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} asked about {self.subject_request_id}"

    @property
    def is_fee(self) -> bool:
        """Whether money is asked for."""
        return self.topic == Topic.FEE.value

    @property
    def price(self) -> str:
        """The fee with its currency; empty for a question."""
        return f"{self.amount:.2f} {self.currency}" if self.amount is not None else ""


class PassedOn(models.Model):
    """To whom a request was passed on, as we only process its data for them: they decide and answer."""

    subject_request = models.OneToOneField(
        SubjectRequest, primary_key=True, on_delete=models.PROTECT, related_name="passed_on"
    )
    name = EncryptedTextField(max_length=200)
    contact = EncryptedTextField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"where {self.subject_request_id} was passed on to"


class MovedDate(models.Model):
    """The day of our answer moved, and the person was told; `cause` is what moved it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="moved_dates")
    before = models.DateField()
    after = models.DateField()
    cause = models.CharField(max_length=32)
    reason = EncryptedTextField(max_length=WORDS_MAX, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.subject_request_id} from {self.before} to {self.after}"


class PersonNote(models.Model):
    """What the person wrote to the staff from their own pages, unasked: against the end of a restriction."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="person_notes")
    words = EncryptedTextField(max_length=ANSWER_MAX)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "id")

    def __str__(self) -> str:
        return f"a note of the person about {self.subject_request_id}"


class GuardianObjection(models.Model):
    """That the young person objects to what a guardian asked for them, and why; never shown to the guardian."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="guardian_objections"
    )
    words = EncryptedTextField(max_length=ANSWER_MAX, default="", blank=True)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "id")

    def __str__(self) -> str:
        return f"an objection to {self.subject_request_id}"
