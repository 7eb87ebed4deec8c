"""The review of findings in a real browser: by keyboard, by mouse, without script, and in every look."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from fulfillment.findings.decisions.models import ReviewDecision
from fulfillment.findings.models import Finding
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.suggestions.models import Suggestion, SuggestionScan
from requests_app.audit.models import AuditEntry
from requests_app.jurisdictions.load import jurisdiction
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.roles import sync_groups
from tests.browser import Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import rosa
from tests.fulfillment.findings.release import people
from tests.fulfillment.findings.release.people import LATER, in_review
from tests.keyboard import press_enter, tab_to
from tests.reviewing import look_for_others

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.django_db(transaction=True),
]
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
SAID = {2: "Bo 😀 Larsen wrote: my sister Chloe Martin pays, chloe.martin@mail.example", 3: LONG}
Desk = Callable[..., Page]


def _tickets(count: int) -> list[dict[str, Any]]:
    return [
        {
            "number": f"No{number}",
            "person_id": 1,
            "text": SAID.get(number, f"line {number}"),
            "talk": [{"words": f"inner {number}"}] if number % 7 == 0 else [],
            "score": number,
            "price": None,
        }
        for number in range(1, count + 1)
    ]


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path, monkeypatch) -> None:
    """A store and limits of its own; the numbers of tickets are masked."""
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    cache.clear()
    sync_groups()
    bank = "            data_categories: [user.financial.bank_account]\n"
    field = "      - name: tickets\n        fields:\n          - name: number\n"
    monkeypatch.setattr(people, "MAP", people.MAP.replace(field, field + bank))


@pytest.fixture
def asked() -> SubjectRequest:
    """A review whose records were looked through."""
    found = in_review(_tickets(60))
    look_for_others(found, at=LATER)
    return found


@pytest.fixture
def desk(visitor: Visitor, live_server: Any) -> Desk:
    """Rosa's browser, on a page of the review."""

    def open_page(path: str, **how: Any) -> Page:
        page = visitor(**how)
        cookie = signed_in(rosa()).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(path)
        return page

    return open_page


def _finding(asked: SubjectRequest) -> Finding:
    every = (each.finding for part in findings_of(asked) for each in part.findings)
    return next(each for each in every if each.collection == "tickets")


def _at(asked: SubjectRequest) -> str:
    return f"/staff/requests/{asked.reference}/items/{_finding(asked).pk}/"


def _with_keys(page: Page) -> Page:
    page.get_by_text("Keys").first.click()
    page.get_by_label("Use single keys on this page").check()
    page.evaluate("document.activeElement.blur()")
    return page


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def _choose_reason(page: Page, asked: SubjectRequest) -> None:
    reason = jurisdiction(asked.regime).refusals_for("access")[0].code
    page.locator("#decide select").select_option(reason)


def test_single_keys_do_nothing_until_somebody_switches_them_on(desk: Desk, asked: SubjectRequest) -> None:
    page = desk(_at(asked))
    page.keyboard.press("j")
    assert _focused(page) == ""
    _with_keys(page)
    page.keyboard.press("j")
    assert _focused(page) == "record-1"
    page.reload()
    page.keyboard.press("j")
    assert _focused(page) == "record-1"


def test_a_record_is_withheld_taken_back_and_included_by_keys_alone(
    desk: Desk, asked: SubjectRequest
) -> None:
    page = desk(_at(asked))
    tab_to(page, "Keys")
    page.keyboard.press("Enter")
    tab_to(page, "Use single keys on this page")
    page.keyboard.press("Space")
    for key in "jjjk":
        page.keyboard.press(key)
    _is_at(page, 2)
    _answer(page, "w")
    expect(page.locator("#errors")).to_contain_text("Choose a reason")
    tab_to(page, "Reason")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Save")
    press_enter(page)
    expect(page.locator("#record-2").get_by_text("Withheld")).to_be_visible()
    first = ReviewDecision.objects.get()
    assert (first.action, first.line, first.place) == ("withhold", 2, "")
    _is_at(page, 2)

    _press(page, "u")
    expect(page.get_by_text("The last decision was taken back.")).to_be_visible()
    expect(page.locator("#record-2").get_by_text("Withheld")).to_have_count(0)
    first.refresh_from_db()
    assert first.undone_at is not None
    _is_at(page, 2)

    # The reason is remembered; the answer is one key away.
    _answer(page, "w")
    expect(page.locator("#record-2").get_by_text("Withheld")).to_be_visible()
    _answer(page, "i")
    expect(page.locator("#record-2").get_by_text("Included on purpose")).to_be_visible()
    assert [each.action for each in ReviewDecision.objects.filter(undone_at=None)] == ["withhold", "include"]
    page.keyboard.press("j")
    _is_at(page, 3)


def test_the_keys_lead_over_the_end_of_a_page_and_a_decision_there_is_taken_back_there(
    desk: Desk, asked: SubjectRequest
) -> None:
    page = _with_keys(desk(_at(asked)))
    for _ in range(Finding.PAGE_ROWS):
        page.keyboard.press("j")
    _is_at(page, Finding.PAGE_ROWS)
    _press(page, "j")
    _is_at(page, 51)
    _press(page, "k")
    _is_at(page, 50)
    _press(page, "j")
    page.keyboard.press("j")
    _press(page, "w")
    expect(page.locator("#decide [data-key=save]")).to_be_focused()
    _choose_reason(page, asked)
    press_enter(page)
    _is_at(page, 52)
    _press(page, "u")
    expect(page.get_by_text("The last decision was taken back.")).to_be_visible()
    _is_at(page, 52)
    for _ in range(9):
        page.keyboard.press("j")
    _is_at(page, 60)
    assert not ReviewDecision.objects.filter(undone_at=None).exists()


def _is_at(page: Page, number: int) -> None:
    expect(page.locator(f"#record-{number}")).to_be_focused()


def _press(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def _answer(page: Page, key: str) -> None:
    """A key that asks about the record, and the answer that has the focus then."""
    _press(page, key)
    expect(page.locator("#decide [data-key=save]")).to_be_focused()
    press_enter(page)


def test_marked_words_are_covered_letter_for_letter_behind_signs_of_two_halves(
    desk: Desk, asked: SubjectRequest
) -> None:
    page = _with_keys(desk(_at(asked)))
    page.evaluate(
        """() => {
            const value = document.querySelector('#record-2 [data-place="2"]');
            const node = [...value.childNodes].find((each) => each.textContent.includes("Larsen"));
            const text = node.firstChild ?? node;
            const at = text.textContent.indexOf("Larsen");
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + 6);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
        }"""
    )
    page.keyboard.press("r")
    expect(page.get_by_text("The words that you marked are meant.")).to_be_visible()
    _choose_reason(page, asked)
    page.locator("#decide [data-key=save]").click()
    decision = ReviewDecision.objects.get()
    assert (decision.place, SAID[2][decision.start : decision.end]) == ("2", "Larsen")
    expect(page.locator("#record-2 .redacted").get_by_text("Larsen", exact=True)).to_be_visible()


def test_masked_values_are_shown_by_a_key_which_is_recorded(desk: Desk, asked: SubjectRequest) -> None:
    page = _with_keys(desk(_at(asked)))
    expect(page.get_by_text("No2", exact=True)).to_have_count(0)
    for key in "jjv":
        page.keyboard.press(key)
    expect(page.get_by_text("No2", exact=True)).to_be_visible()
    expect(page.get_by_text("No1", exact=True)).to_have_count(0)
    assert '"record":2' in AuditEntry.objects.get(event="finding.revealed").facts


def test_the_next_suggestion_and_the_search_are_a_key_away(desk: Desk, asked: SubjectRequest) -> None:
    page = _with_keys(desk(f"{_at(asked)}?page=2"))
    page.keyboard.press("n")
    page.wait_for_url("**#record-2")
    page.keyboard.press("/")
    assert _focused(page) == "finding-search"
    page.keyboard.type("uwj")
    expect(page.locator("#finding-search")).to_have_value("uwj")
    assert not ReviewDecision.objects.exists()


def test_all_of_it_goes_without_script(desk: Desk, asked: SubjectRequest) -> None:
    page = desk(_at(asked), script=False)
    page.locator("#record-2 [data-key=w]").click()
    _choose_reason(page, asked)
    page.locator("#decide").get_by_role("button", name="Save").click()
    expect(page.locator("#record-2").get_by_text("Withheld")).to_be_visible()
    page.get_by_role("button", name="Take back the last decision").click()
    page.locator("#record-2 [data-key=v]").click()
    expect(page.get_by_text("No2", exact=True)).to_be_visible()
    page.locator("#record-2 .sug-list").get_by_role("button", name="Cover").first.click()
    assert Suggestion.objects.filter(state="accepted").count() == 1
    page.goto(f"/staff/requests/{asked.reference}/items/")
    page.get_by_label("Reason to leave").select_option("known_to_them")
    page.get_by_role("button", name="Leave everything that waits").click()
    page.get_by_role("link", name="Finish the review").click()
    expect(page.get_by_role("button", name="Finish the review")).to_be_visible()


@in_every_look
def test_every_page_of_the_review_is_without_fault(
    desk: Desk, asked: SubjectRequest, width: int, theme: str
) -> None:
    page = desk(f"/staff/requests/{asked.reference}/items/", width=width, theme=theme)
    found = {"list": faults(page)}
    ways = {
        "records": "",
        "a record is decided": "?record=2#decide",
        "a value is decided": "?record=2&place=2#decide",
        "the last page": "?page=2",
    }
    for name, way in ways.items():
        page.goto(_at(asked) + way)
        found[name] = faults(page)
    page.get_by_label("Words in these records").fill("chloe")
    page.get_by_role("button", name="Search", exact=True).click()
    found["search"] = faults(page)
    page.get_by_text("A rule for every record").click()
    page.get_by_role("button", name="Add the rule").click()
    found["a rule that lacks something"] = faults(page)
    SuggestionScan.objects.update(work_state=WorkState.DEAD, last_error="It was cut off several times.")
    page.goto(_at(asked))
    found["the looking broke off"] = faults(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
