"""A word in every personal field, carried the whole way, is found nowhere but where it belongs."""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from celery.signals import before_task_publish
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from fulfillment.findings.models import Finding
from fulfillment.runs.models import SourceTask
from fulfillment.sources.connect import connect_source
from requests_app.accounts.models import StaffMember
from requests_app.correspondence.models import Message
from requests_app.leases.models import WorkState
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Role
from tests import canary
from tests.canary import EMAIL, WORD
from tests.databases import source_database
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, piet, staff
from tests.gated_shop import API
from tests.journeys.sweeping import poke, sweep_until, sweep_until_in
from tests.json_server import Answer, Asked, JsonServer
from tests.mailbox import Mailbox, text_of
from tests.reviewing import look_for_others
from tests.sources import SHOP_MAP
from tests.worker import RealWorker

FORM = {
    "who": {"who": "me"},
    "where": {"place": "PT"},
    "what": {"rights": ["access"]},
    "about": {"name": f"Ada {WORD}", "email": EMAIL},
    "details": {"details": f"My {WORD} invoices", "period": f"since {WORD}"},
    "check": {},
}
# A column that cannot be read as its view wants: PostgreSQL's complaint quotes the value.
BROKEN_TABLES = f"""
create table kept (id integer primary key, email text, name text);
insert into kept values (1, '{EMAIL}', '{WORD}');
create view customers as select id, email, name::integer as name from kept;
create table orders (id integer primary key, customer_id integer, note text);
"""  # noqa: S608


class WatchedClient(Client):
    """A browser that writes down every address it goes to or is sent to."""

    seen: list[str]

    def request(self, **request: Any) -> HttpResponse:
        answer = super().request(**request)
        self.__class__.seen += [
            request.get("PATH_INFO", ""),
            request.get("QUERY_STRING", ""),
            answer.headers.get("Location", ""),
        ]
        return answer


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    WatchedClient.seen = []
    caplog.set_level(logging.DEBUG)


@pytest.fixture
def store_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    return tmp_path / "store"


@pytest.fixture
def published() -> Iterator[list[str]]:
    """The body of every task that this process sends."""
    bodies: list[str] = []

    def note(body: object, headers: object, **_signal: object) -> None:
        bodies.append(f"{body!r} {headers!r}")

    before_task_publish.connect(note)
    yield bodies
    before_task_publish.disconnect(note)


@pytest.fixture
def sources(
    transactional_db: None, settings: Settings, worker_environment: dict[str, str]
) -> Iterator[JsonServer]:
    """One that answers, one that says the word in a refusal, one whose database quotes it in an error."""
    worker_environment["LOG_LEVEL"] = "DEBUG"
    with JsonServer(_shop) as shop, source_database(BROKEN_TABLES) as broken:
        settings.OUTBOUND_ALLOWED_HOSTS = [f"127.0.0.1:{shop.port}"]
        worker_environment["OUTBOUND_ALLOWED_HOSTS"] = f"127.0.0.1:{shop.port}"
        rows = {
            "customers": [{"id": 1, "email": EMAIL, "name": WORD}],
            "orders": [{"id": 1, "customer_id": 1, "note": WORD}],
        }
        for key, kind, values in (
            ("shop", "in_memory", {"rows": rows}),
            ("rude_shop", "rest_api", {"base_url": shop.url}),
            ("broken_shop", "postgresql", {"url": broken}),
        ):
            document = yaml.safe_load(SHOP_MAP.format(key=key))
            if kind == "rest_api":
                document["dataset"][0]["meta"]["omne"]["api"] = API
            connect_source(
                key=key,
                kind=kind,
                label=key,
                settings=values,
                map_yaml=yaml.safe_dump(document),
                by=SYSTEM,
                at=NOON,
            )
        yield shop


def _shop(asked: Asked) -> Answer:
    return Answer({"error": f"no {WORD} <{asked.query.get('email')}>", WORD: WORD}, status=400)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_word_is_found_nowhere_but_where_it_belongs(
    sources: JsonServer,
    published: list[str],
    broker: redis.Redis,
    hire_worker: Callable[[], RealWorker],
    mailbox: Mailbox,
    store_folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada, rosa = WatchedClient(), _at_the_desk(staff("Rosa", Role.CASE_WORKER))
    subject_request = _asks(ada)
    poke()
    assert canary.in_broker(broker) == []
    worker = hire_worker()
    code = _code_in(mailbox, 1)
    _guesses(ada, subject_request.reference)
    ada.post("/requests/", {"reference": subject_request.reference, "code": code})
    case = f"/staff/requests/{subject_request.reference}"
    rosa.post("/staff/queue/find/", {"words": EMAIL, "view": "all"})
    rosa.post(f"{case}/name/")
    form = rosa.get(f"{case}/sources/plan/").context["form"]
    assert rosa.post(f"{case}/sources/plan/", form.initial).status_code == 302
    _two_sources_fail_and_are_left_out(rosa, case)
    sweep_until_in(RequestState.CHECKING, subject_request)
    _looks_and_withholds(rosa, case)
    look_for_others(subject_request)
    _moves(rosa, case, "finish_review")
    sweep_until_in(RequestState.AWAITING_RELEASE, subject_request)
    _releases(_at_the_desk(piet()), case, subject_request)
    assert WORD.encode() in _downloaded(ada, mailbox, subject_request)
    worker.stop()

    assert canary.in_database() == []
    assert canary.in_broker(broker) == []
    assert canary.in_folder(store_folder) == []
    assert [body for body in published if canary.holds(body)] == []
    assert _lines_with_the_word(caplog.text) == []
    assert "DEBUG" in caplog.text
    assert "DEBUG" in worker.log.read_text()
    assert _lines_with_the_word(worker.log.read_text()) == []
    assert [address for address in WatchedClient.seen if canary.holds(address)] == []
    links = [link for mail in mailbox.messages for link in re.findall(r"https?://\S+", text_of(mail))]
    assert links
    assert [link for link in links if canary.holds(link)] == []


def test_the_search_for_the_word_would_find_it(
    broker: redis.Redis, transactional_db: None, tmp_path: Path
) -> None:
    """Proof that the proof works: the word is planted, and found, in each of the places."""
    broker.rpush("queue", f'{{"body": "{WORD}"}}')
    assert canary.in_broker(broker) == ["queue"]
    StaffMember.objects.create(email=EMAIL, display_name="x")
    assert canary.in_database() == ["requests_app_staffmember"]
    (tmp_path / "kept").write_bytes(WORD.encode())
    assert canary.in_folder(tmp_path) == ["kept"]
    assert canary.holds(WORD.encode().hex())
    assert canary.holds("enF4N2NhbmFyeQ==")


def _lines_with_the_word(log: str) -> list[str]:
    return [line for line in log.splitlines() if canary.holds(line) and "mail.log" not in line]


def _at_the_desk(member: StaffMember) -> Client:
    client = WatchedClient()
    client.cookies = signed_in(member).cookies
    return client


def _asks(ada: Client) -> SubjectRequest:
    """With every mistake that a form can be sent with, then as it should be."""
    for wrong in (
        {"name": "", "email": WORD},
        {"name": f"{WORD}\0", "email": EMAIL},
        {"name": WORD * 99, "email": EMAIL},
    ):
        ada.post("/ask/about/", wrong)
    for key, answers in FORM.items():
        assert ada.post(f"/ask/{key}/", answers).status_code == 302
    return SubjectRequest.objects.get()


def _guesses(ada: Client, reference: str) -> None:
    for pair in ({"reference": WORD, "code": WORD}, {"reference": reference, "code": WORD}):
        assert ada.post("/requests/", pair).status_code in (400, 422)
    assert ada.post("/requests/new-code/", {"reference": EMAIL}).status_code in (302, 422)


def _code_in(mailbox: Mailbox, count: int) -> str:
    text = text_of(mailbox.wait_for(EMAIL, count=count, seconds=60))
    found = re.search(r"^ {4}([2-9A-Z]{8})\r?$", text, re.MULTILINE)
    assert found, text
    return found[1]


def _moves(client: Client, case: str, move: str) -> None:
    version = SubjectRequest.objects.get().version
    answer = client.post(f"{case}/moves/{move}/", {"version": version, "reason": WORD})
    assert answer.status_code == 302, answer.content.decode()


def _two_sources_fail_and_are_left_out(rosa: Client, case: str) -> None:
    dead = SourceTask.objects.filter(work_state=WorkState.DEAD)
    sweep_until(lambda: dead.count() == 2)
    for task in list(dead):
        assert not canary.holds(task.last_error)
        answer = rosa.post(f"{case}/sources/{task.pk}/exclude/", {"reason": f"Not about {WORD}."})
        assert answer.status_code == 302, answer.content.decode()


def _looks_and_withholds(rosa: Client, case: str) -> None:
    finding = Finding.objects.get(collection="customers")
    page = rosa.get(f"{case}/items/{finding.pk}/").content.decode()
    assert WORD in page
    reason = re.search(r'<option value="([^"]+)"', page)
    assert reason
    decided = {"decision": "withhold", "reason_code": reason[1], "note": f"About {WORD}."}
    assert rosa.post(f"{case}/items/{finding.pk}/", decided).status_code == 302


def _releases(approver: Client, case: str, subject_request: SubjectRequest) -> None:
    subject_request.refresh_from_db()
    ticked = {"identity_seen": "on", "recipient_seen": "on", "version": subject_request.version}
    assert approver.post(f"{case}/release/", ticked).status_code == 302


def _downloaded(ada: Client, mailbox: Mailbox, subject_request: SubjectRequest) -> bytes:
    sweep_until(lambda: not Message.objects.filter(work_state=WorkState.WAITING).exists())
    letters = len(mailbox.sent_to(EMAIL))
    ada.post("/requests/yours/download/code/")
    code = _code_in(mailbox, letters + 1)
    assert ada.post("/requests/yours/download/", {"code": code}).status_code == 302
    bundle = subject_request.bundles.get()
    answer = ada.get(f"/requests/yours/download/{bundle.pk}/")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as copy:
        return copy.read("data.json")
