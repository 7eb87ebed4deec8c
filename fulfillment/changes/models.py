"""A change that a source is to make for a request: what, by whom, and how it ended. The rows are the truth."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fulfillment.changes.instructions import Instructions
from fulfillment.sources.models import DataSource
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest


class ChangeKind(models.TextChoices):
    """What is to be done in a source."""

    ERASE = "erase", _("Erase")
    CORRECT = "correct", _("Correct")
    RESTRICT = "restrict", _("Restrict")
    LIFT_RESTRICTION = "lift_restriction", _("Lift the restriction")
    SUPPRESS = "suppress", _("Stop the use")
    RESTRICT_MEANWHILE = "restrict_meanwhile", _("Restrict while it is weighed")
    LIFT_MEANWHILE = "lift_meanwhile", _("Use again after the weighing")


class ChangeState(models.TextChoices):
    """Where a change stands."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    COULD_NOT = "could_not", _("Could not be done")
    CANCELLED = "cancelled", _("No longer wanted")


class Hand(models.TextChoices):
    """Who makes a change."""

    PERSON = "person", _("A person")
    CONNECTOR = "connector", _("The source itself")
    OWNER = "owner", _("Whoever answers for the source")


class ChangeTask(models.Model):
    """One change in one source; without a source it is for the privacy team itself.

    `attempt` counts how often the same was asked of a request; what a connector cannot do of it is a `part` of its
    own, for a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="changes")
    source = models.ForeignKey(
        DataSource, null=True, blank=True, on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(max_length=20, choices=ChangeKind)
    attempt = models.PositiveSmallIntegerField(default=1)
    part = models.PositiveSmallIntegerField(default=0)
    hand = models.CharField(max_length=10, choices=Hand, default=Hand.PERSON)
    instructions_sealed = EncryptedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.OPEN)
    created_at = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = EncryptedTextField(max_length=2000, default="", blank=True)
    records_changed = models.PositiveIntegerField(null=True, blank=True)
    recipients_told = models.BooleanField(default=False)
    # When it was worked out who has to hear of it (Article 19 GDPR); None until then.
    recipients_seen_at = models.DateTimeField(null=True, blank=True)
    # What the system itself said of it: a job number, a line of its log.
    receipt = EncryptedTextField(max_length=5000, default="", blank=True)

    class Meta:
        ordering = ("created_at", "source__position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request", "source", "kind", "attempt", "part"],
                name="a_change_once_an_attempt",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["subject_request", "source", "kind", "part"],
                condition=Q(state="open"),
                name="one_open_change_of_a_kind",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="an_ended_change_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "could_not"])
                | Q(ended_by__isnull=False)
                | Q(hand__in=["connector", "owner"]),
                name="a_change_done_by_hand_says_by_whom",
            ),
        )
        indexes = (models.Index(fields=["subject_request"], name="changes_to_do", condition=Q(state="open")),)

    def __str__(self) -> str:
        return f"{self.kind} for {self.subject_request_id}"

    @property
    def instructions(self) -> Instructions:
        """What is to be done, as a value."""
        return Instructions.model_validate(self.instructions_sealed)

    @property
    def owner_key(self) -> str:
        """The name under which whoever answers for the source is asked to make it."""
        return f"change:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == ChangeState.OPEN

    @property
    def is_for_a_person(self) -> bool:
        """Whether it waits for somebody's hand."""
        return self.is_open and self.hand == Hand.PERSON


class ChangeHold(models.Model):
    """Somebody holds back what a request still changes, as for a dispute in court; what is done stays done.

    Where `until` is known, the hold ends by itself once that day is over where the request's law counts: then
    nobody has lifted it. Where it is not, somebody looks at it again on a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="change_holds")
    why = EncryptedTextField(max_length=500)
    until = models.DateField(null=True, blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request"], condition=Q(lifted_at=None), name="one_hold_of_changes_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False)
                | Q(lifted_at__isnull=False, until__isnull=False),
                name="a_hold_is_lifted_by_somebody_or_has_its_day",
            ),
        )

    def __str__(self) -> str:
        return f"hold of {self.subject_request_id}"


class ReceiptFile(models.Model):
    """The file with which somebody shows that a change was made, as a sealed file of the store.

    It goes with the record of its request; the history says that there was one, and its hash.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    task = models.OneToOneField(ChangeTask, on_delete=models.PROTECT, related_name="receipt_file")
    store_name = models.CharField(max_length=32, blank=True)
    wrapped_key = models.BinaryField(default=bytes)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"receipt of {self.task_id}"
