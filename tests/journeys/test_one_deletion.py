"""The second story whole: form, mail, dry run, second person, waiting period, a task by hand, proof, certificate."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from fulfillment.changes.models import ChangeTask
from omne_dsar.demo.accounts import ANA, PIET, ensure_staff
from omne_dsar.demo.journey.browser import Browser
from omne_dsar.demo.journey.people import Person, StaffMember
from requests_app.audit.selectors import history_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState
from tests.invariants import check_invariants
from tests.journeys.conftest import OpenedPost
from tests.journeys.sweeping import sweep_until_in
from tests.mailbox import Mailbox, text_of
from tests.sources import change_shop, connect_shop, shop_rows
from tests.waiting import wait_until
from tests.worker import RealWorker

STORY = [
    "request.received",
    "request.identity_confirmed",
    "request.approved",
    "request.search_finished",
    "request.deletion_proposed",
    "request.deletion_approved",
    "request.execution_begun",
    "change.asked",
    "change.done",
    "request.execution_finished",
    "request.verification_finished",
    "request.carried_out",
]


class Ada(Person):
    """Ada wants her information deleted."""

    def ask(self) -> str:
        """Go through the form, whatever it asks beside the right."""
        browser = self.browser.open("/ask/who/")
        browser.submit({"who": "me"}).submit({"place": self.place})
        browser.submit({"rights": "deletion"}).submit({"name": self.name, "email": self.email})
        for _page in range(6):
            found = re.search(r"OM-[0-9A-Z]{4}-[0-9A-Z]{4}", browser.text)
            if found:
                self.reference = found[0]
                return self.reference
            browser.submit({})
        raise AssertionError(f"{browser.path} shows no reference.")


def _waited(asked: SubjectRequest) -> None:
    """The waiting period is over: what a week does, done by the test."""
    SubjectRequest.objects.filter(pk=asked.pk).update(waits_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_one_deletion_from_the_form_to_the_certificate(
    transactional_db: None, live_server: LiveServer, worker: RealWorker, mailbox: Mailbox, post: OpenedPost
) -> None:
    ensure_staff()
    shop = connect_shop()
    ada = Ada(live_server.url, post, name="Ada Åström", email="ada@example.org", place="PT")
    reference = ada.ask()
    ada.confirm()

    ana = StaffMember(live_server.url, ANA, reference=reference)
    ana.approve_search()
    ana.wait_for_stage("Reviewing findings")
    ana.browser.open(f"{ana.case}dry-run/").submit({"read": "on"})
    piet = StaffMember(live_server.url, PIET, reference=reference)
    piet.browser.open(f"{piet.case}dry-run/").submit(
        {"read": "on", "identity_seen": "on", "typed": reference}
    )
    asked = by_reference(reference)
    assert asked.state == RequestState.WAITING_PERIOD

    wait_until(lambda: _link_to_stop(mailbox))
    stop = Browser(live_server.url).open(_link_to_stop(mailbox).removeprefix(live_server.url))
    assert "Stop this deletion?" in stop.text
    assert by_reference(reference).state == RequestState.WAITING_PERIOD

    _waited(asked)
    sweep_until_in(RequestState.EXECUTING, asked)
    task = ChangeTask.objects.get(subject_request=asked)
    assert task.instructions.rows == 4
    change_shop(
        shop, rows={name: rows[1:] if name == "customers" else [] for name, rows in shop_rows().items()}
    )
    ana.browser.open(f"/staff/changes/{task.pk}/").submit({"ending": "done", "records_changed": "4"})
    sweep_until_in(RequestState.CONFIRMING, asked)
    ana.browser.open(f"{ana.case}result/").submit({}, action="/result/")
    asked = by_reference(reference)
    assert (asked.state, asked.outcome) == (RequestState.COMPLETED, "granted")

    assert "4 records were deleted." in ada.browser.open("/requests/yours/").text
    recorded = [line.event for line in history_of(asked)][::-1]
    assert [event for event in recorded if event in STORY] == STORY
    wait_until(
        lambda: any("Our answer" in str(mail["Subject"]) for mail in mailbox.sent_to("ada@example.org"))
    )
    check_invariants(mailbox)


def _link_to_stop(mailbox: Mailbox) -> str:
    for mail in mailbox.sent_to("ada@example.org"):
        found = re.search(r"https?://\S+/stop/([0-9a-f]{64})", text_of(mail))
        if found:
            return f"/stop/{found[1]}"
    return ""
