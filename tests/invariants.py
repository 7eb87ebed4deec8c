"""What must hold whatever was killed, cut off or sent twice, asked of the database and the store themselves."""

import hashlib
import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import redis
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from fulfillment.bundles.models import Bundle, BundleState
from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.models import ChangeState, Hand
from fulfillment.changes.read_backs.models import Occasion, ReadBackWork
from fulfillment.findings.models import Finding
from fulfillment.findings.store import lines_of
from fulfillment.runs.models import FulfillmentRun, SourceTask
from fulfillment.runs.states import RunState
from fulfillment.transmissions.models import Sending
from requests_app.audit.models import AuditEntry
from requests_app.audit.verify import verify_chain
from requests_app.correspondence.models import Message
from requests_app.encryption.files import open_sealed
from requests_app.encryption.store import current_store
from requests_app.leases.models import LeasedWork, WorkState
from requests_app.letters.models import Letter
from requests_app.lifecycle.clock import response_deadline
from requests_app.lifecycle.known_rights import machine_of
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.models import IdentityLevel, SubjectRequest
from requests_app.lifecycle.proof import demanded
from requests_app.lifecycle.states import RequestState as S
from requests_app.reminders.models import StaffMail
from tests import canary
from tests.mailbox import Mailbox
from tests.waiting import wait_until

# What the people of the tests are called, as bytes that must stand in no message and no log.
PERSONAL = (b"@example.org", "Åström".encode(), "Åström".encode("unicode_escape"))
NEEDS_PROOF = (S.FULFILLING, S.CHECKING, S.PREPARING, S.AWAITING_RELEASE, S.READY, S.COMPLETED)


def check_invariants(mailbox: Mailbox | None = None) -> None:
    """Fail with a sentence when anything that must always hold does not: asked of one moment, while work goes on."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _check(mailbox)


def _check(mailbox: Mailbox | None) -> None:
    for subject_request in SubjectRequest.objects.select_related("submission"):
        _it_is_there_once_with_its_time_and_date(subject_request)
        _every_state_was_reached_by_its_moves(subject_request)
    for run in FulfillmentRun.objects.filter(state=RunState.FINISHED):
        _each_source_ended_once(run)
    _each_message_is_sent_once(mailbox)
    _bundles_are_complete_or_invisible()
    report = verify_chain()
    assert report.intact, report.flaw
    _a_receipt_means_that_the_source_confirmed()
    _nobody_holds_what_is_over()
    _stuck_work_says_why()


def check_store() -> None:
    """No file without a row that names it.

    A worker that was overtaken may still be about to delete the file that it wrote: it is waited for. What a killed
    one left is nobody's to delete until a day later, so that a test of kills cleans up before it asks.
    """
    with suppress(AssertionError):
        wait_until(lambda: not _nameless(), seconds=20)
    assert not _nameless(), "a file lies in the store that no row names"


def _nameless() -> set[str]:
    """Files that no row names; a file is asked for before the rows, one of which may take it over meanwhile."""
    files = set(current_store().names())
    models = (SourceTask, Bundle, Letter, Sending)
    return files - {name for model in models for name in model.objects.values_list("store_name", flat=True)}


def check_privacy(broker: redis.Redis, *logs: Path) -> None:
    """I12: neither the broker nor a log holds anything personal."""
    with suppress(redis.ConnectionError):
        for name in broker.scan_iter():
            content = canary.content_of(broker, name)
            assert not any(each in content for each in PERSONAL), f"{name!r} in the broker is personal"
    for log in logs:
        said = log.read_bytes()
        assert not any(each in said for each in PERSONAL), f"{log.name} holds something personal"


def _it_is_there_once_with_its_time_and_date(subject_request: SubjectRequest) -> None:
    """I1, I2: accepted once, with its receipt time; the stored date is the one its events give."""
    assert subject_request.received_at == subject_request.submission.received_at
    received = AuditEntry.objects.filter(target_id=str(subject_request.pk), event="request.received")
    assert received.count() == 1
    assert subject_request.response_due_on == response_deadline(subject_request).due


def _every_state_was_reached_by_its_moves(subject_request: SubjectRequest) -> None:
    """I3: the audit, replayed, leads over real arrows to where the request stands, past proof and approval."""
    state, version, allowed = S.RECEIVED, 1, arrows(machine_of(subject_request))
    events = []
    for entry in AuditEntry.objects.filter(target_id=str(subject_request.pk)).order_by("id"):
        facts = json.loads(entry.facts)
        if not {"from", "to"} <= facts.keys():
            continue
        assert facts["from"] == state, f"{subject_request}: {entry.event} leaves {facts['from']}, not {state}"
        assert any((each.source, each.target) == (facts["from"], facts["to"]) for each in allowed)
        state, version = S(facts["to"]), version + 1
        events.append(entry.event)
    assert (state, version) == (subject_request.state, subject_request.version)
    if state in NEEDS_PROOF:
        assert subject_request.identity_level >= demanded(subject_request) > IdentityLevel.NONE
        assert events.index("request.identity_confirmed") < events.index("request.approved")
    if state in (S.READY, S.COMPLETED):
        preparers = {subject_request.approved_by_id, subject_request.reviewed_by_id}
        assert subject_request.released_by_id not in preparers


def _each_source_ended_once(run: FulfillmentRun) -> None:
    """I4: one row and one result a source; what was found lies in its file, line by line."""
    tasks = list(run.tasks.all())
    assert len({task.source_id for task in tasks}) == len(tasks)
    searched = AuditEntry.objects.filter(event="source.searched", target_id=str(run.subject_request_id))
    runs = FulfillmentRun.objects.filter(subject_request=run.subject_request_id).count()
    times = Counter(json.loads(entry.facts)["source"] for entry in searched)
    for task in tasks:
        assert task.work_state == WorkState.DONE or task.is_excluded, f"{task} has no end"
        assert times[task.source.key] <= runs, (
            f"{task.source.key} was searched to the end more than once a run"
        )
        found = list(Finding.objects.filter(task=task))
        assert len({each.collection for each in found}) == len(found)
        assert sum(each.row_count for each in found) == task.rows_seen
        # What a deletion found is forgotten with it; counts stay.
        is_forgotten = not task.store_name and run.subject_request.is_closed
        for each in found if not is_forgotten else ():
            assert len(list(lines_of(each))) == each.row_count


def _each_message_is_sent_once(mailbox: Mailbox | None) -> None:
    """I6: recorded as sent once, and with one Message-ID however often the mail server had it."""
    sent = Message.objects.filter(work_state=WorkState.DONE)
    to_staff = StaffMail.objects.filter(work_state=WorkState.DONE)
    assert AuditEntry.objects.filter(event="message.sent").count() == sent.count() + to_staff.count()
    if mailbox is not None:
        ids = {str(mail["Message-ID"]) for mail in mailbox.messages}
        assert set(sent.values_list("rfc_message_id", flat=True)) <= ids


def _bundles_are_complete_or_invisible() -> None:
    """I7: a copy that shows is whole and matches its hash; any other cannot be seen."""
    for bundle in Bundle.objects.filter(state=BundleState.COMPLETE):
        digest = hashlib.sha256()
        with open_sealed(
            current_store(), name=bundle.store_name, wrapped_key=bytes(bundle.wrapped_key)
        ) as copy:
            for chunk in copy.chunks():
                digest.update(chunk)
        assert digest.hexdigest() == bundle.sha256
    for bundle in Bundle.objects.exclude(state=BundleState.COMPLETE).select_related("subject_request"):
        assert not bundle.is_open(at=timezone.now())
        if bundle.subject_request.state in (S.AWAITING_RELEASE, S.READY):
            others = Bundle.objects.filter(subject_request=bundle.subject_request, state=BundleState.COMPLETE)
            assert others.exists(), "a request stands for approval without a complete copy"


def _a_receipt_means_that_the_source_confirmed() -> None:
    """I5: done by a source with its receipt and once; what was only noted is not called done."""
    for row in SourceChange.objects.select_related("change__source"):
        done = row.change.state == ChangeState.DONE and row.change.hand == Hand.CONNECTOR
        assert done == (row.confirmed_at is not None), f"{row} and its change do not agree"
        if done:
            assert row.receipt is not None
            assert row.change.records_changed == row.receipt.rows
    by_sources = SourceChange.objects.filter(work_state=WorkState.DONE).count()
    done_by_system = AuditEntry.objects.filter(event="change.done", actor_kind="system").count()
    assert by_sources == done_by_system, "a change is recorded as done more often than it was"


def _kinds_of_work() -> list[type[LeasedWork]]:
    """Every table whose rows somebody takes under a lease."""
    return [model for model in apps.get_models() if issubclass(model, LeasedWork)]


def _nobody_holds_what_is_over() -> None:
    """I9: what is done, dead or cancelled is held by nobody."""
    for model in _kinds_of_work():
        held = model._default_manager.exclude(work_state=WorkState.WAITING).filter(leased_until__isnull=False)
        assert not held.exists(), f"a {model.__name__} that is over is still held"


def _stuck_work_says_why() -> None:
    """I11: whatever was given up, or is put off for more than a moment, has its reason in a sentence."""
    later = timezone.now() + timedelta(seconds=30)
    stuck = Q(work_state=WorkState.DEAD) | Q(work_state=WorkState.WAITING, next_attempt_at__gt=later)
    # A second look waits for its day.
    on_their_day = Q(pk__in=ReadBackWork.objects.filter(occasion=Occasion.LATER).values("pk"))
    for model in _kinds_of_work():
        for row in model._default_manager.filter(stuck).exclude(on_their_day):
            assert row.last_error.endswith("."), f"{row} is stuck and does not say why"
