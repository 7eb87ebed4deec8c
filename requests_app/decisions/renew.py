"""Ask again for a copy that was erased unfetched: a request of its own that follows from the one that was answered."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.appeal import own_submission, same_person
from requests_app.errors import DomainError
from requests_app.lifecycle.models import Channel, IdentityLevel, Link, SubjectRequest
from requests_app.lifecycle.perform import Opening, locked, open_request

WHY_RENEWED = {
    "asked": _("The person asked us for it, not on their page"),
    "unreached": _("Our mail did not reach the person"),
    "away": _("The person was away"),
    "failed": _("The download did not work"),
}


class NothingToRenew(DomainError):
    """The copy of this request can still be fetched, was fetched, or there never was one."""

    code = "nothing_to_renew"

    def __init__(self) -> None:
        super().__init__("There is no copy of this request that was erased before you fetched it.")


def may_renew(subject_request: SubjectRequest) -> bool:
    """Whether the copy of this request was erased before the person fetched it."""
    return subject_request.was_unfetched


def renewed_as(subject_request: SubjectRequest) -> SubjectRequest | None:
    """Return the request in which the person asked for the copy again, if they did."""
    found: SubjectRequest | None = subject_request.linked.filter(
        link=Link.FOLLOW_UP, right=subject_request.right
    ).first()
    return found if may_renew(subject_request) else None


def renew_copy(*, subject_request_id: UUID, by: Actor, at: datetime, why: str = "") -> SubjectRequest:
    """Open the request for a new copy, once; asked again, it returns the one there is. Raises NothingToRenew.

    `why` is one of WHY_RENEWED where staff do it for the person.

    It searches anew, as what we hold has changed since, and its time runs from now. What was proven for the first one
    counts: it was the same person's answer, and whoever asks here has shown again that the mailbox is theirs.
    """
    with transaction.atomic():
        first = locked(subject_request_id)
        if not may_renew(first):
            raise NothingToRenew
        already = renewed_as(first)
        if already is not None:
            return already
        renewed = open_request(_opening(first, at=at), by=by, at=at)
        SubjectRequest.objects.filter(pk=renewed.pk).update(is_sensitive=first.is_sensitive)
        facts = {"follow_up": renewed.reference}
        if why:
            facts["why"] = str(WHY_RENEWED[why])
            record(event="request.renewed_by_staff", target=first, by=by, at=at, facts=facts)
        else:
            record(event="request.renewed", target=first, by=by, at=at, facts=facts)
        return renewed


def _opening(first: SubjectRequest, *, at: datetime) -> Opening:
    return replace(
        same_person(first),
        submission=own_submission(first, Channel.WEB, at),
        right=first.right,
        details=first.details,
        particulars=first.particulars,
        link=Link.FOLLOW_UP,
        identity_level=IdentityLevel(first.identity_level),
        received_at=at,
    )
