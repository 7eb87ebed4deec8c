"""People in whose every personal field the canary word stands, and what they ask for at the public pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from fulfillment.sources.connect import connect_source
from omne_dsar.demo.accounts import ANA, PIET
from omne_dsar.demo.journey.browser import Browser, PageUnexpected
from omne_dsar.demo.journey.people import Person, StaffMember
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState
from tests import canary
from tests.canary import PHONE, WORD
from tests.factories import NOON, SYSTEM
from tests.fulfillment.connectors.sql_changes import shop as sql_shop
from tests.journeys.conftest import OpenedPost
from tests.mailbox import Mailbox, text_of
from tests.waiting import wait_until

PEOPLE = ("ada", "bo", "cy", "dee", "eva", "fay")


def address(who: str) -> str:
    """Somebody's mail address."""
    return f"{who}.{WORD}@example.org"


def _rows(number: int, who: str) -> str:
    name, note = f"{who.title()} {WORD}", f"{WORD} called, and said {WORD}"
    person = (number, address(who), name, f"{PHONE}{number}", "1980-05-17", note, f'{{"by": "{name}"}}')
    return f"""
        insert into places values ({number}, '{WORD} Lane {number}');
        insert into people (id, email, name, phone, born, note, papers, place_id) values {(*person, number)};
        insert into visits values ({number}, {number}, '/{WORD}');
        """  # noqa: S608


TABLES = sql_shop.TABLES.format(json="jsonb") + "".join(
    _rows(number, who) for number, who in enumerate(PEOPLE, 11)
)


def connect(shop: sql_shop.Shop) -> None:
    """Connect the shop that knows them all, each by address and by phone."""
    document = yaml.safe_load(sql_shop.shop_yaml())
    people = next(each for each in document["dataset"][0]["collections"] if each["name"] == "people")
    next(each for each in people["fields"] if each["name"] == "phone")["fides_meta"] = {"identity": "phone"}
    connect_source(
        key="shop",
        kind="postgresql",
        label="Shop",
        settings={"url": shop.url},
        map_yaml=yaml.safe_dump(document),
        by=SYSTEM,
        at=NOON,
    )


class Asking(Person):
    """Somebody at the public form, with the word in every answer."""

    def ask_for(self, right: str, **more: dict[str, str]) -> str:
        """Go through the form, whatever this right asks; `more` are answers by page."""
        answers = {
            "who": {"who": "me"},
            "where": {"place": self.place},
            "what": {"rights": right},
            "about": {"name": self.name, "email": self.email},
            "details": {"details": f"My {WORD} orders", "period": f"since {WORD}"},
            **more,
        }
        browser = self._answer(answers, to="sent")
        found = re.search(r"OM-[0-9A-Z]{4}-[0-9A-Z]{4}", browser.text)
        if found is None:
            raise PageUnexpected(f"{browser.path} shows no reference.")
        self.reference = found[0]
        return self.reference

    def begin(self) -> None:
        """Fill in who one is, and leave."""
        answers = {"who": {"who": "me"}, "where": {"place": self.place}, "what": {"rights": "access"}}
        self._answer({**answers, "about": {"name": self.name, "email": self.email}}, to="details")

    def _answer(self, answers: Mapping[str, Mapping[str, str]], *, to: str) -> Browser:
        browser = self.browser.open("/ask/who/")
        for _page in range(12):
            key = browser.path.strip("/").rpartition("/")[2]
            if key == to:
                return browser
            browser.submit(answers.get(key, {}))
        raise PageUnexpected(f"{browser.path} is asked again and again.")


@dataclass(frozen=True)
class Home:
    """Where people are: the address of the pages, their mail, and where they keep what they fetch.

    `seen` is where the word was found on the way, as some of it goes before the end.
    """

    url: str
    post: OpenedPost
    mailbox: Mailbox
    folder: Path
    seen: set[str] = field(default_factory=set)

    def look_around(self) -> None:
        """Note where the word is at the moment."""
        self.seen.update(canary.unsealed(), (f"a file of {label}" for label in canary.in_opened_files()))

    def link_mailed_to(self, to: str, path: str) -> str:
        """The path of the link that an address is mailed, once it has come."""
        found: list[str] = []

        def it_came() -> list[str]:
            texts = (text_of(mail) for mail in self.mailbox.sent_to(to))
            found.extend(re.findall(rf"https?://[^/\s]+({path}\S+)", "\n".join(texts)))
            return found

        wait_until(it_came, seconds=90)
        return found[-1]

    def of(self, who: str, *, place: str = "PT") -> Asking:
        """Somebody at home."""
        return Asking(self.url, self.post, name=f"{who.title()} {WORD}", email=address(who), place=place)  # type: ignore[arg-type]


class Desk:
    """Ana and Piet at the privacy desk, each signed in once."""

    def __init__(self, url: str) -> None:
        self._ana = StaffMember(url, ANA, reference="")
        self._piet = StaffMember(url, PIET, reference="")

    def ana(self, asked: Asking) -> StaffMember:
        """Ana at somebody's case."""
        return _at(self._ana, asked)

    def piet(self, asked: Asking) -> StaffMember:
        """Piet at somebody's case."""
        return _at(self._piet, asked)


def send(
    browser: Browser,
    path: str,
    values: Mapping[str, str],
    *,
    to: str = "",
    files: Mapping[str, Any] | None = None,
) -> None:
    """Open a page and send its form with whatever button and file."""
    hidden = re.findall(r'name="(csrfmiddlewaretoken|version)" value="(\w+)"', browser.open(path).text)
    headers = {"Referer": str(browser.page.url)}
    sent = {**dict(hidden), **values}
    browser.page = browser.client.post(to or path, data=sent, files=files, headers=headers)
    if browser.page.status_code != httpx.codes.OK:
        raise PageUnexpected(f"{browser.page.url} answered {browser.page.status_code}.")


def _at(member: StaffMember, asked: Asking) -> StaffMember:
    member.case = f"/staff/requests/{asked.reference}/"
    return member


def comes_to(asked: Asking, state: RequestState) -> None:
    """Wait until the request is in the state."""
    wait_until(lambda: by_reference(asked.reference).state == state, seconds=90)
