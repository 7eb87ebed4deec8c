"""Whom we tell and how, what each is told for one request, and the letters that say it: each a piece of work."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fulfillment.recipients.endings import Ending
from requests_app.correspondence.models import OutgoingMail
from requests_app.encryption.fields import EncryptedJSONField, EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY


class Way(models.TextChoices):
    """How a recipient is told."""

    MAIL = "mail", _("By mail")
    WEBHOOK = "webhook", _("By a signed call to its system")
    BY_HAND = "by_hand", _("By a person of ours")


class Recipient(models.Model):
    """One who has data from us.

    `disclosed_as` is the key of the policy by which the maps name such recipients; `narrowed_to` names the places
    ("source/collection") of these that this one has, none of them meaning all. `known_by` is the field of such a place
    ("source/collection/field") by which it knows a person. The secrets that sign calls are written and never shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(
        max_length=60, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "a-z, 0-9 and _ only")]
    )
    label = models.CharField(max_length=120)
    disclosed_as = models.CharField(max_length=60)
    narrowed_to = models.JSONField(default=list, blank=True)
    known_by = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=10, choices=Way, default=Way.MAIL)
    mail_address = EncryptedTextField(max_length=254, default="", blank=True)
    url_sealed = EncryptedTextField(max_length=250, default="", blank=True)
    secrets_sealed = EncryptedJSONField(default=list)
    language = models.CharField(max_length=12, default="en")
    remind_after_days = models.PositiveSmallIntegerField(default=14)
    enabled = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("label",)

    def __str__(self) -> str:
        return self.key

    @property
    def target(self) -> str:
        """Where a letter goes."""
        return str(self.url_sealed if self.way == Way.WEBHOOK else self.mail_address)


class RecipientNotice(models.Model):
    """What one recipient is to be told of one change for one request, and what came of it.

    Without a recipient it stands for those whom the policy names and nobody has set up: a person tells them.
    `said_sealed` names the person as the recipient knows them and is forgotten with the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="recipient_notices"
    )
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="notices")
    disclosed_as = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    attempt = models.PositiveSmallIntegerField()
    places = models.JSONField(default=list)
    said_sealed = EncryptedJSONField(default=dict)
    # Why a person has to tell this one; empty where a letter does.
    by_hand_because = models.CharField(max_length=300, default="", blank=True)
    written_at = models.DateTimeField()
    told_on = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=Ending, default="", blank=True)
    ending_note = EncryptedTextField(max_length=2000, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Nobody where the recipient answered by its link.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reminders = models.PositiveSmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("written_at", "recipient__label", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_request", "kind", "attempt", "disclosed_as", "recipient"],
                name="a_recipient_is_told_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(ending="", ended_at__isnull=True) | (~Q(ending="") & Q(ended_at__isnull=False)),
                name="an_ended_notice_says_when",
            ),
        )
        indexes = (
            models.Index(fields=["remind_at"], name="recipients_to_remind", condition=models.Q(ending="")),
        )

    def __str__(self) -> str:
        return f"notice of {self.kind} for {self.subject_request_id}"

    @property
    def named(self) -> str:
        """Who is told, in words."""
        if self.recipient is not None:
            return self.recipient.label
        known = {each.key: each.label for each in COMPANY.recipients}
        return known.get(self.disclosed_as, self.disclosed_as)

    @property
    def is_ended(self) -> bool:
        """Whether nothing is waited for any more."""
        return bool(self.ending)


class RecipientLetter(OutgoingMail):
    """A mail or a call that tells a recipient: the first, or a reminder. Its link is known by its hash only."""

    about = models.ForeignKey(RecipientNotice, on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveSmallIntegerField(default=0)
    way = models.CharField(max_length=10, choices=Way)
    answer_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["about", "number"], name="a_letter_to_a_recipient_once"),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="recipient_letters_waiting",
                condition=models.Q(work_state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"letter {self.number} on {self.about_id}"

    @property
    def concerns(self) -> models.Model:
        """The request whose history says that it was sent."""
        return self.about.subject_request

    @property
    def may_be_sent(self) -> bool:
        """Whoever has answered is not written to again."""
        return not self.about.is_ended
