"""Four eyes where the company's policy asks for them: one person proposes a decision, another one makes it.

Releases, approvals of deletions and appeals always have their second person; this is what a policy adds.
"""

from uuid import uuid4

from django.conf import settings
from django.db import models

from requests_app.audit.actors import ActorKind
from requests_app.audit.selectors import staff_who_did
from requests_app.encryption.fields import EncryptedTextField
from requests_app.lifecycle.attempt import Attempt, Condition
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.weighed import some_part_is_lost
from requests_app.policy.company import COMPANY
from requests_app.policy.four_eyes import Decided

# Whoever wrote down what was weighed has proposed what follows from it.
WEIGHINGS = frozenset({"correction.field_decided", "objection.purpose_weighed", "decision.reviewed"})
TWO_AGREE = (
    "Our policy has two people agree to this: keep or propose what you would decide, then another decides."
)
OF_OUTCOME = {Outcome.NOT_CHANGED: Decided.REFUSAL, Outcome.PARTLY: Decided.PARTIAL_GRANT}


class ProposedDecision(models.Model):
    """A decision as one person would make it, for another to make; it counts where the request still stands as then."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    subject_request = models.ForeignKey(SubjectRequest, on_delete=models.PROTECT, related_name="proposed")
    move = models.CharField(max_length=32, choices=Move)
    given = models.JSONField(default=dict)
    words = EncryptedTextField(max_length=2000, default="", blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        ordering = ("proposed_at", "id")

    def __str__(self) -> str:
        return f"{self.move} proposed for {self.subject_request_id}"


def proposals(subject_request: SubjectRequest, move: Move) -> list[ProposedDecision]:
    """Return what was proposed since the request came to where it stands, oldest first."""
    found = ProposedDecision.objects.filter(
        subject_request_id=subject_request.pk, move=move, proposed_at__gte=subject_request.state_since
    )
    return list(found)


def decided_by(attempt: Attempt, move: Move) -> Decided | None:
    """Return what sort of decision this attempt at a move is, as far as a policy tells decisions apart."""
    if move in (Move.REFUSE, Move.LET_STAND):
        return Decided.REFUSAL
    if move is Move.GRANT and some_part_is_lost(attempt.subject_request):
        return Decided.PARTIAL_GRANT
    outcome = (attempt.given or {}).get("outcome")
    return OF_OUTCOME.get(Outcome(str(outcome))) if move is Move.ANSWER and outcome else None


def needs_second_person(attempt: Attempt, move: Move) -> bool:
    """Whether the policy of the company has two people agree to this decision."""
    decision, asked = decided_by(attempt, move), attempt.subject_request
    return decision is not None and any(
        rule.covers(decision, right=asked.right, is_sensitive=asked.is_sensitive)
        for rule in COMPANY.four_eyes
    )


def second_person_for(move: Move) -> Condition:
    """Return the condition that what the policy says is decided by somebody else than who proposed it."""

    def a_second_person_decides(attempt: Attempt) -> str | None:
        if attempt.by.kind is not ActorKind.STAFF or not needs_second_person(attempt, move):
            return None
        if _proposers(attempt.subject_request, move) - {attempt.by.key}:
            return None
        return TWO_AGREE

    return a_second_person_decides


def _proposers(subject_request: SubjectRequest, move: Move) -> frozenset[str]:
    said = frozenset(str(each.proposed_by_id) for each in proposals(subject_request, move))
    if move is Move.ANSWER:
        return said
    return said | staff_who_did(WEIGHINGS, target=subject_request, since=subject_request.state_since)
