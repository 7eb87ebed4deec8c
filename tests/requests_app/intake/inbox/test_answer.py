"""Our automatic answer: into the thread, or held, and never to a machine."""

import pytest

from requests_app.correspondence.held import let_go
from requests_app.correspondence.models import Message
from requests_app.intake.inbox.limits import OVERALL, take_answer
from requests_app.intake.inbox.models import Answer, MailOutcome
from requests_app.leases.models import WorkState
from tests.factories import NOON
from tests.requests_app.intake.inbox.mails import ORDINARY, a_mail, taken_in

pytestmark = pytest.mark.django_db


def test_the_confirmation_goes_into_the_thread_of_the_mail_and_repeats_nothing_of_it() -> None:
    email = taken_in(a_mail(message_id="<first@example.org>", subject="Secret subject"))
    message = Message.objects.get()
    assert email.answer == Answer.WRITTEN
    assert message.answers == ["<first@example.org>"]
    assert message.is_automatic_answer
    assert "Secret subject" not in message.subject + message.text + message.html


def test_ordinary_mail_has_no_answer() -> None:
    assert taken_in(a_mail(ORDINARY)).answer == Answer.NONE
    assert not Message.objects.exists()


def test_a_request_through_a_service_for_bulk_mail_is_a_request_whose_answer_waits() -> None:
    email = taken_in(a_mail(headers=[("List-Unsubscribe", "<mailto:out@bulk.example>")]))
    message = Message.objects.get()
    assert (email.outcome, email.answer, email.answer_reason) == (MailOutcome.CREATED, Answer.HELD, "list")
    assert message.is_held
    let_go(message, at=NOON)
    message.refresh_from_db()
    assert message.work_state == WorkState.WAITING


@pytest.mark.parametrize(
    ("headers", "mail_from", "reason"),
    [
        ([], "", "no_return"),
        ([("Auto-Submitted", " Auto-Generated; x=y")], "ada@example.org", "automatic"),
        ([("X-Loop", "me")], "ada@example.org", "automatic"),
        ([("Feedback-ID", "x")], "ada@example.org", "list"),
        ([("Precedence", "Bulk")], "ada@example.org", "bulk"),
        ([("X-Auto-Response-Suppress", "DR, OOF")], "ada@example.org", "suppressed"),
        ([], "no-reply@example.org", "robot"),
    ],
)
def test_what_a_machine_sent_is_not_answered(
    headers: list[tuple[str, str]], mail_from: str, reason: str
) -> None:
    email = taken_in(a_mail(headers=headers), mail_from=mail_from)
    assert (email.answer, email.answer_reason) == (Answer.HELD, reason)


def test_auto_submitted_no_is_a_person_however_it_is_written() -> None:
    assert taken_in(a_mail(headers=[("Auto-Submitted", " No ; by=hand")])).answer == Answer.WRITTEN


def test_one_address_has_three_answers_a_day() -> None:
    answers = [taken_in(a_mail(), minutes=number).answer for number in range(5)]
    assert answers == [Answer.WRITTEN] * 3 + [Answer.HELD] * 2
    assert taken_in(a_mail(), minutes=60 * 24 + 5).answer == Answer.WRITTEN


def test_one_domain_has_ten_answers_an_hour() -> None:
    found = []
    for number in range(12):
        sender = f"p{number}@example.org"
        found.append(taken_in(a_mail(sender=sender), mail_from=sender, minutes=number).answer_reason)
    assert found == [""] * 10 + ["limit_of_domain"] * 2


def test_everybody_together_has_two_hundred_an_hour_and_what_is_refused_uses_up_nothing() -> None:
    for number in range(OVERALL):
        assert take_answer(f"ada@d{number}.example", at=NOON) is None
    assert take_answer("ada@late.example", at=NOON) == "limit_of_all"
    for _ in range(10):
        take_answer("ada@late.example", at=NOON)
    assert take_answer("ada@late.example", at=NOON.replace(hour=NOON.hour + 2)) is None
