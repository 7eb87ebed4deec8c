"""Put a question or a fee to the person, take the answer, or go on without one."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.deadlines.effects import QuestionEffect, question_effect
from requests_app.deadlines.events import EventType, Topic
from requests_app.deadlines.explain import capital
from requests_app.decisions.allowed import require_case_worker, require_reason
from requests_app.decisions.errors import AnswerMissing, FeeIncomplete, FeeNotAllowed, NothingAsked
from requests_app.decisions.models import AskedQuestion, Ending
from requests_app.jurisdictions.load import jurisdiction
from requests_app.letters.blocks import Block, Heading
from requests_app.letters.text import blocks_of
from requests_app.lifecycle.clock import note_event
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import locked, perform

ASKED = {Topic.CLARIFICATION: EventType.CLARIFICATION_REQUESTED, Topic.FEE: EventType.FEE_REQUESTED}
DROPPED = {Topic.CLARIFICATION: EventType.CLARIFICATION_DROPPED, Topic.FEE: EventType.FEE_DROPPED}


@dataclass(frozen=True)
class Asking:
    """What is asked, in words the person reads; a fee has its amount and currency.

    `clock_reason` says why the clock stops, where its law stops it only for a reason on record.
    """

    topic: Topic
    words: str
    amount: Decimal | None = None
    currency: str = ""
    clock_reason: str = ""


def ask_person(
    *, subject_request_id: UUID, asking: Asking, by: Actor, at: datetime, expected_version: int | None = None
) -> SubjectRequest:
    """Ask, note it for the clock, and write to the person.

    Raises RoleMayNotDecide, FeeNotAllowed, FeeIncomplete and what the move itself raises.
    """
    require_case_worker(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        _check(asking, subject_request)
        moved = perform(
            subject_request_id=subject_request_id,
            move=Move.ASK_PERSON,
            by=by,
            at=at,
            reason=asking.words,
            expected_version=expected_version,
        )
        asked = AskedQuestion.objects.create(
            subject_request=moved,
            topic=asking.topic.value,
            words=asking.words.strip(),
            amount=asking.amount,
            currency=asking.currency,
            asked_at=at,
            is_counted=_is_counted(asking, moved),
            clock_reason=asking.clock_reason.strip(),
        )
        if asked.is_counted:
            note_event(moved, kind=ASKED[asking.topic], at=at)
        if asked.clock_reason:
            record(event="request.clock_stopped", target=moved, by=by, at=at)
        notice = Notice.FEE_ASKED if asked.is_fee else Notice.QUESTION_ASKED
        stops = asked.is_counted and effect_on(moved, asking.topic).moves_date
        context = {"portal_url": portal_link(), "asked": asked, "stops": stops}
        write_message(notice, subject_request=moved, at=at, context=context, enclosed=_what_is_asked(asked))
        return locked(subject_request_id)


def answer_question(*, subject_request_id: UUID, answer: str, by: Actor, at: datetime) -> SubjectRequest:
    """Take the answer to a question, from the person or entered by staff. Raises NothingAsked, AnswerMissing."""
    with transaction.atomic():
        asked = open_question(locked(subject_request_id))
        if asked.is_fee or not answer.strip():
            raise AnswerMissing("Write your answer." if not asked.is_fee else "A fee is paid, not answered.")
        _end(asked, Ending.ANSWERED, at=at, answer=answer.strip())
        return _go_on(asked, EventType.CLARIFICATION_RECEIVED, by=by, at=at)


def say_paid(*, subject_request_id: UUID, by: Actor, at: datetime) -> AskedQuestion:
    """Keep that the person says the fee is paid; the clock waits until staff have seen it. Raises NothingAsked."""
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        asked = open_question(subject_request)
        if not asked.is_fee:
            raise NothingAsked("No fee was asked for.")
        if asked.said_paid_at is None:
            asked.said_paid_at = at
            asked.save(update_fields=["said_paid_at"])
            record(event="request.said_paid", target=subject_request, by=by, at=at)
        return asked


def record_fee_paid(*, subject_request_id: UUID, by: Actor, at: datetime) -> SubjectRequest:
    """Staff have seen the money. Raises RoleMayNotDecide, NothingAsked."""
    require_case_worker(by)
    with transaction.atomic():
        subject_request = locked(subject_request_id)
        asked = open_question(subject_request)
        if not asked.is_fee:
            raise NothingAsked("No fee was asked for.")
        _end(asked, Ending.PAID, at=at)
        record(event="request.fee_paid", target=subject_request, by=by, at=at)
        return _go_on(asked, EventType.FEE_PAID, by=by, at=at)


def go_on_without_answer(*, subject_request_id: UUID, reason: str, by: Actor, at: datetime) -> SubjectRequest:
    """Go on although nothing came; the clock stays as it is. Raises RoleMayNotDecide, ReasonMissing, NothingAsked."""
    require_case_worker(by)
    words = require_reason(reason)
    with transaction.atomic():
        asked = open_question(locked(subject_request_id))
        _end(asked, Ending.WENT_ON, at=at)
        return _go_on(asked, DROPPED[Topic(asked.topic)], by=by, at=at, reason=words)


def open_question(subject_request: SubjectRequest) -> AskedQuestion:
    """Return the question that waits for an answer. Raises NothingAsked."""
    asked: AskedQuestion | None = subject_request.questions.filter(ended_at=None).first()
    if asked is None or subject_request.is_closed:
        raise NothingAsked("No question waits for an answer.")
    return asked


def effect_on(subject_request: SubjectRequest, topic: Topic) -> QuestionEffect:
    """Return what a question would do to this clock; an appeal's stops for nothing."""
    return question_effect(
        regime=subject_request.regime,
        right=subject_request.right,
        topic=topic,
        is_appeal=subject_request.link == Link.APPEAL,
    )


def _is_counted(asking: Asking, subject_request: SubjectRequest) -> bool:
    """The safe choice is a clock that runs: the EDPB tolerates a pause, which Art. 12(3) GDPR itself does not know."""
    effect = effect_on(subject_request, asking.topic)
    return bool(asking.clock_reason.strip()) or not effect.only_with_reason


def _check(asking: Asking, subject_request: SubjectRequest) -> None:
    require_reason(asking.words)
    law = jurisdiction(subject_request.regime)
    if asking.topic is not Topic.FEE:
        if asking.amount is not None or asking.currency:
            raise FeeIncomplete("A question has no price.")
        return
    if not law.fees.may_charge:
        raise FeeNotAllowed(f"{capital(law.short_name)} lets nothing be charged: {law.fees.rule}.")
    if asking.amount is None or asking.amount <= 0 or len(asking.currency) != 3:
        raise FeeIncomplete("Enter the amount of the fee and its currency.")


def _what_is_asked(asked: AskedQuestion) -> list[Block]:
    """The question itself stands in the letter and on the page, and never in a mail."""
    with translation.override(asked.subject_request.language):
        heading = _("Why we ask for a fee") if asked.is_fee else _("Our question")
    return [Heading(heading), *blocks_of(asked.words)]


def _end(asked: AskedQuestion, ending: Ending, *, at: datetime, answer: str = "") -> None:
    asked.ending, asked.ended_at, asked.answer = ending, at, answer
    asked.save(update_fields=["ending", "ended_at", "answer"])


def _go_on(
    asked: AskedQuestion, kind: EventType, *, by: Actor, at: datetime, reason: str = ""
) -> SubjectRequest:
    moved = perform(
        subject_request_id=asked.subject_request_id, move=Move.TAKE_ANSWER, by=by, at=at, reason=reason
    )
    if asked.is_counted:
        note_event(moved, kind=kind, at=at)
    return locked(asked.subject_request_id)
