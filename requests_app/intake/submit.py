"""The only way a request is born, whatever door it came through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.deadlines.clock import earliest_deadline
from requests_app.errors import BadInput
from requests_app.intake.checked import (
    DETAILS_MAX,
    ONESELF,
    AskedBy,
    SubjectDetails,
    checked_subject,
    storable,
)
from requests_app.jurisdictions.load import RightNotGranted, jurisdictions_for
from requests_app.lifecycle.known_rights import right as known_right
from requests_app.lifecycle.models import Channel, SubjectRequest, Submission
from requests_app.lifecycle.particulars import MARKETING, checked_particulars
from requests_app.lifecycle.perform import Opening, open_requests
from requests_app.policy.company import COMPANY

__all__ = [
    "ONESELF",
    "AskedBy",
    "SubjectDetails",
    "Wanted",
    "regime_for",
    "submit_request",
    "submit_requests",
]

TOGETHER_MAX = 20


@dataclass(frozen=True)
class Wanted:
    """One right that the person exercises, with what the right needs to know.

    `details` are words for this right alone; empty, those of the whole submission stand for it.
    """

    right: str
    particulars: Mapping[str, object] = field(default_factory=dict)
    details: str = ""


class RightNotOffered(RightNotGranted):
    """Neither a law nor the policy gives the right to people at this place."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"“{label}” is not among the rights that the law where you live, or our own policy, gives. "
            "Choose another one, or write to us in your own words."
        )


def submit_request(
    *,
    channel: Channel,
    right: str,
    subject: SubjectDetails,
    place: str | None,
    language: str,
    received_at: datetime,
    by: Actor,
    answers: Mapping[str, object] | None = None,
) -> SubjectRequest:
    """Open a request for one right that a person exercises for themselves; see `submit_requests`."""
    return submit_requests(
        channel=channel,
        wanted=[Wanted(right)],
        subject=subject,
        place=place,
        language=language,
        received_at=received_at,
        by=by,
        answers=answers,
    )[0]


def submit_requests(
    *,
    channel: Channel,
    wanted: Sequence[Wanted],
    subject: SubjectDetails,
    place: str | None,
    language: str,
    received_at: datetime,
    by: Actor,
    answers: Mapping[str, object] | None = None,
) -> list[SubjectRequest]:
    """Open one request for each right that a submission exercises, each with its own law and date.

    `place` is an ISO 3166-1 or 3166-2 code, or None when the person would not say. Several laws may apply: the one
    with the earliest date answers. Raises BadInput (RightNotOffered among it) and UnknownRight; then nothing is kept.
    """
    person = checked_subject(subject)
    apart = [part for each in wanted for part in _told_apart(each)]
    _refuse_muddles(wanted, apart)
    laws = [_law_or_refusal(place, each.right, received_at) for each in apart]
    with transaction.atomic():
        submission = Submission.objects.create(
            channel=channel,
            received_at=received_at,
            language=language,
            policy_version=COMPANY.policy_version,
            answers=dict(answers or {}),
        )
        openings = [
            _opening(each, law, submission=submission, person=person, place=place)
            for each, law in zip(apart, laws, strict=True)
        ]
        return open_requests(openings, by=by, at=received_at)


def _opening(
    wanted: Wanted, law: str, *, submission: Submission, person: SubjectDetails, place: str | None
) -> Opening:
    return Opening(
        submission=submission,
        right=wanted.right,
        regime=law,
        place=place or "",
        language=submission.language,
        name=person.name,
        email=person.email,
        details=wanted.details or person.details,
        particulars=wanted.particulars,
        asked_by=person.asker.asked_by,
        asker_name=person.asker.name,
        asker_email=person.asker.email,
    )


def _told_apart(wanted: Wanted) -> list[Wanted]:
    """An objection to marketing is absolute (Art. 21(3) GDPR): it does not wait while other purposes are weighed."""
    known_right(wanted.right)
    particulars = checked_particulars(wanted.right, wanted.particulars)
    whole = Wanted(wanted.right, particulars, storable(wanted.details, DETAILS_MAX))
    purposes = particulars.get("purposes")
    if not isinstance(purposes, list) or MARKETING not in purposes or len(purposes) == 1:
        return [whole]
    others = [each for each in purposes if each != MARKETING]
    return [
        Wanted(wanted.right, {"purposes": [MARKETING], "reasons": ""}, whole.details),
        Wanted(wanted.right, particulars | {"purposes": others}, whole.details),
    ]


def _refuse_muddles(wanted: Sequence[Wanted], apart: Sequence[Wanted]) -> None:
    if not wanted:
        raise BadInput("Choose what you would like us to do.")
    if len(apart) > TOGETHER_MAX or len({each.right for each in wanted}) < len(wanted):
        raise BadInput("The same right is asked for twice in one go.")


def _law_or_refusal(place: str | None, right: str, received_at: datetime) -> str:
    try:
        return regime_for(place, right, received_at)
    except RightNotGranted:
        raise RightNotOffered(str(known_right(right).label)) from None


def regime_for(place: str | None, right: str, received_at: datetime) -> str:
    """The law that answers for the request: of several that apply, the one with the earliest date."""
    laws = jurisdictions_for(place, right, received_at)
    first = earliest_deadline(
        measure="response",
        regimes=[law.key for law in laws],
        right=right,
        received_at=received_at,
        place=place,
    )
    return first.regime
