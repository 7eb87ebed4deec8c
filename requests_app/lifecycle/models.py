"""What arrived (Submission), each right exercised in it (SubjectRequest), and the events that its clock counts."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from requests_app.encryption.blind_index import blind_indexes
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
    """How surely we know who asks (each level includes those before it).

    A search starts from confirmed addresses only, so whatever CHANNEL finds is a record that has this channel on
    file. REASONABLE and HIGH are California's reasonable and reasonably high degree (11 CCR 7062).
    """

    NONE = 0, "Not confirmed"
    CHANNEL = 1, "Controls the address given"
    REASONABLE = 2, "Two points matched, or signed in"
    HIGH = 3, "Three points matched with a signed declaration, or a document compared"


class Asker(models.TextChoices):
    """Who asks: the person, or somebody for them."""

    SELF = "self", "The person"
    AGENT = "agent", "An authorised agent"
    GUARDIAN = "guardian", "A parent or guardian"


class AnswerScope(models.TextChoices):
    """How much an answer holds: some laws know narrower rights, or a lesser answer where proof falls short."""

    FULL = "full", "Everything"
    CATEGORIES = "categories", "Categories, not the data themselves"
    RECIPIENTS = "recipients", "To whom data were passed on"
    CONFIRMATION = "confirmation", "Whether data are held"


class Outcome(models.TextChoices):
    """How a completed request ended."""

    GRANTED = "granted", "Granted"
    PARTLY = "partly", "Granted in part"
    NOT_CHANGED = "not_changed", "Looked at again; it stands"


class Link(models.TextChoices):
    """Why a request points to another one."""

    APPEAL = "appeal", "An appeal against its refusal"
    DUPLICATE = "duplicate", "Asks for the same"
    FOLLOW_UP = "follow_up", "Follows from it"


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


class SetForTransaction(models.Func):
    """Set a variable of the database's session until the transaction ends, where a row is found; gives its value."""

    function = "set_config"
    output_field = models.TextField()

    def __init__(self, name: str, value: str) -> None:
        super().__init__(models.Value(name), models.Value(value), models.Value(True))


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

    # What the right itself needs to know: the fields to correct, the purposes objected to, the consents withdrawn.
    particulars = EncryptedJSONField(default=dict, blank=True)

    asked_by = models.CharField(max_length=10, choices=Asker, default=Asker.SELF)
    asker_name = EncryptedTextField(max_length=200, default="", blank=True)
    asker_email = EncryptedTextField(max_length=254, default="", blank=True)
    # When an agent's mandate or a guardian's standing was accepted.
    standing_proven_at = models.DateTimeField(null=True, blank=True)

    received_at = models.DateTimeField()
    response_due_on = models.DateField()
    # Whether staff said which law answers; otherwise it followed from the place.
    regime_is_chosen = models.BooleanField(default=False)
    # The moment a waiting period ends or a restriction may be lifted.
    waits_until = models.DateTimeField(null=True, blank=True)
    identity_level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.NONE)
    is_sensitive = models.BooleanField(default=False)
    # What a reasoned doubt demands, where that is more than the table does.
    doubt_level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.NONE)
    answer_scope = models.CharField(max_length=12, choices=AnswerScope, default=AnswerScope.FULL)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    # Whether a copy lay ready until its last day and nobody fetched it: answered all the same, as `outcome` says.
    was_unfetched = models.BooleanField(default=False)
    # The law's code of a refusal's ground; the words that staff added are in `reason`.
    reason_code = models.CharField(max_length=60, blank=True)
    reason = EncryptedTextField(max_length=2000, default="", blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When what sources had returned was forgotten, and when all else of the person was: the row stays as a figure.
    findings_purged_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)
    linked_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="linked"
    )
    link = models.CharField(max_length=12, choices=Link, blank=True)

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
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=["response_due_on", "id"], name="requests_by_due_date"),
            models.Index(fields=["state", "response_due_on", "id"], name="requests_by_state_and_due"),
            models.Index(
                fields=["closed_at", "id"],
                name="requests_to_purge",
                condition=models.Q(closed_at__isnull=False, purged_at=None),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=RequestState.values), name="request_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(linked_to=None, link="")
                | (models.Q(linked_to__isnull=False) & ~models.Q(link="")),
                name="a_link_says_why",
            ),
        )

    # The move that the next save makes, as the trigger knows it; only `perform` sets it.
    named_move = ""

    def __str__(self) -> str:
        return self.reference

    def _do_update(self, *args: Any, **options: Any) -> Any:
        """Save the row; a move is named to the trigger by the same statement, so that it costs no other."""
        rows, *others = args
        if self.named_move:
            named = SetForTransaction("omne_dsar.move", self.named_move)
            rows = rows.filter(Exact(named, self.named_move))
        return super()._do_update(rows, *others, **options)

    @property
    def state_facts(self) -> StateFacts:
        """Whose turn it is, whether the clock runs, and the words for the person."""
        return FACTS[RequestState(self.state)]

    @property
    def is_closed(self) -> bool:
        """Whether nothing more happens to the request."""
        return self.state in CLOSED

    @property
    def is_purged(self) -> bool:
        """Whether the person is forgotten, and the row stands as a figure only."""
        return self.purged_at is not None

    @transition(field=state, source=S.RECEIVED, target=S.AWAITING_IDENTITY)
    def ask_identity(self) -> None:
        """Proof is needed before anything is done."""

    @transition(field=state, source=S.RECEIVED, target=S.IN_REVIEW)
    def take_in(self) -> None:
        """The proof is there already: the person asked from their own pages."""

    @property
    def address_indexes(self) -> tuple[str, ...]:
        """Under what requests of the same address are found, the index that is written now first."""
        if not self.subject_email:
            return (self.subject_email_index,)
        return blind_indexes("email", self.subject_email)

    @property
    def contact_address(self) -> str:
        """Where codes and letters go: to the person, also when an agent asks; for a child to who looks after it."""
        if self.asked_by == Asker.GUARDIAN and self.asker_email:
            return str(self.asker_email)
        return str(self.subject_email)

    @transition(field=state, source=S.AWAITING_IDENTITY, target=S.AWAITING_IDENTITY)
    def add_proof(self, level: int, standing_at: datetime | None = None) -> None:
        """A proof was accepted, of who the person is or of who may ask for them; it may not be enough yet."""
        self.identity_level = max(self.identity_level, level)
        self.standing_proven_at = standing_at or self.standing_proven_at

    @transition(field=state, source=S.AWAITING_IDENTITY, target=S.IN_REVIEW)
    def confirm_identity(self) -> None:
        """Every proof that the right demands has been given."""

    @transition(field=state, source=[S.IN_REVIEW, S.CHECKING, S.WEIGHING], target=S.AWAITING_IDENTITY)
    def ask_more_proof(self, level: int | None = None) -> None:
        """What was proven does not do, the next level does: a reasoned doubt, or data that turned out sensitive."""
        self.doubt_level = level or min(self.identity_level + 1, IdentityLevel.HIGH)

    @transition(field=state, source=S.AWAITING_IDENTITY, target=S.LAPSED)
    def lapse(self) -> None:
        """The proof never came."""

    @transition(field=state, source=S.IN_REVIEW, target=S.AWAITING_ANSWER)
    def ask_person(self) -> None:
        """Something only the person can say is missing, or a fee is due."""

    @transition(field=state, source=S.AWAITING_ANSWER, target=S.IN_REVIEW)
    def take_answer(self) -> None:
        """The person has answered, or we go on without."""

    @transition(field=state, source=[S.IN_REVIEW, S.CHECKING, S.WEIGHING], target=S.REFUSED)
    def refuse(self, staff_id: str, code: str) -> None:
        """The request is not granted, on a ground of its law."""
        self.decided_by_id, self.reason_code = staff_id, code

    @transition(field=state, source=S.IN_REVIEW, target=S.FORWARDED)
    def forward(self, staff_id: str) -> None:
        """We only process these data for somebody else, who decides."""
        self.decided_by_id = staff_id

    @transition(field=state, source=[S.AWAITING_IDENTITY, S.IN_REVIEW], target=S.DUPLICATE)
    def join(self, staff_id: str, linked_to_id: UUID) -> None:
        """Another open request of the same person asks for the same."""
        self.decided_by_id, self.linked_to_id, self.link = staff_id, linked_to_id, Link.DUPLICATE

    @transition(
        field=state,
        source=[
            S.RECEIVED,
            S.AWAITING_IDENTITY,
            S.IN_REVIEW,
            S.AWAITING_ANSWER,
            S.FULFILLING,
            S.CHECKING,
            S.PREPARING,
            S.AWAITING_RELEASE,
            S.WEIGHING,
            S.AWAITING_APPROVAL,
            S.WAITING_PERIOD,
        ],
        target=S.WITHDRAWN,
    )
    def withdraw(self) -> None:
        """The person takes the request back; once data are being changed, it is too late."""


class ClockEventRecord(models.Model):
    """Something that the legal clock counts, such as a proof asked for or given; never changed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="clock_events")
    type = models.CharField(max_length=32)
    at = models.DateTimeField()
    # The day that the notice of an extension named, where the law lets us choose it.
    until = models.DateField(null=True, blank=True)
    # How many were noted before: what is noted in the same instant is read in the order in which it happened.
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("at", "position", "id")

    def __str__(self) -> str:
        return f"{self.type} for {self.subject_request_id}"
