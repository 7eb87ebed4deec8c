"""A decision about findings: a row that can be taken back; it says where in numbers, and never what stands there."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fulfillment.findings.models import Finding
from fulfillment.sources.models import DataSource
from requests_app.encryption.fields import EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest


class Scope(models.TextChoices):
    """How far a decision reaches; the narrower beats the wider within a collection that is included."""

    ITEM = "item", _("One record")
    RULE = "rule", _("A rule")
    COLLECTION = "collection", _("The whole collection")


class Action(models.TextChoices):
    """What becomes of it."""

    INCLUDE = "include", _("Include")
    WITHHOLD = "withhold", _("Withhold")
    REDACT = "redact", _("Redact")


class LeftBecause(models.TextChoices):
    """Why what may identify somebody else goes out as it stands."""

    NOBODY = "nobody", _("It identifies nobody else")
    KNOWN = "known_to_them", _("The person wrote, received or knows it already")
    WEIGHED = "weighed", _("It was weighed: nobody’s rights speak against handing it over")


class Rule(models.TextChoices):
    """What a rule looks at in every record."""

    FIELD = "field", _("A field, in every record")
    OTHERS = "others", _("What identifies other people, in every record")
    WORDS = "words", _("Certain words, wherever they stand")
    RECORDS = "records", _("Records in which a field says something")


class Kind(models.TextChoices):
    """What of somebody else a text may hold."""

    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    IBAN = "iban", _("Bank account")
    NAME = "name", _("Name")
    IDENTITY = "identity", _("Number or name of an account")


class Test(models.TextChoices):
    """How a field is compared with what a rule asks for."""

    __test__ = False

    IS = "is", _("is exactly")
    CONTAINS = "contains", _("contains")


class ReviewDecision(models.Model):
    """One decision of one person. It stands until it is taken back.

    An item is named by its finding, the number of the record there, the place in the record (`place`: which member of
    which member, in numbers) and the characters from `start` to `end`; without an end, the whole value; without a
    place, the whole record. It is void when the source was searched again, for the numbers mean another file then.
    Rules and collections are named by source and collection, and go on; only a rule that leaves what was suggested is
    void with its finding as well, for nobody saw what a later search suggests. `batch` are those of one act.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(
        SubjectRequest, on_delete=models.PROTECT, related_name="review_decisions"
    )
    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="+")
    collection = models.CharField(max_length=200)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    batch = models.UUIDField(default=uuid4)
    scope = models.CharField(max_length=10, choices=Scope)
    action = models.CharField(max_length=10, choices=Action)
    line = models.PositiveIntegerField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=10, choices=Rule, blank=True)
    field = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    test = models.CharField(max_length=10, choices=Test, blank=True)
    # What a rule looks for is somebody's data.
    value = EncryptedTextField(max_length=500, default="", blank=True)
    reason_code = models.CharField(max_length=60, blank=True)
    note = EncryptedTextField(max_length=500, default="", blank=True)
    # What a collection was before, so that taking back restores it.
    was_withheld_for = models.CharField(max_length=60, blank=True)
    was_noted = EncryptedTextField(max_length=500, default="", blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("decided_at", "id")
        indexes = (
            models.Index(
                fields=["subject_request", "source", "collection"],
                name="review_decisions_that_stand",
                condition=Q(undone_at=None),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(action="include") | ~Q(reason_code=""), name="left_out_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(scope="item") | Q(line__isnull=False), name="an_item_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(scope="rule", rule__gt="") | (~Q(scope="rule") & Q(rule="")),
                name="a_rule_says_what_it_looks_at",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="a_decision_taken_back_says_by_whom",
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.scope} of {self.collection} for {self.subject_request_id}"
