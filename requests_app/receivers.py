"""What this app does when something is announced: follow-up rows in the same transaction, tasks on commit."""

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from requests_app import tasks
from requests_app.correspondence.compose import Notice
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.models import Message
from requests_app.correspondence.write import write_message
from requests_app.decisions.moved_date import tell_of_moved_date
from requests_app.identity.start import start_verification
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.signals import due_date_moved, message_written, state_changed

NOTICE_ON_ENTERING = {
    RequestState.READY: Notice.COPY_READY,
    RequestState.REFUSED: Notice.REFUSED,
    RequestState.WITHDRAWN: Notice.WITHDRAWN,
    RequestState.LAPSED: Notice.LAPSED,
}


@receiver(state_changed)
def ask_for_proof(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """A request that has arrived is confirmed first."""
    if target is RequestState.RECEIVED:
        start_verification(subject_request=subject_request, at=at)


@receiver(state_changed)
def tell_the_person(
    *,
    subject_request: SubjectRequest,
    source: RequestState | None,
    target: RequestState,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Each outward step has its notice."""
    notice = NOTICE_ON_ENTERING.get(target)
    if source is RequestState.AWAITING_IDENTITY and target is RequestState.IN_REVIEW:
        notice = Notice.IDENTITY_CONFIRMED
    if notice is not None:
        context = {"portal_url": portal_link(), "due_on": subject_request.response_due_on}
        write_message(notice, subject_request=subject_request, at=at, context=context)


@receiver(due_date_moved)
def tell_of_the_new_date(
    *,
    subject_request: SubjectRequest,
    before: date,
    after: date,
    cause: str,
    reason: str,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Whatever moved the day of our answer, the person is told once, and why."""
    tell_of_moved_date(
        subject_request=subject_request, before=before, after=after, cause=cause, reason=reason, at=at
    )


@receiver(message_written)
def queue_delivery(*, message: Message, **_announcement: Any) -> None:
    """The row is the outbox; the task is only a hint that it is there."""
    tasks.offer(tasks.deliver_message, message_id=str(message.pk))
