"""What decisions quote of somebody goes with the findings; that they were made, where and why, stays."""

from fulfillment.findings.decisions.models import ReviewDecision
from requests_app.lifecycle.models import SubjectRequest

SEALED = ("value", "note", "was_noted")


def forget_words(subject_request: SubjectRequest) -> None:
    """Empty the sealed words of every decision of a request. Safe to repeat."""
    for decision in ReviewDecision.objects.filter(subject_request=subject_request).iterator():
        if any(getattr(decision, name) for name in SEALED):
            decision.value = decision.note = decision.was_noted = ""
            decision.save(update_fields=SEALED)
