"""A shop that must keep its orders, and the steps of a deletion through it."""

from datetime import datetime, timedelta

from fulfillment.changes.begin import begin_deletion
from fulfillment.changes.complete import complete_deletion
from fulfillment.changes.end import Ending, end_change
from fulfillment.changes.finish import finish_changes
from fulfillment.changes.models import ChangeState, ChangeTask
from fulfillment.changes.read_backs.look import read_back
from fulfillment.changes.read_backs.models import ReadBackWork
from fulfillment.findings.gather import search_source
from fulfillment.runs.finish import finish_run
from fulfillment.runs.selectors import latest_run
from fulfillment.sources.connect import change_settings, connect_source
from fulfillment.sources.models import DataSource
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.decisions.deletion import approve_deletion
from requests_app.leases.lease import free_work
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from tests.factories import NOON, SYSTEM, a_request_in, piet, rosa

MAP = """
dataset:
  - fides_key: {key}
    name: Shop
    meta:
      omne:
        label: {label}
        owner: The shop team <shop@omne.example>
        collections:
          people:
            label: Your account
            about: You as the shop knows you.
            policy: account
            purposes: [provide_services, marketing]
            legal_basis: contract
            recipients: [hosting]
            fields:
              email: {{label: E-mail address}}
              second_email: {{label: Second address, channel: true}}
          invoices:
            label: Invoices
            about: What you paid.
            policy: purchases
            purposes: [legal]
            legal_basis: legal_obligation
            retention: {{rule: "10 years (tax law)", keep: true}}
            recipients: [payments]
    collections:
      - name: people
        fields:
          - name: id
            fides_meta: {{primary_key: true}}
          - name: name
          - name: seen_at
          - name: email
            fides_meta: {{identity: email}}
          - name: second_email
      - name: invoices
        fields:
          - name: number
            fides_meta: {{primary_key: true}}
          - name: email
            fides_meta: {{identity: email}}
          - name: item
"""
PEOPLE = [
    {
        "id": 1,
        "name": "Ada Åström",
        "seen_at": "2026-11-02T09:00:00Z",
        "email": "ada@example.org",
        "second_email": "ada.home@example.net",
    },
    {"id": 2, "name": "Bo", "seen_at": None, "email": "bo@example.org", "second_email": None},
]
STRANGERS = PEOPLE[1:]
APPROVED = NOON + timedelta(days=1)
INVOICES = [{"number": n, "email": "ada@example.org", "item": f"canary-item {n}"} for n in range(3)]


def connect(key: str = "shop", label: str = "Shop", **rows: list[dict[str, object]]) -> DataSource:
    """Connect a shop in which Ada has an account and three invoices."""
    return connect_source(
        key=key,
        kind="in_memory",
        label=label,
        settings={"rows": {"people": PEOPLE, "invoices": INVOICES} | rows},
        map_yaml=MAP.format(key=key, label=label),
        by=SYSTEM,
        at=NOON,
    )


def now_holds(source: DataSource, *, fails: str = "", **rows: list[dict[str, object]]) -> None:
    """Change what the shop holds, as a person who erased by hand would have."""
    held = {"people": PEOPLE, "invoices": INVOICES} | rows
    change_settings(source=source, settings={"rows": held, "fails": fails}, by=SYSTEM, at=NOON)


def search(subject_request: SubjectRequest, *, at: datetime = NOON) -> None:
    """Let the running search come to its end."""
    run = latest_run(subject_request)
    assert run is not None
    for task in run.tasks.all():
        search_source(task_id=task.pk, at=at)
    finish_run(run_id=run.pk, at=at)
    subject_request.refresh_from_db()


def fresh(subject_request: SubjectRequest) -> SubjectRequest:
    """The row as it is now."""
    return SubjectRequest.objects.get(pk=subject_request.pk)


def checked_deletion(**details: object) -> SubjectRequest:
    """A deletion whose dry run is done."""
    asked = a_request_in(S.FULFILLING, right="deletion", **details)
    search(asked)
    return fresh(asked)


def end(
    task: ChangeTask,
    state: ChangeState = ChangeState.DONE,
    *,
    by: StaffMember | None = None,
    at: datetime = NOON + timedelta(days=9),
) -> ChangeTask:
    """Somebody ends a change."""
    note = "" if state == ChangeState.DONE else "The archive is written once."
    ending = Ending(state=state, note=note, records_changed=1 if state == ChangeState.DONE else None)
    return end_change(task_id=task.pk, ending=ending, by=Actor.staff(by or rosa()), at=at)


def end_all(subject_request: SubjectRequest, state: ChangeState = ChangeState.DONE) -> None:
    """Everything that is open is ended."""
    for task in ChangeTask.objects.filter(subject_request=subject_request, state=ChangeState.OPEN):
        end(task, state)
    read_changes_back(subject_request)


def read_changes_back(subject_request: SubjectRequest, *, at: datetime = NOON + timedelta(days=9)) -> None:
    """What a worker does with every look that is due, after which the request goes on."""
    for row in ReadBackWork.objects.filter(free_work(), change__subject_request=subject_request):
        read_back(row_id=row.pk, at=at)
    finish_changes(subject_request_id=subject_request.pk, at=at)


def propose(asked: SubjectRequest) -> None:
    """Rosa has read the dry run."""
    perform(subject_request_id=asked.pk, move=Move.PROPOSE_DELETION, by=Actor.staff(rosa()), at=NOON)


def approve(asked: SubjectRequest, *, at: datetime = APPROVED) -> SubjectRequest:
    """Piet agrees."""
    return approve_deletion(
        subject_request_id=asked.pk, typed_reference=asked.reference, by=Actor.staff(piet()), at=at
    )


def waiting(**details: object) -> SubjectRequest:
    """A deletion that waits for its day."""
    asked = checked_deletion(**details)
    propose(asked)
    return approve(asked)


def erasing(**details: object) -> SubjectRequest:
    """A deletion that has begun."""
    asked = waiting(**details)
    assert begin_deletion(subject_request_id=asked.pk, at=asked.waits_until)
    return fresh(asked)


def complete(asked: SubjectRequest, reason: str = "") -> SubjectRequest:
    """Rosa completes it."""
    return complete_deletion(
        subject_request_id=asked.pk, reason=reason, by=Actor.staff(rosa()), at=NOON + timedelta(days=12)
    )
