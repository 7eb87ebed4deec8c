"""Keys are rotated while people ask and a worker works: nobody is turned away, nothing is lost, the old keys may go."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from django.conf import settings as product
from django.test import Client

from requests_app.audit.actors import Actor
from requests_app.correspondence.models import Message
from requests_app.encryption.rotation.indexes import By, index_standing
from requests_app.encryption.rotation.renew import standing
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.selectors import requests_of
from requests_app.lifecycle.states import RequestState
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, ada_asks, rosa
from tests.invariants import check_invariants
from tests.journeys.sweeping import sweep_until, sweep_until_in
from tests.mailbox import Mailbox, text_of
from tests.servers import database_url
from tests.sources import connect_shop
from tests.waiting import wait_until
from tests.web import RealWeb, Visitor
from tests.worker import RealWorker, shared_keys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600), pytest.mark.slow]
OLD, NEW = b"O" * 32, b"N" * 32
PEOPLE = 40


def _keys(settings: Any, step: str) -> None:
    """The settings of every process in one step of docs/keys.md."""
    fields: dict[str, dict[str, bytes]] = {
        "before": {"old": b"o" * 32},
        "added": {"old": b"o" * 32, "new": b"n" * 32},
        "in front": {"new": b"n" * 32, "old": b"o" * 32},
        "alone": {"new": b"n" * 32},
    }
    indexes: dict[str, tuple[bytes, tuple[bytes, ...]]] = {
        "before": (OLD, ()),
        "added": (OLD, (NEW,)),
        "in front": (NEW, (OLD,)),
        "alone": (NEW, ()),
    }
    settings.FIELD_KEYS = fields[step]
    settings.BLIND_INDEX_KEY, settings.BLIND_INDEX_OTHER_KEYS = indexes[step]


@pytest.fixture
def open_web(broker_address: str, tmp_path: Path) -> Iterator[Callable[[], RealWeb]]:
    """A process of the pages with the keys of the present step."""
    opened: list[RealWeb] = []

    def web() -> RealWeb:
        opened.append(RealWeb(broker_url=broker_address, log=tmp_path / f"web{len(opened)}.log"))
        opened[-1].start()
        return opened[-1]

    yield web
    for each in opened:
        each.stop()


class Crowd:
    """People who go on asking, each through the whole form, until the rotation is over."""

    def __init__(self, *webs: RealWeb) -> None:
        self.addresses: list[str] = []
        self.faults: list[BaseException] = []
        self._over = Event()
        self._threads = [Thread(target=self._ask, args=(web, number)) for number, web in enumerate(webs)]

    def __enter__(self) -> "Crowd":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for each in self._threads:
            each.join()

    def _ask(self, web: RealWeb, which: int) -> None:
        visitor, number = Visitor(web), 0
        try:
            while not self._over.is_set():
                address = f"crowd{which}-{number}@example.org"
                visitor.send(address)
                self.addresses.append(address)
                number += 1
        except (AssertionError, httpx.HTTPError) as fault:
            self.faults.append(fault)
        finally:
            visitor.leave()


def _rotation() -> subprocess.Popen[str]:
    environment = {**os.environ, **shared_keys(), "DATABASE_URL": database_url()}
    return subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--json"],
        cwd=product.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _rotated() -> dict[str, Any]:
    said, complaint = _rotation().communicate(timeout=120)
    assert said, complaint
    found: dict[str, Any] = json.loads(said)
    return found


def _signs_in(web: RealWeb, asked: SubjectRequest, mailbox: Mailbox) -> str:
    """The person has a new code mailed, and enters with it; the page they see then."""
    address = asked.subject_email
    had = len(mailbox.sent_to(address))
    with httpx.Client(base_url=web.url, timeout=60, follow_redirects=True) as person:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', person.get("/requests/").text)
        assert token is not None
        words = {"reference": asked.reference, "csrfmiddlewaretoken": token[1]}
        person.post("/requests/new-code/", data=words).raise_for_status()
        mail = text_of(mailbox.wait_for(address, count=had + 1)).replace(asked.reference, "")
        code = re.search(r"\b[2-9A-HJ-NP-Z]{4}-?[2-9A-HJ-NP-Z]{4}\b", mail)
        assert code is not None, mail
        return person.post("/requests/", data={**words, "code": code[0]}).text


def test_rotated_at_work_killed_on_the_way_and_the_old_keys_are_not_needed(
    open_web: Callable[[], RealWeb],
    hire_worker: Callable[..., RealWorker],
    mailbox: Mailbox,
    settings: Any,
) -> None:
    _keys(settings, "before")
    connect_shop()
    before = [ada_asks(email=f"before{number}@example.org") for number in range(PEOPLE)]
    searching = a_request_in(RequestState.IN_REVIEW)
    _keys(settings, "added")
    first = open_web()
    # A deploy renews one process after the other: both kinds of them serve at once.
    _keys(settings, "in front")
    second, worker = open_web(), hire_worker()
    perform(subject_request_id=searching.pk, move=Move.APPROVE, by=Actor.staff(rosa()), at=NOON)
    with Crowd(first, second) as crowd:
        wait_until(lambda: len(crowd.addresses) > 2)
        _dies_half_way()
        assert not standing().broken
        first_round = _rotated()
        assert first_round["broken"] == []
        # While processes of before write on, some rows are under the old keys: the last round comes after them.
        found = requests_of(crowd.addresses[0])
        assert found.count() == 1
    assert crowd.faults == []
    first.stop()
    last = _rotated()
    assert (last["not_under_active"], last["removable"], last["indexes"]["other"]) == (0, ["old"], 0)

    second.stop()
    worker.stop()
    _keys(settings, "alone")
    _the_old_keys_are_not_needed(open_web(), before, crowd, hire_worker, searching, mailbox)


def _dies_half_way() -> None:
    dying = _rotation()
    wait_until(lambda: standing().by_key["new"] > 30 or dying.poll() is not None)
    dying.kill()
    dying.communicate()


def _the_old_keys_are_not_needed(
    web: RealWeb,
    before: list[SubjectRequest],
    crowd: Crowd,
    hire_worker: Callable[..., RealWorker],
    searching: SubjectRequest,
    mailbox: Mailbox,
) -> None:
    hire_worker()
    assert not standing().broken
    assert index_standing()[By.OTHER] == index_standing()[By.NEITHER] == 0
    for address in crowd.addresses:
        assert requests_of(address).count() == 1
    sweep_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists(), seconds=120)
    first = SubjectRequest.objects.get(pk=before[0].pk)
    assert first.reference in _signs_in(web, first, mailbox)
    client: Client = signed_in(rosa())
    shown = client.post("/staff/queue/find/", {"words": "before7@example.org"}, follow=True)
    assert before[7].reference in shown.content.decode()
    sweep_until_in(RequestState.CHECKING, searching)
    check_invariants(mailbox)
