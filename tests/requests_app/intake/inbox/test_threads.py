"""Which mails come into whose request: by a token or an id of ours, and by nothing that anybody could write."""

import pytest
from pytest_django import Settings

from requests_app.correspondence.models import Message
from requests_app.correspondence.reply_addresses import reply_address, request_of, revoke
from requests_app.intake.inbox.models import MailOutcome
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON
from tests.requests_app.intake.inbox.mails import THANKS, a_mail, bounce_of, taken_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(settings: Settings) -> SubjectRequest:
    """A request that came by mail, of an installation whose mail server takes addresses with a plus."""
    settings.MAIL_REPLY_TOKENS = True
    taken_in(a_mail())
    return SubjectRequest.objects.get()


def test_an_answer_with_a_token_joins_its_request(asked: SubjectRequest) -> None:
    to = reply_address(asked)
    email = taken_in(a_mail(THANKS, to=to), rcpt_to=(to,), minutes=5)
    assert (email.outcome, email.reason) == (MailOutcome.JOINED, "reply_address")
    assert (email.subject_request, email.flags) == (asked, [])


def test_a_token_is_found_in_any_case_and_in_what_servers_add(asked: SubjectRequest) -> None:
    headers = [("Delivered-To", reply_address(asked).upper())]
    email = taken_in(a_mail(THANKS, headers=headers), minutes=5)
    assert email.subject_request == asked


def test_an_answer_to_a_mail_of_ours_joins_by_its_id(asked: SubjectRequest) -> None:
    ours = Message.objects.get()
    headers = [("References", f"<x@example.org>,{ours.rfc_message_id}")]
    email = taken_in(a_mail(THANKS, headers=headers), minutes=5)
    assert (email.outcome, email.reason, email.subject_request) == (
        MailOutcome.JOINED,
        "own_message_id",
        asked,
    )


def test_a_stranger_with_a_stolen_token_comes_in_marked_and_gets_nothing(asked: SubjectRequest) -> None:
    before, to = Message.objects.count(), reply_address(asked)
    email = taken_in(
        a_mail("Send everything to me instead.", sender="Eve <eve@evil.example>", to=to),
        mail_from="eve@evil.example",
        rcpt_to=(to,),
        minutes=5,
    )
    asked.refresh_from_db()
    assert (email.outcome, email.flags) == (MailOutcome.JOINED, ["stranger"])
    assert Message.objects.count() == before
    assert (asked.subject_email, asked.identity_level) == ("ada@example.org", IdentityLevel.NONE)
    assert asked.state == RequestState.AWAITING_IDENTITY


def test_a_reference_in_the_subject_joins_nothing(asked: SubjectRequest) -> None:
    email = taken_in(a_mail(THANKS, subject=f"Re: {asked.reference}"), minutes=5)
    assert email.subject_request is None
    assert email.outcome != MailOutcome.JOINED


def test_a_joined_mail_that_asks_for_something_else_says_so(asked: SubjectRequest) -> None:
    to = reply_address(asked)
    text = "And please delete my account and erase all my personal data under Article 17 GDPR."
    email = taken_in(a_mail(text, to=to), rcpt_to=(to,), minutes=5)
    assert (email.outcome, email.flags) == (MailOutcome.JOINED, ["asks_for_more"])


def test_tokens_of_two_threads_are_for_a_person(asked: SubjectRequest) -> None:
    taken_in(a_mail(sender="ben@example.org"), mail_from="ben@example.org", minutes=1)
    both = tuple(reply_address(each) for each in SubjectRequest.objects.all())
    email = taken_in(a_mail(THANKS, to=", ".join(both)), rcpt_to=both, minutes=5)
    assert (email.outcome, email.reason) == (MailOutcome.TRIAGE, "several_threads")
    assert email.subject_request is None


def test_a_token_that_was_taken_back_lets_nobody_in_and_the_next_one_differs(asked: SubjectRequest) -> None:
    old = reply_address(asked)
    revoke(asked, at=NOON)
    new = reply_address(asked)
    assert old != new
    assert request_of(old.partition("+r.")[2].partition("@")[0], at=NOON) is None
    assert request_of(new.partition("+r.")[2].partition("@")[0], at=NOON) == asked


def test_a_mail_of_ours_that_comes_back_for_good_is_for_a_person(asked: SubjectRequest) -> None:
    ours = Message.objects.get()
    Message.objects.filter(pk=ours.pk).update(work_state=WorkState.DONE, sent_at=NOON)
    email = taken_in(bounce_of(ours.rfc_message_id), mail_from="", minutes=5)
    ours.refresh_from_db()
    assert (email.outcome, email.about, email.subject_request) == (MailOutcome.BOUNCE_LINKED, ours, asked)
    assert (ours.work_state, "5.1.1" in ours.last_error) == (WorkState.DEAD, True)
    assert "ada@example.org" not in ours.last_error


def test_a_mail_of_ours_that_is_only_late_is_still_under_way(asked: SubjectRequest) -> None:
    ours = Message.objects.get()
    Message.objects.filter(pk=ours.pk).update(work_state=WorkState.DONE, sent_at=NOON)
    taken_in(bounce_of(ours.rfc_message_id, action="delayed", status="4.4.1"), mail_from="", minutes=5)
    ours.refresh_from_db()
    assert ours.work_state == WorkState.DONE


def test_an_out_of_office_is_filed_and_changes_nothing(asked: SubjectRequest) -> None:
    ours, version = Message.objects.get(), asked.version
    headers = [("In-Reply-To", ours.rfc_message_id), ("Auto-Submitted", "auto-replied")]
    email = taken_in(a_mail("I am away until Monday.", headers=headers), mail_from="", minutes=5)
    asked.refresh_from_db()
    assert (email.outcome, email.subject_request, asked.version) == (MailOutcome.AUTO_LINKED, asked, version)
    assert Message.objects.count() == 1


def test_our_own_mail_that_comes_round_is_set_aside(asked: SubjectRequest) -> None:
    ours = Message.objects.get()
    email = taken_in(a_mail(sender="info@omnesoft.com", message_id=ours.rfc_message_id), mail_from="")
    assert (email.outcome, email.reason) == (MailOutcome.SET_ASIDE, "own_mail")
    assert SubjectRequest.objects.get() == asked
