"""Two members of staff carry a request from the queue to its release: in a real browser, without and with script."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from fulfillment.bundles.build import build_bundle
from fulfillment.bundles.models import Bundle
from fulfillment.findings.gather import search_source
from fulfillment.findings.models import Finding
from fulfillment.runs.finish import finish_run
from fulfillment.runs.selectors import latest_run
from omne_dsar.demo.accounts import PASSWORD, PIET, ROSA, DemoAccount, code_now, ensure_staff
from requests_app.accounts.models import StaffMember
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role, sync_groups
from tests.browser import PHONE, Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import a_request_in, rosa, staff
from tests.reviewing import look_for_others
from tests.sources import connect_shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def without_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the seconds that setting a PDF takes."""
    monkeypatch.setattr("fulfillment.bundles.formats.pdf.pdf_of", lambda html, *, beat: b"%PDF-1.7 test")


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries are counted in the shared cache."""
    cache.clear()
    sync_groups()


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def _sign_in(page: Page, account: DemoAccount) -> None:
    page.goto("/staff/")
    page.get_by_label("Work mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Continue")
    page.get_by_label("Code from your app").fill(code_now(account))
    _press(page, "Sign in")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def _let_in(page: Page, member: StaffMember, base_url: str) -> None:
    cookie = signed_in(member).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": base_url}])


def _search_every_source(subject_request: SubjectRequest) -> None:
    run = latest_run(subject_request)
    assert run is not None
    for task in run.tasks.all():
        search_source(task_id=task.pk, at=timezone.now())
    finish_run(run_id=run.pk, at=timezone.now())


def _state(subject_request: SubjectRequest) -> str:
    return SubjectRequest.objects.get(pk=subject_request.pk).state


@pytest.mark.slow
def test_from_the_queue_to_the_release_without_script(visitor: Visitor) -> None:
    ensure_staff()
    connect_shop()
    asked = a_request_in(S.IN_REVIEW, at=timezone.now() - timedelta(days=3))

    page = visitor(script=False)
    _sign_in(page, ROSA)
    _follow(page, asked.reference)
    _press(page, "Take it")
    _follow(page, "Read the plan")
    expect(page.get_by_text("What you bought.")).to_be_visible()
    _press(page, "Approve the search")
    expect(page.get_by_text("Waiting its turn")).to_be_visible()
    _search_every_source(asked)
    look_for_others(asked, at=timezone.now())
    page.reload()
    _follow(page, "Review the findings")
    _follow(page, "Orders")
    expect(page.get_by_text("order 0")).to_be_visible()
    page.locator("fieldset").get_by_text("Withhold", exact=True).click()
    page.get_by_label("Reason").select_option(index=1)
    _press(page, "Save")
    expect(page.get_by_text("Saved: Orders.")).to_be_visible()
    _follow(page, "Finish the review")
    _press(page, "Finish the review")
    build_bundle(bundle_id=Bundle.objects.get().pk, at=timezone.now())
    page.reload()
    expect(page.get_by_text("You prepared this request").or_(page.get_by_text("Your role"))).to_be_visible()

    other = visitor(width=PHONE, script=False)
    _sign_in(other, PIET)
    _follow(other, asked.reference)
    _follow(other, "Look at what goes out")
    expect(other.get_by_text("ada@example.org")).to_have_count(0)
    _press(other, "Release the copy")
    expect(other.get_by_text("There is a problem with 2 answers")).to_be_visible()
    other.get_by_text("The identity is proven").click()
    other.get_by_text("The copy goes to the person").click()
    _press(other, "Release the copy")
    expect(other.get_by_text("The copy is released.")).to_be_visible()
    assert _state(asked) == S.READY


@pytest.mark.slow
def test_the_case_page_follows_the_search_by_itself(visitor: Visitor, live_server) -> None:
    connect_shop()
    asked = a_request_in(S.FULFILLING)
    page = visitor()
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    _let_in(page, rosa(), live_server.url)
    page.goto(f"/staff/requests/{asked.reference}/")
    expect(page.get_by_text("0 of 1 finished")).to_be_visible()
    _search_every_source(asked)
    expect(page.get_by_role("heading", name="Next: review what was found")).to_be_visible()
    expect(page.get_by_text("1 of 1 finished")).to_be_visible()
    assert complaints == []


def test_a_button_keeps_the_focus_while_the_table_renews_itself(visitor: Visitor, live_server) -> None:
    connect_shop(fails="fatal")
    asked = a_request_in(S.FULFILLING)
    _search_every_source(asked)
    page = visitor()
    _let_in(page, rosa(), live_server.url)
    page.goto(f"/staff/requests/{asked.reference}/sources/")
    button = page.get_by_role("button", name="Retry now")
    button.focus()
    with page.expect_response(lambda answer: answer.url.endswith("/sources/live/")):
        pass
    page.wait_for_timeout(300)
    expect(button).to_be_focused()


@pytest.mark.slow
def test_a_passkey_is_added_and_opens_the_desk_alone(visitor: Visitor, live_server) -> None:
    page = visitor()
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    ensure_staff()
    _sign_in(page, ROSA)
    _follow(page, "Rosa Lindqvist")
    _follow(page, "Add a passkey")
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Continue")
    _press(page, "Add the passkey")
    expect(page.get_by_text("Your passkeys")).to_be_visible()
    _follow(page, "Sign out")
    _press(page, "Sign out")
    _press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_a_passkey_that_does_not_work_is_said_in_words(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/staff/account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }")
    expect(page.get_by_text("The passkey did not work")).to_be_hidden()
    _press(page, "Sign in with a passkey")
    expect(page.get_by_text("The passkey did not work")).to_be_visible()


def test_the_keyboard_alone_opens_a_case_and_its_plan(visitor: Visitor, live_server) -> None:
    connect_shop()
    asked = a_request_in(S.IN_REVIEW)
    page = visitor()
    _let_in(page, rosa(), live_server.url)
    page.goto("/staff/queue/")
    _tab_to(page, asked.reference)
    _tab_to(page, "Read the plan")
    expect(page.get_by_role("heading", name="The plan")).to_be_visible()


def _tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.innerText")
        assert page.evaluate(
            """() => { const box = document.activeElement.getBoundingClientRect();
                const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return !over || document.activeElement.contains(over) || over.contains(document.activeElement)
                    || box.bottom < 0 || document.activeElement.closest('.vh, label') !== null; }"""
        ), f"something covers what has the focus: {focused}"
        if focused.strip() == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"“{name}” cannot be reached with the Tab key")


@pytest.mark.timeout(300)
@in_every_look
def test_every_page_of_the_desk_is_open_to_everyone(
    visitor: Visitor, live_server, width: int, theme: str
) -> None:
    connect_shop()
    read, asked, reviewed = (a_request_in(state) for state in (S.IN_REVIEW, S.FULFILLING, S.FULFILLING))
    _search_every_source(reviewed)
    finding = Finding.objects.filter(row_count__gt=0).first()
    assert finding is not None
    cases = [f"/staff/requests/{each.reference}/" for each in (read, asked, reviewed)]
    pages = ["/staff/queue/?view=all", "/staff/queue/?view=overdue", "/staff/queue/?view=all&reference=OM-2"]
    pages += [*cases, f"{cases[0]}sources/plan/", f"{cases[0]}moves/refuse/", f"{cases[1]}sources/"]
    pages += [
        f"{cases[2]}{tab}/" for tab in ("identity", "messages", "decisions", "audit", "items", "release")
    ]
    pages += [f"{cases[2]}items/{finding.pk}/", "/staff/sources/", "/staff/sources/shop/"]
    pages += ["/staff/account/second-factor/", "/staff/account/logout/", "/staff/requests/OM-2222-2222/"]
    page = visitor(width=width, theme=theme)
    _let_in(page, staff("Lea Lead", Role.PRIVACY_LEAD, Role.ADMIN), live_server.url)
    assert {address: found for address in pages if (found := _faults_at(page, address))} == {}


@in_every_look
def test_every_page_of_the_way_in_is_open_to_everyone(visitor: Visitor, width: int, theme: str) -> None:
    ensure_staff()
    page = visitor(width=width, theme=theme)
    found = {
        address: _faults_at(page, address)
        for address in ("/staff/account/login/", "/staff/account/password/reset/")
    }
    page.goto("/staff/account/login/")
    page.get_by_label("Work mail address").fill(ROSA.email)
    page.get_by_label("Password").fill("not the password")
    _press(page, "Continue")
    found["refused"] = faults(page)
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Continue")
    found["second factor"] = faults(page)
    assert not any(found.values()), found


def _faults_at(page: Page, address: str) -> list[str]:
    page.goto(address)
    return faults(page)


@pytest.mark.slow
def test_a_refused_form_says_so_in_its_title_and_an_alert(visitor: Visitor, live_server) -> None:
    asked = a_request_in(S.IN_REVIEW)
    page = visitor(width=PHONE)
    _let_in(page, rosa(), live_server.url)
    page.goto(f"/staff/requests/{asked.reference}/moves/refuse/")
    _press(page, "Refuse the request")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.title().startswith("Error:")
    assert faults(page) == []
