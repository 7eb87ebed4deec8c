"""Mailed codes: made, sent, checked once, and worthless afterwards."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import confirm_link, portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.encryption.blind_index import blind_indexes
from requests_app.encryption.keys import secret_key
from requests_app.identity import tries
from requests_app.identity.errors import WrongCode
from requests_app.identity.models import MailedCode, Purpose
from requests_app.identity.together import asked_together, waiting_together
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.known_rights import as_machine
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.references import read_reference

# 32 symbols, eight of them: 2^40 codes. No 0/O and 1/I, so that what is read is what is typed.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
LIFE = timedelta(hours=24)
DOWNLOAD_LIFE = timedelta(minutes=30)
SHORT_LIVED = frozenset({Purpose.DOWNLOAD, Purpose.TRANSMISSION})
PER_HOUR, PER_DAY = 10, 30

NOTICES = {
    Purpose.CONFIRM_IDENTITY: Notice.CONFIRM_IDENTITY,
    Purpose.PORTAL: Notice.PORTAL_CODE,
    Purpose.DOWNLOAD: Notice.DOWNLOAD_CODE,
    Purpose.TRANSMISSION: Notice.TRANSMISSION_CODE,
}


def issue_code(*, subject_request: SubjectRequest, purpose: Purpose, by: Actor, at: datetime) -> bool:
    """Mail a fresh code to the address of the request; older codes for the purpose stop working.

    Returns False, sending nothing, when the address has had too many codes within the hour or the day: what the
    person sees is the same.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    token = secrets.token_hex(16) if purpose is Purpose.CONFIRM_IDENTITY else None
    with transaction.atomic():
        known = SubjectRequest.objects.select_for_update().get(pk=subject_request.pk)
        indexes = blind_indexes("email", known.contact_address)
        _one_at_a_time(indexes)
        if _has_had_enough(known, indexes, at=at):
            return False
        _live(subject_request, purpose).update(superseded_at=at)
        mailed = MailedCode.objects.create(
            subject_request=subject_request,
            purpose=purpose,
            address_index=indexes[0],
            code_digest=_digest("code", subject_request.reference, purpose, code),
            token_digest=token and token_digest(token),
            issued_at=at,
            expires_at=at + (DOWNLOAD_LIFE if purpose in SHORT_LIVED else LIFE),
        )
        filled = {"code": code} | ({"link": confirm_link(token)} if token else {})
        context: dict[str, object] = {"expires_at": mailed.expires_at, "portal_url": portal_link()}
        if purpose is Purpose.CONFIRM_IDENTITY:
            context["references"] = [each.reference for each in waiting_together(subject_request)]
        write_message(
            NOTICES[purpose], subject_request=subject_request, at=at, context=context, secrets=filled
        )
        record(event="code.mailed", target=subject_request, by=by, at=at, facts={"purpose": purpose.value})
    return True


def check_code(*, reference: str, code: str, purposes: tuple[Purpose, ...], at: datetime) -> MailedCode:
    """Use a code up. Returns it, with its request as `subject_request`.

    Call outside a transaction: a wrong try must stay counted whatever happens next. Raises WrongCode (the same for
    unknown references) and TooManyWrongCodes.
    """
    # An unknown reference costs the same questions, asked of nobody's request: the time taken gives nothing away.
    known = _request_behind(reference) or _nobodys_request()
    # One counter whatever way a known reference is spelt, and for all references that one code confirms; unknown ones
    # are counted too.
    counted = _counted_as(known) or "".join(reference.split()).upper()[:40]
    key = _digest("tries", counted, known.subject_email_index)
    tries.take_try(key, at=at)
    typed = "".join(code.split()).replace("-", "").upper()
    with transaction.atomic():
        found = _live_code(known, typed, purposes, at=at)
        if found is None:
            raise WrongCode
        found.used_at = at
        found.save(update_fields=["used_at"])
        tries.give_back(key)
    return found


def token_digest(token: str) -> str:
    """The keyed hash under which a link's token is kept; its case does not matter, as mail systems change it."""
    return _digest("token", token.lower())


def _live_code(
    known: SubjectRequest, typed: str, purposes: tuple[Purpose, ...], *, at: datetime
) -> MailedCode | None:
    found = None
    for purpose in purposes:
        for each in _live(known, purpose).filter(expires_at__gt=at).select_for_update(of=("self",)):
            digest = _digest("code", each.subject_request.reference, purpose, typed)
            if hmac.compare_digest(each.code_digest, digest):
                found = each
    if found is None and Purpose.CONFIRM_IDENTITY in purposes:
        found = _mailed_for_another(known, typed, at=at)
    if found is not None:
        as_machine(found.subject_request)
    return found


def _mailed_for_another(known: SubjectRequest, typed: str, *, at: datetime) -> MailedCode | None:
    """Where no code could be mailed, as the address had too many, any of those shows who reads its mail.

    Whoever files in somebody's name until the address gets no more does not keep the person's own request waiting.
    """
    had_its_own = MailedCode.objects.filter(subject_request__in=asked_together(known)).exists()
    indexes = blind_indexes("email", known.contact_address)
    live = MailedCode.objects.filter(
        purpose=Purpose.CONFIRM_IDENTITY, used_at=None, superseded_at=None, expires_at__gt=at
    )
    for each in live.filter(address_index__in=indexes).select_related("subject_request").order_by("pk"):
        digest = _digest("code", each.subject_request.reference, each.purpose, typed)
        if hmac.compare_digest(each.code_digest, digest) and not had_its_own:
            return MailedCode.objects.select_for_update(of=("self",)).filter(pk=each.pk, used_at=None).first()
    return None


def has_live_code(subject_request: SubjectRequest, purpose: Purpose, *, at: datetime) -> bool:
    """Whether a code that works for this request is under way or in the person's hands."""
    return _live(subject_request, purpose).filter(expires_at__gt=at).exists()


def _live(known: SubjectRequest, purpose: Purpose) -> QuerySet[MailedCode]:
    """The codes not used and not replaced; one that confirms a request confirms those that came with it too."""
    codes = MailedCode.objects.filter(purpose=purpose, used_at=None, superseded_at=None)
    if purpose is Purpose.CONFIRM_IDENTITY:
        return codes.filter(subject_request__in=asked_together(known)).select_related("subject_request")
    return codes.filter(subject_request=known).select_related("subject_request")


def _counted_as(known: SubjectRequest) -> str:
    return str(asked_together(known).values_list("reference", flat=True).first() or "")


def _nobodys_request() -> SubjectRequest:
    """A request that is in no table, to ask the same questions about."""
    nobodys: SubjectRequest = SubjectRequest(
        submission_id=uuid4(), subject_email=f"{uuid4().hex}@nobody.invalid"
    )
    return nobodys


def _request_behind(reference: str) -> SubjectRequest | None:
    try:
        found: SubjectRequest | None = SubjectRequest.objects.filter(
            reference=read_reference(reference), purged_at=None
        ).first()
    except UnknownReference:
        return None
    return found


def _one_at_a_time(indexes: tuple[str, ...]) -> None:
    """One caller at a time counts and sends to an address, whichever request it is for; until the transaction ends.

    By every key, in one order: while keys are rotated, another process may write by another of them.
    """
    with connection.cursor() as cursor:
        for index in sorted(indexes):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [index])


def _has_had_enough(known: SubjectRequest, indexes: tuple[str, ...], *, at: datetime) -> bool:
    """Requests that nobody has confirmed share the count of their address: anybody can file those.

    One that was confirmed is counted for itself, so that whoever files in somebody's name keeps no code from them.
    """
    if known.identity_level > IdentityLevel.NONE:
        mailed = MailedCode.objects.filter(subject_request=known)
    else:
        mailed = MailedCode.objects.filter(
            address_index__in=indexes, subject_request__identity_level=IdentityLevel.NONE
        )
    in_hour = mailed.filter(issued_at__gt=at - timedelta(hours=1)).count()
    return in_hour >= PER_HOUR or mailed.filter(issued_at__gt=at - timedelta(days=1)).count() >= PER_DAY


def _digest(*parts: str) -> str:
    return hmac.new(secret_key("CODE_KEY"), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
