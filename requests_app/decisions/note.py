"""Take what the person writes about their restriction, so that staff read it before they lift it (Art. 18(3) GDPR)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.decisions.errors import AnswerMissing, NothingToAnswer
from requests_app.decisions.models import PersonNote
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.states import RequestState

STANDS = frozenset({RequestState.IN_FORCE, RequestState.LIFTING_ANNOUNCED})


def may_write(subject_request: SubjectRequest) -> bool:
    """Whether a word of the person can still change what becomes of the restriction."""
    return subject_request.state in STANDS


def write_note(*, subject_request_id: UUID, words: str, by: Actor, at: datetime) -> PersonNote:
    """Keep the person's words on the case. Raises NothingToAnswer, AnswerMissing."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        if not may_write(subject_request):
            raise NothingToAnswer("Your restriction no longer stands, so this cannot change it any more.")
        if not words.strip():
            raise AnswerMissing("Write to us what speaks against it.")
        note = PersonNote.objects.create(subject_request=subject_request, words=words.strip(), written_at=at)
        record(event="person.wrote", target=subject_request, by=by, at=at)
        return note
