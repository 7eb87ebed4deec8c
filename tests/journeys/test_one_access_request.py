"""The first story whole: form, mail, search of three real systems, review, second person, download, proof."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from fulfillment.bundles.models import Bundle
from omne_dsar.demo.accounts import ANA, PIET, ensure_staff
from omne_dsar.demo.company.cast import NAMESAKE, STAR
from omne_dsar.demo.journey.browser import PageUnexpected
from omne_dsar.demo.journey.compare import Comparison, rows_in_bundle
from omne_dsar.demo.journey.people import Person, StaffMember
from omne_dsar.demo.scan import count_person
from requests_app.audit.selectors import history_of
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState
from tests.company import SmallCompany
from tests.invariants import check_invariants
from tests.journeys.conftest import OpenedPost
from tests.mailbox import Mailbox
from tests.worker import RealWorker


class WITHHELD:
    # The star has one of these however the dice fall.
    label, path = "Ratings", "omne_desk/satisfaction_ratings"


STORY = [
    "request.received",
    "request.identity_confirmed",
    "request.approved",
    "request.search_finished",
    "finding.withheld",
    "request.review_finished",
    "request.bundle_built",
    "request.released",
    "bundle.fetched",
    "request.completed",
]


class Preparer(StaffMember):
    """Ana, who may do everything except release what she prepared herself."""

    def withhold(self, collection: str) -> None:
        """Open one collection's records and keep it out of the copy."""
        page = self.browser.open(f"{self.case}items/")
        link = re.search(rf'href="({self.case}items/[0-9a-f-]{{36}}/)"[^>]*>[^<]*{collection}', page.text)
        assert link, f"the page of findings does not list {collection}"
        form = self.browser.open(link[1])
        reason = re.search(r'<option value="([a-z0-9_.-]+)"', form.text)
        assert reason, "the law of the request knows no ground"
        form.submit({"decision": "withhold", "reason_code": reason[1], "note": ""})

    def is_refused_the_release(self) -> bool:
        """Try to release it all the same."""
        try:
            self.release()
        except PageUnexpected:
            return "You prepared this request, so another person releases it." in self.browser.text
        return False


@pytest.mark.timeout(300)
def test_one_access_request_from_the_form_to_the_proof(
    live_server: LiveServer,
    connected_company: SmallCompany,
    worker: RealWorker,
    mailbox: Mailbox,
    post: OpenedPost,
    tmp_path: Path,
) -> None:
    ensure_staff()
    zoe = Person(
        live_server.url, post, name=f"{STAR.given} {STAR.family}", email=STAR.email, place=STAR.country
    )
    reference = zoe.ask()
    assert by_reference(reference).state == RequestState.AWAITING_IDENTITY
    zoe.confirm()

    ana = Preparer(live_server.url, ANA, reference=reference)
    ana.approve_search()
    ana.wait_for_stage("Reviewing findings")
    ana.withhold(WITHHELD.label)
    ana.finish_review()
    ana.wait_for_stage("For approval")
    assert ana.is_refused_the_release()
    assert by_reference(reference).state == RequestState.AWAITING_RELEASE
    StaffMember(live_server.url, PIET, reference=reference).release()

    copy = zoe.download(tmp_path / "copy.zip")

    _is_what_the_sources_hold(copy, connected_company)
    assert STAR.family in _text_of(copy, "data.json")
    assert NAMESAKE.email not in _text_of(copy, "data.json")
    assert "complete and unchanged" in _verdict("verify_bundle", str(copy))
    _the_story_is_recorded(reference, copy)
    assert "intact" in _verdict("verify_audit")
    check_invariants(mailbox)


def _is_what_the_sources_hold(copy: Path, company: SmallCompany) -> None:
    held = count_person(
        STAR.email,
        erp_url=company.reader_url,
        desk_file=company.desk_file,
        events_folder=company.events_folder,
    )
    expected = {f"{source}/{name}": count for source, rows in held.items() for name, count in rows.items()}
    assert expected.pop(WITHHELD.path) > 0
    found = Comparison(rows_in_bundle(copy), expected)
    assert found.differences == {}
    assert found.rows[0] > 100
    with zipfile.ZipFile(copy) as bundle:
        assert {"index.html", "report.pdf", "manifest.json", "manifest.sig"} <= set(bundle.namelist())
        assert bundle.read("report.pdf").startswith(b"%PDF-")


def _the_story_is_recorded(reference: str, copy: Path) -> None:
    subject_request = by_reference(reference)
    assert subject_request.state == RequestState.COMPLETED
    recorded = [line.event for line in history_of(subject_request)][::-1]
    assert [event for event in recorded if event in STORY] == STORY
    bundle = Bundle.objects.get(subject_request=subject_request)
    (fetch,) = bundle.fetches.all()
    assert fetch.is_complete
    assert (fetch.bytes_sent, bundle.fetch_count) == (copy.stat().st_size, 1)


def _text_of(copy: Path, name: str) -> str:
    with zipfile.ZipFile(copy) as bundle:
        return bundle.read(name).decode()


def _verdict(command: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue()
