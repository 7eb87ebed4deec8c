"""A look at a source after a change: a row of work, and what the look showed as counts and hashes."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.changes.models import ChangeTask
from fulfillment.changes.read_backs.facts import Fact, read_facts
from fulfillment.sources.models import DataMapVersion
from requests_app.encryption.fields import EncryptedTextField
from requests_app.leases.models import LeasedWork, WorkState


class Occasion(models.TextChoices):
    """When it is looked: right after the change, or when some days have gone by."""

    AT_ONCE = "at_once", _("Read back")
    LATER = "later", _("Second look")


class ReadBackWork(LeasedWork):
    """One look at one source after one change; the newest of an occasion counts.

    `agrees` is empty while nobody has looked, and where nobody can tell. What does not read as decided is `asked` of
    a person; or somebody lets it stand, with a reason. No personal value is kept: `facts` are counts, names of
    collections and fields, and keyed hashes.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    change = models.ForeignKey(ChangeTask, on_delete=models.PROTECT, related_name="read_backs")
    number = models.PositiveSmallIntegerField()
    occasion = models.CharField(max_length=8, choices=Occasion)
    map_version = models.ForeignKey(DataMapVersion, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    facts = models.JSONField(default=list)
    asked = models.OneToOneField(
        ChangeTask, null=True, blank=True, on_delete=models.PROTECT, related_name="asked_by_read_back"
    )
    stands_because = EncryptedTextField(max_length=500, default="", blank=True)
    stands_at = models.DateTimeField(null=True, blank=True)
    stands_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("created_at", "number")
        constraints = (
            models.UniqueConstraint(fields=["change", "number"], name="looks_after_a_change_are_numbered"),
            models.UniqueConstraint(
                fields=["change", "occasion"],
                condition=models.Q(work_state="waiting"),
                name="one_look_after_a_change_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(work_state="done") | models.Q(looked_at__isnull=False),
                name="a_look_that_is_done_says_when",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                name="read_backs_waiting",
                condition=models.Q(work_state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"look {self.number} after {self.change_id}"

    @property
    def found(self) -> tuple[Fact, ...]:
        """What the look showed, collection by collection."""
        return read_facts(self.facts)

    @property
    def is_later(self) -> bool:
        """Whether it is the one that comes some days after the change."""
        return self.occasion == Occasion.LATER

    @property
    def is_open_question(self) -> bool:
        """Whether a person has to see to it: it could not be done, or what it showed is not as decided."""
        if self.stands_at is not None:
            return False
        if self.work_state == WorkState.DEAD:
            return True
        return self.agrees is False and (self.asked is None or self.asked.is_open)
