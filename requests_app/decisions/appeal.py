"""Appeals: a linked request with its own clock, decided by somebody new; upheld, it opens the first one again.

The first request stays as it ended: what was answered, and when, remains provable.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.record import record
from requests_app.deadlines.events import local_day
from requests_app.decisions.ways import appeal_until, can_be_appealed
from requests_app.errors import BadInput, DomainError
from requests_app.jurisdictions.load import jurisdiction
from requests_app.lifecycle.models import Asker, Channel, IdentityLevel, Link, SubjectRequest, Submission
from requests_app.lifecycle.perform import Opening, locked, open_request
from requests_app.lifecycle.states import RequestState
from requests_app.policy.company import COMPANY

REASON_MAX = 5000
# What ended like this has been decided, or still will be: there is no second appeal about the same answer.
_STANDS_IN_THE_WAY = frozenset(RequestState) - {
    RequestState.WITHDRAWN,
    RequestState.LAPSED,
    RequestState.DUPLICATE,
    RequestState.FORWARDED,
}


class AppealNotPossible(DomainError):
    """There is no answer to appeal against, or an appeal was made already."""

    code = "appeal_not_possible"


def open_appeal(
    *,
    subject_request_id: UUID,
    reason: str,
    by: Actor,
    at: datetime,
    channel: Channel = Channel.WEB,
    received_at: datetime | None = None,
) -> SubjectRequest:
    """Take in an appeal against an answer, from the person's page or by staff for a letter or a call.

    One that comes after the last day is taken in all the same, and marked late: people decide about it.
    Raises AppealNotPossible and BadInput.
    """
    words = reason.strip()
    if not words or len(words) > REASON_MAX or "\0" in words:
        raise BadInput("Say in your own words what you disagree with.")
    with transaction.atomic():
        first = locked(subject_request_id)
        sentence = no_appeal_because(first)
        if sentence:
            raise AppealNotPossible(sentence)
        came_at = received_at or at
        opening = replace(
            same_person(first),
            submission=own_submission(first, channel, came_at),
            details=words,
            identity_level=_level(first, by),
            received_at=came_at,
        )
        appeal = open_request(opening, by=by, at=at)
        facts = {"appeal": appeal.reference, "late": is_late(appeal)}
        record(event="request.appealed", target=first, by=by, at=at, facts=facts)
        return appeal


def no_appeal_because(first: SubjectRequest) -> str | None:
    """Why there can be no appeal against this request, as a sentence, or None."""
    if not can_be_appealed(first):
        return "There is no answer to this request that an appeal could be about."
    made = appeals_against(first).filter(state__in=_STANDS_IN_THE_WAY).first()
    if made is None:
        return None
    if made.is_closed:
        return f"An appeal was decided already ({made.reference}). The authority can look at it next."
    return f"There is an appeal already ({made.reference}). It is being looked at."


def appeals_against(first: SubjectRequest) -> QuerySet[SubjectRequest]:
    """Every appeal against a request, oldest first."""
    found: QuerySet[SubjectRequest] = SubjectRequest.objects.filter(linked_to=first, link=Link.APPEAL)
    return found.order_by("received_at")


def is_late(appeal: SubjectRequest) -> bool:
    """Whether an appeal came after the last day for it."""
    if appeal.linked_to is None:
        return False
    until = appeal_until(appeal.linked_to)
    zone = jurisdiction(appeal.regime).zone
    return until is not None and local_day(appeal.received_at, zone) > until


def open_follow_up(*, appeal: SubjectRequest, by: Actor, at: datetime) -> SubjectRequest | None:
    """Take up again what was refused, as a request of its own that follows from the appeal.

    It counts as received when the appeal is upheld: the time for the first answer has run already, and the law
    gives no other; so the full term runs anew and the person is told its day.
    """
    first = appeal.linked_to
    if first is None:
        return None
    opening = replace(
        same_person(first),
        submission=appeal.submission,
        right=first.right,
        details=first.details,
        particulars=first.particulars,
        linked_to=appeal,
        link=Link.FOLLOW_UP,
        identity_level=IdentityLevel(max(first.identity_level, appeal.identity_level)),
        received_at=at,
    )
    follow_up = open_request(opening, by=by, at=at)
    SubjectRequest.objects.filter(pk=follow_up.pk).update(is_sensitive=first.is_sensitive)
    facts = {"follow_up": follow_up.reference}
    record(event="request.taken_up_again", target=appeal, by=by, at=at, facts=facts)
    return follow_up


def same_person(first: SubjectRequest) -> Opening:
    """Return the opening of an appeal: by the one who asked first, under the same law, in the same language."""
    return Opening(
        submission=first.submission,
        right="appeal",
        regime=first.regime,
        regime_is_chosen=first.regime_is_chosen,
        place=first.place,
        language=first.language,
        name=first.subject_name,
        email=first.subject_email,
        asked_by=Asker(first.asked_by),
        asker_name=first.asker_name,
        asker_email=first.asker_email,
        standing_proven_at=first.standing_proven_at,
        linked_to=first,
        link=Link.APPEAL,
    )


def own_submission(first: SubjectRequest, channel: Channel, received_at: datetime) -> Submission:
    """Write down a form, a letter or a call of its own, with the policy that was in force when it came."""
    return Submission.objects.create(
        channel=channel,
        received_at=received_at,
        language=first.language,
        policy_version=COMPANY.policy_version,
    )


def _level(first: SubjectRequest, by: Actor) -> IdentityLevel:
    """What was proven for the first request; whoever is on its page has at least shown that the mailbox is theirs."""
    proven = IdentityLevel(first.identity_level)
    return max(proven, IdentityLevel.CHANNEL) if by.kind is ActorKind.SUBJECT else proven
