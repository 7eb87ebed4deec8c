"""A person asks for a copy, confirms, and looks at their request: in a real browser, without script."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from requests_app.correspondence.models import Message
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.browser import PHONE, Visitor, faults, in_every_look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Maria-Antonieta Vasconcelos de Albuquerque e Castro-Ribeiro 山田太郎"
PUBLIC = ["/requests/", "/ask/another-way/", "/policy/", "/requests/code-sent/", "/ask/sent/"]
PUBLIC += ["/", "/identity/", "/accessibility/", "/no/such/page/", "/confirm/0000"]


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _mailed() -> dict[str, str]:
    message = SubjectRequest.objects.get().messages.order_by("-written_at").first()
    assert message
    return message.secrets


def _answer_all(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Start a request").click()
    page.get_by_text("Me", exact=True).click()
    _press(page, "Continue")
    page.get_by_label("Where do you live?").select_option("US")
    _press(page, "Continue")
    page.get_by_label("Which state do you live in?").select_option("Virginia")
    _press(page, "Continue")
    page.get_by_text("Get a copy of my information").click()
    _press(page, "Continue")
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Mail address").fill("ada@example.org")
    _press(page, "Continue")
    _press(page, "Continue")


def test_asking_confirming_and_looking_without_script(visitor: Visitor) -> None:
    page = visitor(width=PHONE, script=False)
    _answer_all(page)
    expect(page.get_by_text(NAME)).to_be_visible()
    expect(page.get_by_text("Virginia, United States of America")).to_be_visible()
    _press(page, "Send my request")
    asked = SubjectRequest.objects.get()
    expect(page.get_by_text(asked.reference)).to_be_visible()
    assert (asked.regime, asked.state) == ("us-va", RequestState.AWAITING_IDENTITY)

    link = _mailed()["link"]
    assert link.startswith(settings.PUBLIC_URL)
    page.goto(urlsplit(link).path)
    assert SubjectRequest.objects.get().state == RequestState.AWAITING_IDENTITY
    _press(page, "Yes, this is my request")
    expect(page.get_by_role("heading", name="Your request is confirmed")).to_be_visible()
    assert SubjectRequest.objects.get().state == RequestState.IN_REVIEW

    page.get_by_role("link", name="See my request").click()
    page.get_by_label("Reference").fill(asked.reference)
    page.get_by_text("I have no code").click()
    _press(page, "Send a new code")
    page.get_by_role("link", name="Enter the code").click()
    page.get_by_label("Reference").fill(asked.reference.lower())
    page.get_by_label("Code", exact=True).fill(_mailed()["code"].lower())
    _press(page, "See my request")
    expect(page.get_by_role("heading", name="We are reading your request")).to_be_visible()
    _press(page, "Leave this page now")
    page.goto("/requests/yours/")
    assert urlsplit(page.url).path == "/requests/"


def test_the_keyboard_alone_answers_a_question(visitor: Visitor) -> None:
    page = visitor()
    page.goto("/ask/who/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    page.get_by_label("I am asking for my own").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where do you live?")).to_be_visible()


def test_a_refused_answer_takes_the_reader_to_the_summary(visitor: Visitor) -> None:
    page = visitor(script=False)
    page.goto("/ask/who/")
    _press(page, "Continue")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title("Error: Who is this request about? – Omnesoft")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("I am asking for my own")).to_be_focused()


@in_every_look
def test_every_page_of_the_flow_is_accessible(visitor: Visitor, width: int, theme: str) -> None:
    page = visitor(width=width, theme=theme)
    page.goto("/ask/who/")
    for answer in (
        lambda: page.get_by_text("Me", exact=True).click(),
        lambda: page.get_by_label("Where do you live?").select_option("PT"),
        lambda: page.get_by_text("Get a copy of my information").click(),
        lambda: (
            page.get_by_label("Your name").fill(NAME),
            page.get_by_label("Mail address").fill("a@example.org"),
        ),
    ):
        assert faults(page) == []
        _press(page, "Continue")
        assert faults(page) == [], "with errors"
        answer()
        _press(page, "Continue")
    assert faults(page) == []
    _press(page, "Continue")
    assert faults(page) == []
    _press(page, "Send my request")
    assert faults(page) == []


@in_every_look
def test_every_public_page_is_accessible(visitor: Visitor, width: int, theme: str) -> None:
    page = visitor(width=width, theme=theme)
    for path in PUBLIC:
        page.goto(path)
        assert faults(page) == [], path


@pytest.mark.slow
@pytest.mark.parametrize("path", PUBLIC[:5])
def test_pages_read_from_right_to_left_and_with_large_letters_do_not_spill(
    visitor: Visitor, path: str
) -> None:
    page = visitor(width=PHONE)
    page.goto(path)
    page.evaluate("document.documentElement.dir = 'rtl'; document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def _begins(page: Page, who: str, place: str = "PT") -> None:
    page.goto("/ask/who/")
    page.get_by_text(who, exact=True).click()
    _press(page, "Continue")
    page.get_by_label(re.compile("Where do (you|they) live?")).select_option(place)
    _press(page, "Continue")


def _chooses(page: Page, *rights: str) -> None:
    for right in rights:
        page.get_by_text(right, exact=True).click()
    _press(page, "Continue")


@pytest.mark.slow
def test_three_rights_at_once_are_confirmed_by_one_code_and_stand_beside_each_other(visitor: Visitor) -> None:
    page = visitor(width=PHONE, script=False)
    _begins(page, "Me")
    _chooses(page, "Get a copy of my information", "Delete my information", "Correct my information")
    page.get_by_label("Which information is wrong?").fill("Town")
    _press(page, "Add another")
    expect(page.get_by_label("Which information is wrong?").first).to_have_value("Town")
    page.get_by_label("What is right?").first.fill("London")
    _press(page, "Continue")
    page.get_by_text("Yes, my copy first").click()
    _press(page, "Continue")
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Mail address").fill("ada@example.org")
    _press(page, "Continue")
    _press(page, "Continue")
    _press(page, "Send my requests")
    asked = list(SubjectRequest.objects.order_by("right"))
    for each in asked:
        expect(page.get_by_text(each.reference)).to_be_visible()
    (message,) = Message.objects.all()
    page.goto("/requests/")
    page.get_by_label("Reference").fill(asked[1].reference)
    page.get_by_label("Code", exact=True).fill(message.secrets["code"])
    _press(page, "See my request")
    assert set(SubjectRequest.objects.values_list("state", flat=True)) == {RequestState.IN_REVIEW}
    _press(page, f"Open {asked[0].reference} Get a copy of my information")
    expect(page.get_by_text(asked[0].reference).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(asked[1].reference))).to_be_visible()


@pytest.mark.slow
def test_an_agent_asks_for_somebody_who_then_confirms(visitor: Visitor) -> None:
    page = visitor(width=PHONE, script=False)
    _begins(page, "Someone I represent")
    _chooses(page, "Get a copy of my information")
    page.get_by_label("Their name").fill(NAME)
    page.get_by_label("Their mail address").fill("ada@example.org")
    _press(page, "Continue")
    page.get_by_label("Your name").fill("Lou Lawyer")
    page.get_by_label("Your mail address").fill("lou@law.example")
    page.get_by_text("They will confirm it themselves").click()
    _press(page, "Continue")
    _press(page, "Continue")
    expect(page.get_by_text("Lou Lawyer")).to_be_visible()
    _press(page, "Send my request")
    asked = SubjectRequest.objects.get()
    assert (asked.asked_by, asked.state) == ("agent", RequestState.AWAITING_IDENTITY)
    assert "ada@example.org" in {message.to_address for message in Message.objects.all()}


@pytest.mark.slow
def test_an_opt_out_is_under_way_when_the_form_is_sent(visitor: Visitor) -> None:
    page = visitor(script=False)
    _begins(page, "Me", "US")
    page.get_by_label("Which state do you live in?").select_option("California")
    _press(page, "Continue")
    _chooses(page, "Stop selling or sharing my information")
    page.get_by_label("Your name").fill(NAME)
    page.get_by_label("Mail address").fill("ada@example.org")
    _press(page, "Continue")
    _press(page, "Send my request")
    expect(page.get_by_text("We do what you ask")).to_be_visible()
    assert SubjectRequest.objects.get().state in {RequestState.EXECUTING, RequestState.COMPLETED}


@in_every_look
def test_every_page_of_a_right_is_accessible(visitor: Visitor, width: int, theme: str) -> None:
    page = visitor(width=width, theme=theme)
    _begins(page, "Someone I represent")
    for box in page.get_by_role("checkbox").all():
        box.check()
    _press(page, "Continue")
    seen = set()
    while urlsplit(page.url).path not in seen and "/about/" not in page.url:
        seen.add(urlsplit(page.url).path)
        assert faults(page) == [], page.url
        _press(page, "Continue")
        assert faults(page) == [], f"{page.url} with errors"
        for radio in page.get_by_role("radio").all()[:1] + page.get_by_role("checkbox").all()[:1]:
            radio.check()
        for box in page.get_by_role("textbox").all():
            box.fill(NAME)
        _press(page, "Continue")
    assert len(seen) >= 6
    page.get_by_label("Their name").fill(NAME)
    page.get_by_label("Their mail address").fill("a@example.org")
    _press(page, "Continue")
    assert faults(page) == [], page.url
