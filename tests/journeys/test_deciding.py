"""The deciding pages as a browser shows them: every part, in both widths, without script and without faults."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from requests_app.audit.actors import Actor
from requests_app.decisions.balancing import Balance, weigh_purposes
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.lifecycle.weighed import Verdict
from requests_app.roles import sync_groups
from tests.browser import PHONE, Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import a_request_in, rosa
from tests.requests_app.decisions.asking import LATER, NAME, STREET, confirm, unconfirmed, weighing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASONS = "I am a journalist, and what I look at shows who talks to me."


@pytest.fixture(autouse=True)
def roles() -> None:
    """Every role has its group."""
    sync_groups()


def _requests() -> dict[str, SubjectRequest]:
    objection = weighing("objection", {"purposes": ["research", "security"], "reasons": REASONS})
    lost = Balance(
        "security", "We stop fraud.", "A journalist.", "Everyone is safer.", Verdict.FOR_US, "legal_claims"
    )
    weigh_purposes(subject_request_id=objection.pk, balances=[lost], by=Actor.staff(rosa()), at=LATER)
    review = {"decision": "My account was closed by a score.", "view": "I was on holiday and paid late once."}
    return {
        "correction": weighing("correction", {"fields": [STREET, NAME]}),
        "correction-in-words": a_request_in(S.WEIGHING),
        "objection": objection,
        "review": weighing("automated_decision", review),
        "restriction": confirm(unconfirmed("restriction", {"ground": "claims", "what": "My tickets"})),
        "lifting": a_request_in(S.IN_FORCE),
    }


def _picture(page: Page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@in_every_look
def test_every_deciding_page_can_be_read_on_a_phone_and_at_a_desk(
    visitor: Visitor, live_server, width: int, theme: str
) -> None:
    page = visitor(width=width, theme=theme)
    cookie = signed_in(rosa()).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    found = {}
    for name, asked in _requests().items():
        page.goto(f"/staff/requests/{asked.reference}/decide/")
        found[name] = faults(page)
        _picture(page, f"{name}-{width}")
        if name == "correction":
            page.get_by_role("button", name="Decide and tell the person").click()
            expect(page.get_by_role("alert")).to_contain_text("Decide about “Street”.")
            found[f"{name}, with faults"] = faults(page)
            _picture(page, f"{name}-errors-{width}")
    assert {name: each for name, each in found.items() if each} == {}


def test_a_correction_is_decided_without_script(visitor: Visitor, live_server) -> None:
    asked = weighing("correction", {"fields": [STREET, NAME]})
    page = visitor(width=PHONE, script=False)
    cookie = signed_in(rosa()).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"/staff/requests/{asked.reference}/")
    page.get_by_role("link", name="Decide about it").click()
    street = page.get_by_role("region", name="Street")
    street.get_by_text("Correct it").click()
    # What makes no sense with the choice is put away.
    expect(street.get_by_label("Ground of the law")).to_be_hidden()
    surname = page.get_by_role("region", name="Surname")
    surname.get_by_text("Leave it as it is").click()
    surname.get_by_label("Ground of the law").select_option("not_inaccurate")
    surname.get_by_label("Why?").fill("Your passport has it so.")
    page.get_by_role("button", name="Decide and tell the person").click()
    expect(page.get_by_text("Your decisions are kept.")).to_be_visible()
    assert SubjectRequest.objects.get(pk=asked.pk).state == S.EXECUTING
