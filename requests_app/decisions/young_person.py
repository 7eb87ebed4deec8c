"""A young person hears of a request that a guardian makes for them, and can object to it where only we read it."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import objection_link
from requests_app.correspondence.models import Message
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.decisions.errors import NothingToAnswer
from requests_app.decisions.models import GuardianObjection
from requests_app.encryption.blind_index import normalised
from requests_app.encryption.keys import secret_key
from requests_app.identity.errors import LinkNotValid
from requests_app.jurisdictions.load import DEFAULT, jurisdiction
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Asker, SubjectRequest
from requests_app.lifecycle.perform import locked

# The oldest that a child of each answer of the form can be.
OLDEST = {"under_13": 12, "13_15": 15, "16_17": 17, "18": 120}
_TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{32})", re.IGNORECASE)


def is_told(subject_request: SubjectRequest) -> bool:
    """Whether the law of the case, or our policy where it names no age, lets the young person have a say.

    Where nobody said how old they are they are told as well: too much for a small child is less than too little for
    somebody of sixteen.
    """
    if subject_request.asked_by != Asker.GUARDIAN:
        return False
    oldest = OLDEST.get(str(subject_request.submission.answers.get("child_age", "")))
    return oldest is None or oldest >= _age_of_their_own_say(subject_request)


def tell_young_person(
    *, subject_request: SubjectRequest, addresses: Iterable[str], at: datetime
) -> list[Message]:
    """Write to each of these addresses that is not the guardian's, once a request; none where nobody is to be told.

    Only for whom the guardian's standing was accepted: before that a stranger could have us write to a child.
    """
    if not is_told(subject_request) or subject_request.standing_proven_at is None:
        return []
    spared = {normalised("email", subject_request.asker_email)}
    before = subject_request.messages.filter(notice=Notice.GUARDIAN_ASKED)
    spared |= {normalised("email", message.to_address) for message in before}
    fresh = {normalised("email", each): each for each in addresses if normalised("email", each) not in spared}
    return [_tell(subject_request, address, at=at) for address in fresh.values()]


def look_at_objection_link(*, token: str) -> SubjectRequest:
    """The open request behind a link; looking changes nothing. Raises LinkNotValid, NothingToAnswer."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise LinkNotValid
    known = SubjectRequest.objects.filter(pk=UUID(found[1]), purged_at=None)
    subject_request: SubjectRequest | None = known.first()
    if subject_request is None or not hmac.compare_digest(token.lower(), _token(subject_request)):
        raise LinkNotValid
    if subject_request.is_closed:
        raise NothingToAnswer("This request is closed, so an objection cannot change it any more.")
    return subject_request


def object_by_token(*, token: str, words: str, at: datetime) -> GuardianObjection:
    """Keep that the young person objects, and why if they say so. Raises LinkNotValid, NothingToAnswer."""
    with transaction.atomic():
        subject_request = locked(look_at_objection_link(token=token).pk)
        look_at_objection_link(token=token)
        by = Actor.system("objection link")
        record(event="guardian.objected_to", target=subject_request, by=by, at=at)
        return GuardianObjection.objects.create(
            subject_request=subject_request, words=words.strip(), written_at=at
        )


def _tell(subject_request: SubjectRequest, address: str, *, at: datetime) -> Message:
    return write_message(
        Notice.GUARDIAN_ASKED,
        subject_request=subject_request,
        at=at,
        context={"right": right(subject_request.right).label},
        secrets={"objection_url": objection_link(_token(subject_request))},
        to_address=address,
    )


def _age_of_their_own_say(subject_request: SubjectRequest) -> int:
    law = jurisdiction(subject_request.regime).children.guardian_below
    return law or jurisdiction(DEFAULT).children.guardian_below or 0


def _token(subject_request: SubjectRequest) -> str:
    said = f"guardian objection\0{subject_request.pk}"
    signature = hmac.new(secret_key("CODE_KEY"), said.encode(), hashlib.sha256).hexdigest()[:32]
    return subject_request.pk.hex + signature
