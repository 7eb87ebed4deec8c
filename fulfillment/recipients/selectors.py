"""Questions about recipients and what they were told."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from fulfillment.recipients.endings import SPARED, Ending
from fulfillment.recipients.models import Recipient, RecipientNotice
from fulfillment.recipients.places import Place, places_of
from requests_app.lifecycle.models import SubjectRequest


@dataclass(frozen=True)
class Told:
    """One recipient in the person's words: told on which day, or why not."""

    name: str
    on: date | None
    why_not: str = ""


@dataclass(frozen=True)
class ToldBefore:
    """One recipient and one change that an earlier request of the person brought; `kind` is the notice's."""

    reference: str
    name: str
    kind: str
    on: date | None
    why_not: str = ""


def recipients() -> QuerySet[Recipient]:
    """All that were set up, those in use first."""
    return Recipient.objects.order_by("-enabled", "label")


def notices_of(subject_request: SubjectRequest) -> QuerySet[RecipientNotice]:
    """Everything that recipients are to be told for a request."""
    found = RecipientNotice.objects.filter(subject_request=subject_request)
    return found.select_related("recipient", "ended_by").prefetch_related("letters")


def told_of(subject_request: SubjectRequest) -> tuple[Told, ...]:
    """Every recipient of a request once: what was last told, or why nobody told it.

    Lists and answers that name nobody's data: the person may have them on request (Article 19 GDPR, last sentence).
    """
    last: dict[str, Told] = {}
    for notice in notices_of(subject_request):
        on = told_on(notice)
        why = notice.ending_note if notice.ending in SPARED else ""
        before = last.get(notice.named)
        if before is None or before.on is None or on is not None:
            last[notice.named] = Told(notice.named, on, why)
    return tuple(last.values())


def told_before(subject_request: SubjectRequest) -> tuple[ToldBefore, ...]:
    """What recipients were told for the other requests of the same address, the oldest first."""
    found = RecipientNotice.objects.filter(
        subject_request__subject_email_index__in=subject_request.address_indexes
    ).exclude(subject_request=subject_request)
    found = found.select_related("recipient", "subject_request").prefetch_related("letters")
    return tuple(
        ToldBefore(
            reference=each.subject_request.reference,
            name=each.named,
            kind=each.kind,
            on=told_on(each),
            why_not=each.ending_note if each.ending in SPARED else "",
        )
        for each in found.order_by("written_at", "recipient__label", "id")
    )


def names_at(places: Collection[Place]) -> dict[str, tuple[str, ...]]:
    """Who has had something of these places, by the key of the policy under which the maps name them."""
    names: dict[str, tuple[str, ...]] = {}
    for recipient in Recipient.objects.filter(enabled=True).order_by("label"):
        if places_of(recipient, places):
            known = names.get(recipient.disclosed_as, ())
            names[recipient.disclosed_as] = (*known, recipient.label)
    return names


def told_on(notice: RecipientNotice) -> date | None:
    """The day on which a recipient was told: by its first letter that left, or by a person."""
    if notice.ending in SPARED and notice.told_on is None:
        return None
    if notice.told_on is not None:
        return notice.told_on
    sent = [each.sent_at for each in notice.letters.all() if each.sent_at is not None]
    if sent:
        return min(sent).date()
    # Whoever answers has been told.
    answered = notice.ended_at if notice.ending and notice.ending in set(Ending) - SPARED else None
    return answered.date() if answered else None


def open_notices(subject_request: SubjectRequest) -> int:
    """How many of them still wait for something."""
    return RecipientNotice.objects.filter(subject_request=subject_request, ending="").count()
