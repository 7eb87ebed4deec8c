"""The help desk as its callers see it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from omne_dsar.demo.desk.manners import Doorkeeper, Manners
from omne_dsar.demo.desk.records import RecordsFile
from omne_dsar.demo.desk.server import DEMO_TOKEN, DeskServer

Start = Callable[..., httpx.Client]


def write(path: Path, tickets: int = 3) -> None:
    records = [
        {"kind": "users", "id": 1, "email": "Ann@juniper.example", "name": "Ann"},
        {"kind": "users", "id": 2, "email": "joann@juniper.example", "name": "Joann"},
        *(
            {"kind": "tickets", "id": n, "requester_email": "ann@juniper.example"}
            for n in range(1, tickets + 1)
        ),
        {"kind": "comments", "id": 11, "ticket_id": 1, "body": "für dich ☃"},
        {"kind": "chats", "id": 5, "visitor_email": "ann@juniper.example"},
    ]
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


@contextmanager
def serving(path: Path, manners: Manners) -> Iterator[httpx.Client]:
    server = DeskServer(port=0, records=RecordsFile(path), token=DEMO_TOKEN, manners=manners)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    headers = {"Authorization": f"Bearer {DEMO_TOKEN}"}
    try:
        with httpx.Client(base_url=server.url, headers=headers, trust_env=False) as client:
            yield client
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with ExitStack() as stack:

        def start_one(tickets: int = 3, **manners: int) -> httpx.Client:
            write(tmp_path / "desk.jsonl", tickets)
            return stack.enter_context(serving(tmp_path / "desk.jsonl", Manners(**manners)))

        yield start_one


def test_a_call_without_the_token_is_refused_and_health_is_not(start: Start) -> None:
    client = start()

    assert client.get("/api/v2/users", headers={"Authorization": "Bearer guess"}).status_code == 401
    assert (
        client.get("/api/v2/users", headers={"Authorization": "Bearer schlüssel".encode()}).status_code == 401
    )
    assert client.get("/health", headers={"Authorization": ""}).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [("ann@juniper.example", [1]), ("JOANN@juniper.example ", [2]), ("nn@juniper.example", []), ("", [])],
)
def test_people_are_found_by_exactly_their_address_in_any_letter_case(
    start: Start, asked: str, found: list[int]
) -> None:
    answer = start().get("/api/v2/users", params={"email": asked}).json()

    assert [user["id"] for user in answer["users"]] == found


def test_tickets_come_in_pages_that_name_the_next_one(start: Start) -> None:
    client = start(tickets=5)
    url: str | None = "/api/v2/tickets?requester_email=ann%40juniper.example&per_page=2"
    found: list[int] = []
    while url:
        answer = client.get(url).json()
        found += [ticket["id"] for ticket in answer["tickets"]]
        url = answer["next_page"]

    assert found == [1, 2, 3, 4, 5]
    assert answer["count"] == 5


def test_a_page_holds_at_most_a_hundred_records(start: Start) -> None:
    answer = start(tickets=130).get("/api/v2/tickets", params={"per_page": 5000}).json()

    assert len(answer["tickets"]) == 100


@pytest.mark.parametrize("page", ["0", "-1", "two", "٣", "9" * 40])
def test_a_page_that_is_no_number_is_refused_in_a_sentence(start: Start, page: str) -> None:
    answer = start().get("/api/v2/tickets", params={"page": page})

    assert answer.status_code == 400
    assert answer.json()["description"] == "page must be a whole number from 1."


def test_comments_are_read_by_ticket(start: Start) -> None:
    client = start()

    assert client.get("/api/v2/tickets/1/comments").json()["comments"][0]["body"] == "für dich ☃"
    assert client.get("/api/v2/tickets/2/comments").json()["comments"] == []
    assert client.get("/api/v2/tickets/99/comments").status_code == 404
    assert client.get("/api/v2/tickets/1").json()["ticket"]["id"] == 1
    assert client.get("/api/v2/nothing").status_code == 404


def test_one_call_too_many_is_answered_429_with_the_seconds_to_wait(start: Start) -> None:
    client = start(per_minute=2)
    answers = [client.get("/api/v2/users") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_the_limit_ends_when_the_minute_does() -> None:
    now = [0.0]
    doorkeeper = Doorkeeper(Manners(per_minute=1), clock=lambda: now[0])
    first, second = doorkeeper.seconds_to_wait(), doorkeeper.seconds_to_wait()
    now[0] = 0.0 + second

    assert (first, second, doorkeeper.seconds_to_wait()) == (0, 60, 0)


def test_every_so_many_calls_one_fails(start: Start) -> None:
    client = start(error_every=3)

    assert [client.get("/api/v2/users").status_code for _ in range(6)] == [200, 200, 500, 200, 200, 500]


def test_answers_can_be_slow(start: Start) -> None:
    client = start(slow_ms=120)
    began_at = time.monotonic()
    client.get("/api/v2/users")

    assert time.monotonic() - began_at >= 0.12


def test_a_file_that_is_replaced_is_read_again(tmp_path: Path, start: Start) -> None:
    client = start(tickets=1)
    client.get("/api/v2/tickets")
    write(tmp_path / "new", tickets=2)
    (tmp_path / "new").replace(tmp_path / "desk.jsonl")

    assert client.get("/api/v2/tickets").json()["count"] == 2


def test_the_tickets_of_a_merged_profile_are_found_by_the_new_address_and_show_the_old(
    start: Start, tmp_path: Path
) -> None:
    client = start()
    merge = {"kind": "merges", "email": "joann@juniper.example", "old_email": "Ann@juniper.example"}
    with (tmp_path / "desk.jsonl").open("a", encoding="utf-8") as records:
        records.write("\n" + json.dumps(merge))
    found = client.get("/api/v2/tickets", params={"requester_email": "joann@juniper.example"}).json()
    assert [each["requester_email"] for each in found["tickets"]] == ["ann@juniper.example"] * 3
