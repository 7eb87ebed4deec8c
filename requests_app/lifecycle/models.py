"""What arrived (Submission), each right exercised in it (SubjectRequest), and the events that its clock counts."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.lifecycle.states import CLOSED, FACTS, RequestState, StateFacts

S = RequestState


class Channel(models.TextChoices):
    """How a submission reached us."""

    WEB = "web", "Web form"
    MAIL = "mail", "Mail"
    PHONE = "phone", "Phone"
    POST = "post", "Post"
    IN_PERSON = "in_person", "In person"
    API = "api", "API"


class IdentityLevel(models.IntegerChoices):
    """How surely we know who asks (each level includes those before it)."""

    NONE = 0, "Not confirmed"
    CHANNEL = 1, "Controls the address given"


class Submission(models.Model):
    """One form, mail, letter or call; it may open several subject requests."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=12, choices=Channel)
    received_at = models.DateTimeField()
    language = models.CharField(max_length=12, default="en")
    policy_version = models.CharField(max_length=40, blank=True)
    answers = EncryptedJSONField(default=dict)

    def __str__(self) -> str:
        return f"submission {self.pk}"


class SubjectRequest(ConcurrentTransitionMixin, models.Model):
    """One right exercised by one person.

    The moves common to every right are declared here; a right's own moves stand in its proxy model under
    `lifecycle/rights/`. No code sets `state`: `perform` is the only caller of a move, and a trigger in the database
    refuses a state written by anyone else.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="subject_requests")
    right = models.CharField(max_length=32)
    regime = models.CharField(max_length=24)
    place = models.CharField(max_length=6, blank=True)
    language = models.CharField(max_length=12, default="en")
    state = FSMField(choices=RequestState, default=RequestState.RECEIVED, protected=True)
    state_since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    subject_name = EncryptedTextField(max_length=200)
    subject_email = EncryptedTextField(max_length=254)
    subject_email_index = models.CharField(max_length=64, db_index=True)
    details = EncryptedTextField(max_length=5000, default="", blank=True)

    received_at = models.DateTimeField()
    response_due_on = models.DateField()
    identity_level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.NONE)
    reason = EncryptedTextField(max_length=2000, default="", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_requests",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=["response_due_on", "id"], name="requests_by_due_date"),
            models.Index(fields=["state", "response_due_on", "id"], name="requests_by_state_and_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="request_state_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def state_facts(self) -> StateFacts:
        """Whose turn it is, whether the clock runs, and the words for the person."""
        return FACTS[RequestState(self.state)]

    @property
    def is_closed(self) -> bool:
        """Whether nothing more happens to the request."""
        return self.state in CLOSED

    @transition(field=state, source=S.RECEIVED, target=S.AWAITING_IDENTITY)
    def ask_identity(self) -> None:
        """Proof is needed before anything is searched."""

    @transition(field=state, source=S.AWAITING_IDENTITY, target=S.IN_REVIEW)
    def confirm_identity(self, level: int) -> None:
        """The proof was given."""
        self.identity_level = level

    @transition(field=state, source=S.AWAITING_IDENTITY, target=S.LAPSED)
    def lapse(self) -> None:
        """The proof never came."""

    @transition(field=state, source=[S.IN_REVIEW, S.CHECKING], target=S.REFUSED)
    def refuse(self) -> None:
        """The request is not granted."""

    @transition(
        field=state,
        source=[
            S.RECEIVED,
            S.AWAITING_IDENTITY,
            S.IN_REVIEW,
            S.FULFILLING,
            S.CHECKING,
            S.PREPARING,
            S.AWAITING_RELEASE,
        ],
        target=S.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The person takes the request back."""


class ClockEventRecord(models.Model):
    """Something that the legal clock counts, such as a proof asked for or given; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="clock_events")
    type = models.CharField(max_length=32)
    at = models.DateTimeField()
    # The day that the notice of an extension named, where the law lets us choose it.
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.type} for {self.subject_request_id}"
