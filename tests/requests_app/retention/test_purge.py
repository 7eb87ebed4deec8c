"""A request is forgotten on the day of its law or our policy, whole, once, and not while something holds it."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import formats

from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.deadlines.calendar import add_months
from requests_app.decisions.appeal import open_appeal
from requests_app.errors import BadInput
from requests_app.identity.confirm import send_new_code
from requests_app.identity.models import MailedCode
from requests_app.jurisdictions.load import RightNotGranted
from requests_app.lifecycle.keeping import findings_kept_until, kept_until
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.selectors import requests_of
from requests_app.lifecycle.standing_holds import Lasting, looked_at_again
from requests_app.lifecycle.states import RequestState as S
from requests_app.retention import due
from requests_app.retention.base import Stage
from requests_app.retention.due import due_requests
from requests_app.retention.hold import (
    RecordHeldAlready,
    RecordPurged,
    end_record_holds,
    hold_record,
    lift_record_hold,
    prolong_record_hold,
)
from requests_app.retention.models import PurgeHold
from requests_app.retention.purge import purge_request
from requests_app.retention.rehearse import rehearse
from tests.desk import signed_in
from tests.factories import a_request_in, ada_asks_for, rosa

pytestmark = pytest.mark.django_db


@pytest.fixture
def withdrawn() -> SubjectRequest:
    return a_request_in(S.WITHDRAWN)


def after(subject_request: SubjectRequest, *, months: int = 0, days: int = 0) -> datetime:
    assert subject_request.closed_at is not None
    return subject_request.closed_at + timedelta(days=months * 31 + days)


def fresh(subject_request: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=subject_request.pk)


def test_nothing_goes_before_its_day(withdrawn: SubjectRequest) -> None:
    day = kept_until(withdrawn)
    assert day is not None
    assert purge_request(withdrawn.pk, Stage.RECORD, at=after(withdrawn, days=29)) is None
    assert list(due_requests(Stage.RECORD, at=after(withdrawn, months=23))) == []
    (found,) = due_requests(Stage.RECORD, at=after(withdrawn, months=25))
    assert (found.day, found.held) == (day, "")


def test_the_person_goes_and_the_figures_and_the_history_stay(withdrawn: SubjectRequest) -> None:
    before = AuditEntry.objects.filter(target_id=str(withdrawn.pk)).count()
    counts = purge_request(withdrawn.pk, Stage.RECORD, at=after(withdrawn, months=25))
    assert counts is not None
    assert counts["request"] >= 1
    left = fresh(withdrawn)
    assert (left.subject_name, left.subject_email, left.subject_email_index, left.details) == ("", "", "", "")
    assert (left.particulars, left.submission.answers) == ({}, {})
    assert (left.right, left.regime, left.state) == (withdrawn.right, withdrawn.regime, S.WITHDRAWN)
    assert (left.received_at, left.response_due_on) == (withdrawn.received_at, withdrawn.response_due_on)
    assert left.is_purged
    assert not Message.objects.exists()
    assert not MailedCode.objects.exists()
    assert list(requests_of("ada@example.org")) == []
    history = AuditEntry.objects.filter(target_id=str(withdrawn.pk))
    assert history.count() == before + 1
    facts = json.loads(history.get(event="request.purged").facts)
    assert facts == {"kinds": counts, "things": sum(counts.values())}


def test_a_second_time_finds_nothing(withdrawn: SubjectRequest) -> None:
    at = after(withdrawn, months=25)
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at)
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at) is None
    assert list(due_requests(Stage.RECORD, at=at)) == []
    assert AuditEntry.objects.filter(event="request.purged").count() == 1


def test_what_arrived_goes_with_the_last_request_that_it_opened() -> None:
    first, second = ada_asks_for("access", "deletion")
    for each in (first, second):
        perform(
            subject_request_id=each.pk,
            move=Move.WITHDRAW,
            by=Actor.subject(each.reference),
            at=each.received_at,
        )
    first, second = fresh(first), fresh(second)
    first.submission.answers = {"said": "something"}
    first.submission.save()
    at = after(first, months=25)
    assert purge_request(first.pk, Stage.RECORD, at=at)
    assert fresh(second).submission.answers == {"said": "something"}
    assert purge_request(second.pk, Stage.RECORD, at=at)
    assert fresh(second).submission.answers == {}


def test_what_a_person_holds_stays_and_says_so_until_it_is_lifted(withdrawn: SubjectRequest) -> None:
    at, by = after(withdrawn, months=25), Actor.staff(rosa())
    hold = hold_record(subject_request_id=withdrawn.pk, why="Court, 12 C 3/27", by=by, at=at)
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at) is None
    assert purge_request(withdrawn.pk, Stage.FINDINGS, at=at) is None
    assert {each.why for each in rehearse(at=at).held} == {"The whole record: on hold without a last day."}
    lift_record_hold(hold_id=hold.pk, by=by, at=at)
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at)
    hold.refresh_from_db()
    assert hold.why == ""
    with pytest.raises(RecordPurged):
        hold_record(subject_request_id=withdrawn.pk, why="Too late", by=by, at=at)


def test_a_hold_with_a_last_day_ends_by_itself_once_that_day_is_over(withdrawn: SubjectRequest) -> None:
    at, by = after(withdrawn, months=25), Actor.staff(rosa())
    last = at.date() + timedelta(days=10)
    hold_record(subject_request_id=withdrawn.pk, why="Court", lasting=Lasting(last), by=by, at=at)
    (held,) = {each.why for each in rehearse(at=at).held}
    assert held == f"The whole record: on hold until {formats.date_format(last, 'j F Y')}."
    assert rehearse(at=at + timedelta(days=9)).held
    ahead = rehearse(at=at + timedelta(days=12))
    assert (ahead.held, ahead.requests) == ((), (withdrawn.reference,))
    assert end_record_holds(at=at + timedelta(days=9)) == 0
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at + timedelta(days=10)) is None
    assert end_record_holds(at=at + timedelta(days=12)) == 1
    assert AuditEntry.objects.filter(event="request.purge_hold_ended").count() == 1
    assert purge_request(withdrawn.pk, Stage.RECORD, at=at + timedelta(days=12))


def test_a_hold_that_is_over_does_not_stand_in_the_way_of_another(withdrawn: SubjectRequest) -> None:
    at, by = after(withdrawn, months=1), Actor.staff(rosa())
    first = hold_record(
        subject_request_id=withdrawn.pk, why="Court", lasting=Lasting(at.date()), by=by, at=at
    )
    with pytest.raises(RecordHeldAlready):
        hold_record(subject_request_id=withdrawn.pk, why="Court", by=by, at=at)
    second = hold_record(subject_request_id=withdrawn.pk, why="Again", by=by, at=at + timedelta(days=2))
    first.refresh_from_db()
    assert first.lifted_at is not None
    assert second.look_again_on == add_months((at + timedelta(days=2)).date(), 6)


def test_nobody_holds_for_ever_unseen(withdrawn: SubjectRequest) -> None:
    at, by = after(withdrawn, months=1), Actor.staff(rosa())
    for days, words in ((-1, "over already"), (0, "lies ahead"), (200, "within 6 months")):
        day = at.date() + timedelta(days=days)
        lasting = Lasting(until=day) if days < 0 else Lasting(look_again_on=day)
        with pytest.raises(BadInput, match=words):
            hold_record(subject_request_id=withdrawn.pk, why="Court", lasting=lasting, by=by, at=at)
    hold = hold_record(subject_request_id=withdrawn.pk, why="Court", by=by, at=at)
    look = add_months(at.date(), 6)
    assert looked_at_again([withdrawn.pk], at=at) == {withdrawn.pk: look}
    later = at + timedelta(days=100)
    prolong_record_hold(hold_id=hold.pk, lasting=Lasting(), by=by, at=later)
    assert looked_at_again([withdrawn.pk], at=at) == {withdrawn.pk: add_months(later.date(), 6)}
    PurgeHold.objects.update(look_again_on=None)
    assert looked_at_again([withdrawn.pk], at=at) == {withdrawn.pk: look}, "one of before that rule"


def test_what_an_open_appeal_is_about_stays() -> None:
    refused = a_request_in(S.REFUSED)
    at = after(refused, months=25)
    appeal = open_appeal(
        subject_request_id=refused.pk, reason="It is mine.", by=Actor.subject(refused.reference), at=at
    )
    assert purge_request(refused.pk, Stage.RECORD, at=at) is None
    why = {each.reference: each.why for each in rehearse(at=at).held}
    assert why[refused.reference].startswith(appeal.reference)


def test_some_laws_keep_what_was_found_as_long_as_the_record() -> None:
    usual, canada = a_request_in(S.WITHDRAWN), a_request_in(S.WITHDRAWN, place="CA")
    assert canada.regime == "ca-pipeda"
    assert findings_kept_until(canada) == kept_until(canada)
    assert usual.closed_at is not None
    assert findings_kept_until(usual) == usual.closed_at.date() + timedelta(days=30)


def test_the_law_of_the_case_says_how_long() -> None:
    indian = a_request_in(S.WITHDRAWN, place="IN")
    day = kept_until(indian)
    assert day is not None
    assert indian.closed_at is not None
    assert day.year == indian.closed_at.year + 1


def test_a_purged_request_sends_no_codes_and_opens_no_page(withdrawn: SubjectRequest, client: Client) -> None:
    at = after(withdrawn, months=25)
    purge_request(withdrawn.pk, Stage.RECORD, at=at)
    send_new_code(reference=withdrawn.reference, at=at)
    assert not Message.objects.exists()
    session = client.session
    session["portal_reference"], session["portal_until"] = withdrawn.reference, 4e9
    session.save()
    assert client.get("/requests/yours/").status_code in (302, 403)


def test_staff_find_under_its_reference_that_it_was_purged(withdrawn: SubjectRequest) -> None:
    purge_request(withdrawn.pk, Stage.RECORD, at=after(withdrawn, months=25))
    desk = signed_in(rosa())
    page = desk.get(f"/staff/requests/{withdrawn.reference}/")
    assert page.status_code == 200
    assert "Purged on" in page.content.decode()
    assert "Ada" not in page.content.decode()
    for part in ("identity", "messages", "clock", "items", "changes", "audit"):
        assert desk.get(f"/staff/requests/{withdrawn.reference}/{part}/").status_code == 404, part
    assert desk.get("/staff/queue/?view=all").status_code == 200


def test_a_rehearsal_changes_nothing(withdrawn: SubjectRequest) -> None:
    at = after(withdrawn, months=25)
    entries = AuditEntry.objects.count()
    found = rehearse(at=at)
    assert found.requests == (withdrawn.reference,)
    lines = {line.key: line for line in found.lines}
    assert lines["messages"].references == [withdrawn.reference]
    assert lines["messages"].count == Message.objects.count() > 0
    assert not fresh(withdrawn).is_purged
    assert AuditEntry.objects.count() == entries
    counts = purge_request(withdrawn.pk, Stage.RECORD, at=at)
    assert counts is not None
    assert {key: line.count for key, line in lines.items() if key in counts} == counts


def test_what_no_law_says_anything_about_any_more_goes_by_our_own_period(
    withdrawn: SubjectRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_subject_request: SubjectRequest) -> None:
        raise RightNotGranted("The law was changed.")

    monkeypatch.setattr(due, "kept_until", gone)
    assert purge_request(withdrawn.pk, Stage.RECORD, at=after(withdrawn, months=23)) is None
    assert purge_request(withdrawn.pk, Stage.RECORD, at=after(withdrawn, months=25))
