"""The requests that one proof of an address confirms: those of one submission, made for one address."""

from django.db.models import QuerySet

from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.states import RequestState

UNPROVEN = (RequestState.RECEIVED, RequestState.AWAITING_IDENTITY)


def asked_together(subject_request: SubjectRequest) -> QuerySet[SubjectRequest]:
    """Return a request and those that came with it for the same address, in the order of their keys."""
    found: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(
        submission_id=subject_request.submission_id,
        subject_email_index__in=subject_request.address_indexes,
    )
    return found.order_by("pk")


def waiting_together(subject_request: SubjectRequest) -> list[SubjectRequest]:
    """Return those of them that wait for a proof, this one always first."""
    others = asked_together(subject_request).filter(state__in=UNPROVEN).exclude(pk=subject_request.pk)
    # What needs no proof is not asked for any, even while it has not gone on yet.
    waiting = [each for each in others if needs_proof(each)]
    return [subject_request, *sorted(waiting, key=lambda each: each.reference)]


def needs_proof(subject_request: SubjectRequest) -> bool:
    """Whether something must be proven first; whoever is asked for by somebody else confirms that they want it."""
    is_for_another = subject_request.asked_by != Asker.SELF
    return is_for_another or subject_request.identity_level < demanded(subject_request)
