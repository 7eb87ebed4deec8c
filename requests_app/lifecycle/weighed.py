"""What was weighed about one item of a request, and what came of it; and what must be weighed before it is granted."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from requests_app.encryption.fields import EncryptedTextField
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.particulars import MARKETING, Correction, Objection

# The one item of a request for human review: the decision that a machine made.
THE_DECISION = "decision"


class Verdict(models.TextChoices):
    """Whose side weighs more."""

    FOR_PERSON = "for_person", _("The person's side weighs more")
    FOR_US = "for_us", _("Our side weighs more")


class Weighed(models.Model):
    """One balancing as it was written down: a purpose objected to, or an automated decision reviewed.

    `conclusion` is what the person reads; `change` says what becomes of a decision that does not stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="weighed")
    item = models.CharField(max_length=40)
    our_side = EncryptedTextField(max_length=2000)
    their_side = EncryptedTextField(max_length=2000)
    conclusion = EncryptedTextField(max_length=2000)
    change = EncryptedTextField(max_length=2000, default="", blank=True)
    verdict = models.CharField(max_length=12, choices=Verdict)
    ground = models.CharField(max_length=60, blank=True)
    weighed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    weighed_at = models.DateTimeField()

    class Meta:
        ordering = ("weighed_at", "item")
        constraints = (
            models.UniqueConstraint(fields=["subject_request", "item"], name="an_item_is_weighed_once"),
        )

    def __str__(self) -> str:
        return f"{self.item} of {self.subject_request_id}"


def is_weighed(subject_request: SubjectRequest) -> bool:
    """Whether there is anything to weigh; an objection to marketing alone is absolute (Art. 21(3) GDPR)."""
    return subject_request.right != "objection" or not Objection.of(subject_request).is_to_marketing_only


def undecided(subject_request: SubjectRequest) -> str | None:
    """Why the request cannot be granted yet for want of a decision on each of its parts, or None."""
    if subject_request.right == "correction":
        return _undecided_fields(subject_request)
    if subject_request.right == "objection" and is_weighed(subject_request):
        return _undecided_purposes(subject_request)
    if subject_request.right == "automated_decision" and Verdict.FOR_PERSON not in _verdicts(subject_request):
        return "Nobody has written down yet what a person found, and what changes."
    return None


def in_favour(subject_request: SubjectRequest) -> bool:
    """Whether any part was decided for the person already, so that the whole can no longer be refused."""
    if subject_request.right == "correction":
        return any(each.decision == "accept" for each in Correction.of(subject_request).fields)
    return Verdict.FOR_PERSON in _verdicts(subject_request)


def some_part_is_lost(subject_request: SubjectRequest) -> bool:
    """Whether any part was decided against the person."""
    if subject_request.right == "correction":
        return any(each.decision == "reject" for each in Correction.of(subject_request).fields)
    return Verdict.FOR_US in _verdicts(subject_request)


def purposes_that_stop(subject_request: SubjectRequest) -> tuple[str, ...]:
    """Return the purposes that an objection ends: marketing always, the others where the person's side won."""
    if subject_request.right != "objection":
        return ()
    won = dict(_verdict_pairs(subject_request))
    return tuple(
        purpose
        for purpose in Objection.of(subject_request).purposes
        if purpose == MARKETING or won.get(purpose) == Verdict.FOR_PERSON
    )


def _undecided_fields(subject_request: SubjectRequest) -> str | None:
    fields = Correction.of(subject_request).fields
    if not fields:
        return "No field is named yet: write down which ones the person means."
    still = sum(not each.decision for each in fields)
    if still:
        return f"{still} of {len(fields)} fields are not decided yet."
    if all(each.decision == "reject" for each in fields):
        return "Every field is rejected: there is nothing to carry out."
    return None


def _undecided_purposes(subject_request: SubjectRequest) -> str | None:
    purposes = Objection.of(subject_request).purposes
    if not purposes:
        return "No purpose is named yet: write down which ones the person objects to."
    weighed = {item for item, _verdict in _verdict_pairs(subject_request)} | {MARKETING}
    still = len(set(purposes) - weighed)
    if still:
        return f"{still} of {len(purposes)} purposes are not weighed yet."
    if not purposes_that_stop(subject_request):
        return "Our side weighs more for every purpose: there is nothing to carry out."
    return None


def _verdict_pairs(subject_request: SubjectRequest) -> list[tuple[str, str]]:
    return list(Weighed.objects.filter(subject_request=subject_request).values_list("item", "verdict"))


def _verdicts(subject_request: SubjectRequest) -> set[str]:
    return {verdict for _item, verdict in _verdict_pairs(subject_request)}
