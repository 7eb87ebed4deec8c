"""Accept the proof: by the link's button, or by reference and code."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.identity.codes import check_code, issue_code, token_digest
from requests_app.identity.errors import AlreadyConfirmed, LinkExpired, LinkNotValid
from requests_app.identity.models import MailedCode, Purpose
from requests_app.identity.prove import accept_proof
from requests_app.identity.together import asked_together
from requests_app.identity.ways import waits_for_more
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.references import read_reference
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState


def look_at_link(*, token: str, at: datetime) -> SubjectRequest:
    """The request behind a link, changing nothing. Raises LinkNotValid, LinkExpired, AlreadyConfirmed."""
    mailed = (
        MailedCode.objects.select_related("subject_request").filter(token_digest=token_digest(token)).first()
    )
    return _usable(mailed, at=at).subject_request


def confirm_by_token(*, token: str, at: datetime) -> SubjectRequest:
    """The person pressed the button behind the link. Raises LinkNotValid, LinkExpired, AlreadyConfirmed."""
    with transaction.atomic():
        mailed = MailedCode.objects.select_for_update().filter(token_digest=token_digest(token)).first()
        usable = _usable(mailed, at=at)
        usable.used_at = at
        usable.save(update_fields=["used_at"])
        return _confirm(usable.subject_request, at=at)


def enter_portal(*, reference: str, code: str, at: datetime) -> SubjectRequest:
    """Reference and code open the person's pages; the first code of a request also confirms it.

    Raises WrongCode and TooManyWrongCodes. Call outside a transaction.
    """
    purposes = (Purpose.PORTAL, Purpose.CONFIRM_IDENTITY)
    mailed = check_code(reference=reference, code=code, purposes=purposes, at=at)
    if mailed.purpose == Purpose.CONFIRM_IDENTITY:
        with transaction.atomic():
            _confirm(by_reference(read_reference(reference)), at=at)
    # The reference typed may be that of another request of the same submission, which the same code confirms.
    return by_reference(read_reference(reference))


def send_new_code(*, reference: str, at: datetime) -> None:
    """Mail the code that the person needs next, if the reference is one of ours; says nothing about whether it is.

    For one that nobody has, the same is done to some request and taken back before anybody can see it: neither the
    answer nor the time it takes tells which references exist.
    """
    try:
        known = SubjectRequest.objects.filter(reference=read_reference(reference), purged_at=None).first()
    except UnknownReference:
        return
    stranger = _any_request()
    with transaction.atomic():
        chosen = known or stranger
        if chosen is not None:
            _send_code(chosen, at=at)
        if known is None:
            transaction.set_rollback(True)


def _any_request() -> SubjectRequest | None:
    """Another one each time, so that nobody's own request is held up by strangers who try references."""
    in_order = SubjectRequest.objects.filter(purged_at=None).order_by("pk")
    found: SubjectRequest | None = in_order.filter(pk__gte=uuid4()).first() or in_order.first()
    return found


def _send_code(known: SubjectRequest, *, at: datetime) -> None:
    # Whoever has confirmed the address and has more to show comes in as everybody does.
    waiting = known.state == RequestState.AWAITING_IDENTITY and known.identity_level == IdentityLevel.NONE
    purpose = Purpose.CONFIRM_IDENTITY if waiting else Purpose.PORTAL
    issue_code(subject_request=known, purpose=purpose, by=Actor.subject(known.reference), at=at)


def _usable(mailed: MailedCode | None, *, at: datetime) -> MailedCode:
    if mailed is None:
        raise LinkNotValid
    if mailed.used_at is not None or mailed.subject_request.identity_level > IdentityLevel.NONE:
        raise AlreadyConfirmed(needs_more=waits_for_more(mailed.subject_request))
    together = asked_together(mailed.subject_request)
    is_waiting = together.filter(state=RequestState.AWAITING_IDENTITY).exists()
    if mailed.superseded_at is not None or mailed.expires_at <= at or not is_waiting:
        raise LinkExpired
    return mailed


def _confirm(subject_request: SubjectRequest, *, at: datetime) -> SubjectRequest:
    """Each request that came together is confirmed by itself; what needs more proof than an address goes on waiting."""
    for each in asked_together(subject_request):
        by = Actor.subject(each.reference)
        accept_proof(subject_request_id=each.pk, level=IdentityLevel.CHANNEL, by=by, at=at)
    return by_reference(subject_request.reference)
