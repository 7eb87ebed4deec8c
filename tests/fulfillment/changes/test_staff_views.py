"""The pages of a deletion: its dry run, its approval, its result, and what the person sees of it."""

from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from requests_app.accounts.permissions import PORTAL_SESSION_KEY
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.portal.sessions import UNTIL_KEY
from tests.desk import signed_in
from tests.factories import a_request_in, piet, rosa
from tests.fulfillment.changes.shop import (
    STRANGERS,
    checked_deletion,
    connect,
    end_all,
    erasing,
    fresh,
    now_holds,
    propose,
    search,
    waiting,
)

pytestmark = pytest.mark.django_db


def _dry_run(asked: SubjectRequest) -> str:
    return reverse("changes:dry_run", args=[asked.reference])


def _words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def _portal(asked: SubjectRequest) -> str:
    client = Client()
    session = client.session
    session[PORTAL_SESSION_KEY] = asked.reference
    session[UNTIL_KEY] = (timezone.now() + timedelta(minutes=5)).timestamp()
    session.save()
    return _words(client.get(reverse("portal:status")))


def _ticked(asked: SubjectRequest, **more: str) -> dict[str, str]:
    return {"read": "on", "version": str(fresh(asked).version), **more}


def test_the_dry_run_counts_and_says_what_stays_and_why() -> None:
    connect()
    asked = checked_deletion()
    client = signed_in(rosa())
    answer = client.get(reverse("findings:findings", args=[asked.reference]), follow=True)
    page = _words(answer)
    assert "Nothing has been changed." in page
    assert "A law obliges us to keep these data. (Art. 17(3)(b))" in page
    assert "10 years (tax law)" in page
    assert "Hosting providers" in page
    assert "ada@example.org" not in page


def test_it_is_proposed_from_there_and_approved_by_another_with_the_reference_typed() -> None:
    connect()
    asked = checked_deletion(at=timezone.now())
    worker, approver = signed_in(rosa()), signed_in(piet())
    assert worker.post(_dry_run(asked), {"version": str(asked.version)}).status_code == 422
    assert worker.post(_dry_run(asked), _ticked(asked)).status_code == 302
    assert fresh(asked).state == S.AWAITING_APPROVAL
    assert "Your role does not allow this" in _words(worker.get(_dry_run(asked)))

    page = _words(approver.get(_dry_run(asked)))
    assert "Type the reference to confirm" in page
    assert "The legal date does not move." in page
    wrong = approver.post(_dry_run(asked), _ticked(asked, identity_seen="on", typed="OM-2222-2222"))
    assert wrong.status_code == 400
    assert "Type the reference of this request" in _words(wrong)
    assert fresh(asked).state == S.AWAITING_APPROVAL
    approver.post(_dry_run(asked), _ticked(asked, identity_seen="on", typed=asked.reference))
    assert fresh(asked).state == S.WAITING_PERIOD


def test_whoever_looked_at_an_older_state_is_told() -> None:
    connect()
    asked = checked_deletion()
    stale = _ticked(asked)
    propose(asked)
    answer = signed_in(piet()).post(
        _dry_run(asked), {**stale, "identity_seen": "on", "typed": asked.reference}
    )
    assert answer.status_code == 409
    assert fresh(asked).state == S.AWAITING_APPROVAL


def test_another_right_has_no_dry_run() -> None:
    asked = a_request_in(S.IN_REVIEW)
    assert signed_in(rosa()).get(_dry_run(asked)).status_code == 404
    result = reverse("changes:result", args=[asked.reference])
    assert signed_in(rosa()).get(result).status_code == 404


def test_the_confirm_page_of_every_move_leads_to_the_pages_of_its_own() -> None:
    connect()
    asked = checked_deletion()
    for name in ("propose_deletion", "approve_deletion"):
        answer = signed_in(rosa()).get(reverse("review:move", args=[asked.reference, name]))
        assert answer.headers["Location"] == _dry_run(asked)


def test_a_deletion_that_waits_for_a_copy_says_so_to_staff() -> None:
    connect()
    asked = waiting()
    copy = a_request_in(S.IN_REVIEW, right="access")
    SubjectRequest.objects.filter(pk=copy.pk).update(submission=asked.submission)
    page = _words(signed_in(rosa()).get(reverse("review:case", args=[asked.reference])))
    assert "the copy is delivered, then the deletion begins" in page
    assert copy.reference in page
    assert "We hand you your copy first" in _portal(asked)


def test_nobody_is_promised_a_day_for_a_deletion_that_their_copy_holds_up() -> None:
    connect()
    asked, tomorrow = waiting(), timezone.now() + timedelta(days=1)
    due_on = (tomorrow + timedelta(days=9)).date()
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=tomorrow, response_due_on=due_on)
    assert "The deletion begins on" in _portal(asked)
    copy = a_request_in(S.IN_REVIEW, right="access")
    SubjectRequest.objects.filter(pk=copy.pk).update(submission=asked.submission)
    page = _portal(asked)
    assert "We hand you your copy first" in page
    assert "The deletion begins on" not in page


def test_the_result_names_what_is_left_and_asks_for_a_reason() -> None:
    connect()
    asked = erasing()
    end_all(asked)
    search(asked)
    url = reverse("changes:result", args=[asked.reference])
    client = signed_in(rosa())
    page = _words(client.get(url))
    assert "1 record is left" in page
    assert "Carry it out again" in page
    version = {"version": str(fresh(asked).version)}
    refused = client.post(url, version)
    assert refused.status_code == 409
    assert "Something is left" in _words(refused)
    client.post(url, {**version, "reason": "The tape is overwritten in May."})
    assert (fresh(asked).state, fresh(asked).outcome) == (S.COMPLETED, "partly")


def test_a_clean_result_is_completed_without_words_and_the_person_gets_the_certificate() -> None:
    shop = connect()
    asked = erasing()
    end_all(asked)
    now_holds(shop, people=STRANGERS)
    search(asked)
    client = signed_in(rosa())
    url = reverse("changes:result", args=[asked.reference])
    assert "Nothing is left that should be gone" in _words(client.get(url))
    client.post(url, {"version": str(fresh(asked).version)})
    page = _portal(asked)
    assert "Certificate of deletion" in page
    assert "1 record was deleted." in page
    assert "Invoices" in page
    assert "10 years (tax law)" in page
    mail = asked.messages.get(notice="deletion_done")
    assert "Invoices" not in mail.text


def test_the_person_reads_what_will_be_deleted_and_can_stop_it_there() -> None:
    connect()
    asked = waiting()
    page = _portal(asked)
    assert "1 record will be deleted." in page
    assert "Stop the deletion" in page
    perform(
        subject_request_id=asked.pk,
        move=Move.WITHDRAW,
        by=Actor.subject(asked.reference),
        at=asked.waits_until - timedelta(hours=1),
    )
    assert "Stop the deletion" not in _portal(asked)


def test_an_opened_collection_speaks_of_keeping_and_deleting_and_is_gone_afterwards() -> None:
    shop = connect()
    asked = checked_deletion()
    finding = asked.runs.get().tasks.get().findings.get(collection="people")
    url = reverse("findings:finding", args=[asked.reference, finding.pk])
    page = _words(signed_in(rosa()).get(url))
    assert "Nothing is deleted by saving." in page
    assert "ada.home@example.net" in page
    asked = _through(asked, shop)
    after = signed_in(rosa()).get(url)
    assert after.status_code == 410
    assert "deleted with the request" in _words(after)


def _through(asked: SubjectRequest, shop: object) -> SubjectRequest:
    perform(
        subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=_later(asked)
    )
    return fresh(asked)


def _later(asked: SubjectRequest) -> datetime:
    return asked.state_since + timedelta(hours=1)


def test_the_search_says_that_it_changes_nothing() -> None:
    connect()
    asked = a_request_in(S.IN_REVIEW, right="deletion")
    page = _words(signed_in(rosa()).get(reverse("runs:plan", args=[asked.reference])))
    assert "this is the dry run" in page
    asked = erasing()
    end_all(asked)
    page = _words(signed_in(rosa()).get(reverse("runs:sources", args=[asked.reference])))
    assert "The second search" in page
