"""People in whose every personal field the canary word stands, and what they ask for at the public pages."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import yaml
from django.utils import timezone

from fulfillment.sources.connect import connect_source
from omne_dsar.demo.accounts import ANA, PIET
from omne_dsar.demo.journey.browser import PageUnexpected
from omne_dsar.demo.journey.people import Person, StaffMember
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.states import RequestState
from tests.canary import PHONE, WORD
from tests.factories import NOON, SYSTEM
from tests.fulfillment.connectors.sql_changes import shop as sql_shop
from tests.journeys.conftest import OpenedPost
from tests.mailbox import Mailbox
from tests.waiting import wait_until

PEOPLE = ("ada", "bo", "cy", "dee", "eva")


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
        browser = self.browser.open("/ask/who/")
        for _page in range(12):
            key = browser.path.strip("/").rpartition("/")[2]
            if key == "sent":
                break
            browser.submit(answers.get(key, {}))
        found = re.search(r"OM-[0-9A-Z]{4}-[0-9A-Z]{4}", browser.text)
        if found is None:
            raise PageUnexpected(f"{browser.path} shows no reference.")
        self.reference = found[0]
        return self.reference


@dataclass(frozen=True)
class Home:
    """Where people are: the address of the pages, their mail, and where they keep what they fetch."""

    url: str
    post: OpenedPost
    mailbox: Mailbox
    folder: Path

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


def _at(member: StaffMember, asked: Asking) -> StaffMember:
    member.case = f"/staff/requests/{asked.reference}/"
    return member


def ada_fetches_her_copy(home: Home, desk: Desk) -> None:
    """Access, to the copy on Ada's own disk."""
    ada = home.of("ada")
    ada.ask_for("access")
    ada.confirm()
    ana = desk.ana(ada)
    ana.approve_search()
    ana.wait_for_stage("Reviewing findings")
    ana.finish_review()
    ana.wait_for_stage("For approval")
    desk.piet(ada).release()
    ada.download(home.folder / "at-home.zip")


def bo_is_deleted(home: Home, desk: Desk) -> None:
    """Deletion, to the certificate."""
    bo = home.of("bo")
    reference = bo.ask_for("deletion")
    bo.confirm()
    ana = desk.ana(bo)
    ana.approve_search()
    ana.wait_for_stage("Reviewing findings")
    _looked_into(ana)
    ana.browser.open(f"{ana.case}dry-run/").submit({"read": "on"})
    piet = desk.piet(bo)
    piet.browser.open(f"{piet.case}dry-run/").submit(
        {"read": "on", "identity_seen": "on", "typed": reference}
    )
    waiting = SubjectRequest.objects.filter(reference=reference, state=RequestState.WAITING_PERIOD)
    # What a week does.
    assert waiting.update(waits_until=timezone.now() - timedelta(seconds=1)) == 1
    _comes_to(bo, RequestState.CONFIRMING)
    desk.ana(bo).browser.open(f"{ana.case}result/").submit({}, action="/result/")
    _comes_to(bo, RequestState.COMPLETED)


def _looked_into(ana: StaffMember) -> None:
    page = f"{ana.case}dry-run/"
    wait_until(lambda: "Nothing stands in the way" in ana.browser.open(page).text, seconds=90)


def cy_is_refused(home: Home, desk: Desk) -> None:
    """Access again, refused in words about Cy."""
    cy = home.of("cy")
    cy.ask_for("access")
    cy.confirm()
    ana = desk.ana(cy)
    page = ana.browser.open(f"{ana.case}moves/refuse/")
    page.submit({"code": "no_data_held", "reason": f"Nothing of {WORD} was found."}, action="/moves/refuse/")
    _comes_to(cy, RequestState.REFUSED)


def _comes_to(asked: Asking, state: RequestState) -> None:
    wait_until(lambda: by_reference(asked.reference).state == state, seconds=90)
