"""A help desk whose tickets hold canaries, and a request whose findings lie open for review."""

from datetime import timedelta
from typing import Any

from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run
from fulfillment.sources.connect import connect_source
from fulfillment.sources.models import DataSource
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import NOON, a_request_in

LATER = NOON + timedelta(days=1)
MAP = """
dataset:
  - fides_key: desk
    name: Desk
    meta:
      omne:
        label: Desk
        owner: Desk team <desk@omne.example>
        collections:
          people:
            label: Your account
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {rule: "While you are a customer"}
            fields:
              email: {label: E-mail address}
          tickets:
            label: Tickets
            about: What you asked.
            policy: support
            purposes: [support]
            legal_basis: contract
            retention: {rule: "3 years"}
            fields:
              number: {label: Ticket number}
              text: {label: Text}
              talk: {label: What was said}
              talk.words: {label: Words}
              score: {label: Score}
              price: {label: Price}
    collections:
      - name: people
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: email
            fides_meta: {identity: email}
      - name: tickets
        fields:
          - name: number
            fides_meta: {primary_key: true}
          - name: person_id
            fides_meta: {references: [{dataset: desk, field: people.id, direction: from}]}
          - name: text
          - name: talk
            fides_meta: {data_type: "object[]"}
            fields:
              - name: words
          - name: score
          - name: price
"""
TICKETS: list[dict[str, Any]] = [
    {
        "number": "No1",
        "person_id": 1,
        "text": "canary-first, hello",
        "talk": [],
        "score": 5,
        "price": 1.10,
    },
    {
        "number": "No2",
        "person_id": 1,
        "text": "canary-secondary said Rui",
        "talk": [{"canary-key": 1, "words": "canary-inner"}],
        "score": 7319,
        "price": None,
    },
    {
        "number": "No3",
        "person_id": 1,
        "text": "canary-third",
        "talk": [{"words": "fine"}],
        "score": 5,
        "price": 3,
    },
]


def connect_desk(tickets: list[dict[str, Any]] = TICKETS) -> DataSource:
    """A source of lists."""
    rows = {"people": [{"id": 1, "email": "ada@example.org"}], "tickets": tickets}
    return connect_source(
        key="desk",
        kind="in_memory",
        label="Desk",
        settings={"rows": rows},
        map_yaml=MAP,
        by=Actor.system("tests"),
        at=NOON,
    )


def search(asked: SubjectRequest) -> None:
    """Search every source of the newest run, and end it."""
    run = asked.runs.order_by("number").last()
    assert run is not None
    for task in run.tasks.all():
        assert search_source(task_id=task.pk, at=LATER) is not None
    assert finish_run(run_id=run.pk, at=LATER)


def in_review(tickets: list[dict[str, Any]] = TICKETS, **details: object) -> SubjectRequest:
    """A request whose desk was searched."""
    connect_desk(tickets)
    asked = a_request_in(RequestState.FULFILLING, **details)
    search(asked)
    return SubjectRequest.objects.get(pk=asked.pk)
