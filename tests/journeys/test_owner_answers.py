"""Whoever answers for a source does so from link to thanks with the keyboard alone, on pages without a fault."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from fulfillment.findings.gather import search_source
from fulfillment.owners.models import OwnerTask
from fulfillment.runs.selectors import latest_run
from requests_app.lifecycle.states import RequestState
from tests.archive import code_of, connect_archive, last_link
from tests.browser import PHONE, Visitor, faults, in_every_look
from tests.factories import a_request_in
from tests.keyboard import press_enter, tab_to

# On a busy machine the browser alone takes a minute to start, which counts as a part of the first test.
pytestmark = [pytest.mark.browser, pytest.mark.timeout(400), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner() -> OwnerTask:
    """Ann Archivist is asked what the archive holds about Ada."""
    connect_archive()
    now = timezone.now()
    asked = a_request_in(RequestState.FULFILLING, at=now - timedelta(days=1))
    run = latest_run(asked)
    assert run is not None
    search_source(task_id=run.tasks.get().pk, at=now)
    return OwnerTask.objects.get()


def _open(page: Page, owner: OwnerTask) -> None:
    page.goto(reverse("owners:door", args=[last_link(owner)]))
    assert faults(page) == []
    tab_to(page, "Send me a code")
    press_enter(page)
    expect(page.get_by_role("status")).to_be_visible()
    tab_to(page, "Code")
    page.keyboard.type(code_of(owner))
    press_enter(page)
    expect(page.get_by_role("heading", name="What does Paper archive hold?")).to_be_visible()


@pytest.mark.slow
def test_records_a_mistake_and_the_answer_with_the_keyboard_alone(
    visitor: Visitor, owner: OwnerTask, tmp_path: Path
) -> None:
    wrong, right = tmp_path / "wrong.csv", tmp_path / "right.csv"
    wrong.write_text("number,email,about\nnine,ada@example.org,x\n", encoding="utf-8")
    right.write_text("number,email,about\n7,ada@example.org,Contract of 2017\n", encoding="utf-8")
    page = visitor(width=PHONE)
    _open(page, owner)
    for file in (wrong, right):
        tab_to(page, "What is in the file?")
        tab_to(page, "The file")
        page.locator("input[type=file]").first.set_input_files(file)
        tab_to(page, "Hand in the records")
        press_enter(page)
        assert faults(page) == []
        expected = "number is to be a whole number" if file == wrong else "1 record"
        expect(page.get_by_text(expected).first).to_be_visible()
    tab_to(page, "This is all that is held")
    page.keyboard.press("Space")
    tab_to(page, "Send my answer")
    press_enter(page)
    expect(page.get_by_role("heading", name="Thank you, that is all")).to_be_visible()
    owner.refresh_from_db()
    assert owner.held == "found"


@in_every_look
def test_every_page_of_an_owner_is_without_a_fault(
    visitor: Visitor, owner: OwnerTask, width: int, theme: str
) -> None:
    page = visitor(width=width, theme=theme, script=True)
    _open(page, owner)
    assert faults(page) == []
    page.get_by_role("button", name="Close the task on this computer").click()
    page.wait_for_load_state()
    assert faults(page) == []
    OwnerTask.objects.update(link_expires_at=timezone.now() - timedelta(minutes=1))
    page.goto(reverse("owners:door", args=[last_link(owner)]))
    assert faults(page) == []
    page.get_by_role("button", name="Mail a new link").click()
    page.wait_for_load_state()
    assert faults(page) == []
