"""What this app does when something is announced: follow-up rows in the same transaction, tasks on commit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from requests_app import tasks
from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.decisions.announce import announce
from requests_app.decisions.appeal import open_follow_up
from requests_app.decisions.at_once import act_at_once
from requests_app.decisions.moved_date import tell_of_moved_date
from requests_app.decisions.statements.write import write_statement
from requests_app.decisions.young_person import tell_young_person
from requests_app.identity.forget import close_proofs
from requests_app.identity.start import start_verification
from requests_app.letters.models import LetterPdf
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import CLOSED, RequestState
from requests_app.reminders.models import StaffMail
from requests_app.signals import (
    due_date_moved,
    mail_received,
    message_written,
    pdf_wanted,
    staff_mail_waits,
    state_changed,
)


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
    move: Move | None,
    at: datetime,
    **_announcement: Any,
) -> None:
    """Each outward step has its notice."""
    announce(subject_request, source=source, target=target, move=move, at=at)


@receiver(state_changed)
def take_up_again(
    *, subject_request: SubjectRequest, move: Move | None, by: Actor, at: datetime, **_announcement: Any
) -> None:
    """What was refused and is upheld on appeal goes on as a request that follows from the appeal."""
    if move is Move.UPHOLD_APPEAL:
        open_follow_up(appeal=subject_request, by=by, at=at)


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


@receiver(state_changed)
def act_where_nothing_is_weighed(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """What the law leaves nothing to decide about begins as soon as it reaches us with its proof."""
    if target is RequestState.IN_REVIEW:
        act_at_once(subject_request=subject_request, at=at)


@receiver(state_changed)
def tell_the_young_person(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """Once a guardian's standing is accepted, whom they ask for hears of it; nothing is searched for that."""
    if target is RequestState.IN_REVIEW:
        addresses = [subject_request.subject_email]
        tell_young_person(subject_request=subject_request, addresses=addresses, at=at)


@receiver(state_changed)
def end_open_proofs(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """A request that is closed needs no evidence any more."""
    if target in CLOSED:
        close_proofs(subject_request, at=at)


@receiver(state_changed)
def state_what_was_decided(
    *, subject_request: SubjectRequest, target: RequestState, at: datetime, **_announcement: Any
) -> None:
    """What people decided is kept as a statement with its reasons; what follows from it is there by now."""
    if target in CLOSED:
        write_statement(subject_request=subject_request, at=at)


@receiver(message_written)
def queue_delivery(*, message: Message, **_announcement: Any) -> None:
    """The row is the outbox; the task is only a hint that it is there."""
    tasks.offer(tasks.deliver_message, message_id=str(message.pk))


@receiver(mail_received)
def queue_mail(*, email_id: UUID, **_announcement: Any) -> None:
    """A mail that was stored is worked on as soon as it is stored for good."""
    tasks.offer(tasks.work_on_mail, email_id=str(email_id))


@receiver(staff_mail_waits)
def queue_staff_mail(*, mail: StaffMail, **_announcement: Any) -> None:
    """A mail to a member of staff is sent as soon as it is written for good."""
    tasks.offer(tasks.deliver_staff_mail, mail_id=str(mail.pk))


@receiver(pdf_wanted)
def queue_setting(*, setting: LetterPdf, **_announcement: Any) -> None:
    """The row says that it is wanted; the task is only a hint."""
    tasks.offer(tasks.set_letter, letter_id=str(setting.pk))
