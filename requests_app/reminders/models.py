"""What was told to whom, once; when a request is looked at next; and the mails and digests of the staff."""

from uuid import uuid4

from django.conf import settings
from django.db import models

from requests_app.correspondence.models import OutgoingMail
from requests_app.lifecycle.models import SubjectRequest
from requests_app.reminders.kinds import Level


class ReminderPlan(models.Model):
    """When a request is looked at next, as it stood when it was looked at last.

    A request whose version or date is another one now is looked at at once. `notes` is what the digest says of it:
    kind and date of each reminder that is true.
    """

    subject_request = models.OneToOneField(
        SubjectRequest, on_delete=models.CASCADE, primary_key=True, related_name="reminder_plan"
    )
    look_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    due_on = models.DateField(null=True)
    notes = models.JSONField(default=list)
    has_notes = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["look_at"], name="plans_to_look_at"),
            models.Index(
                fields=["subject_request"], name="plans_with_notes", condition=models.Q(has_notes=True)
            ),
        )

    def __str__(self) -> str:
        return f"plan of {self.subject_request_id}"


class ReminderSent(models.Model):
    """One reminder at one level, told or overtaken; the constraint is what makes it exactly once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="reminders")
    # A kind of reminder; not as choices, so that a new kind is no migration.
    kind = models.CharField(max_length=20)
    occurrence = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level)
    about = models.DateField()
    fell_due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "fell_due_at", "level")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request", "kind", "occurrence", "level"], name="reminder_once_per_level"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.subject_request_id}"


class StaffMail(OutgoingMail):
    """A mail to a member of staff: new reminders, or the digest of a day."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_mails"
    )

    class Meta:
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="staff_mails_to_send",
                condition=models.Q(work_state="waiting"),
            ),
            models.Index(
                fields=["written_at"], name="staff_mails_given_up", condition=models.Q(work_state="dead")
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} for {self.member_id}"

    @property
    def concerns(self) -> models.Model:
        """Of whom the log says that the mail was sent."""
        return self.member

    @property
    def may_be_sent(self) -> bool:
        """Whoever has left meanwhile gets nothing."""
        return self.member.is_active


class ReminderTold(models.Model):
    """A reminder that a member of staff is told of: first the outbox of their next mail, then what stood in it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reminder = models.ForeignKey(ReminderSent, on_delete=models.CASCADE, related_name="told")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mail = models.ForeignKey(
        StaffMail, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["reminder", "member"], name="told_once"),)
        indexes = (models.Index(fields=["member"], name="told_to_be_mailed", condition=models.Q(mail=None)),)

    def __str__(self) -> str:
        return f"told {self.member_id}"


class Digest(models.Model):
    """The digest of one member of staff for one local day; without a mail where there was nothing to say."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    mail = models.ForeignKey(StaffMail, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "day"], name="digest_once_a_day"),)

    def __str__(self) -> str:
        return f"digest of {self.day} for {self.member_id}"
