"""A file shows that a change was made: looked at, sealed, handed to staff only, and known by its hash."""

import hashlib
import io
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from fulfillment.changes.certificate import receipts_of
from fulfillment.changes.models import ChangeState, ChangeTask, ReceiptFile
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.encryption.store import current_store
from requests_app.letters.write import seal_of
from requests_app.lifecycle.keeping import kept_until
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState as S
from requests_app.retention.base import Stage
from requests_app.retention.purge import purge_request
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, a_request_in, rosa, staff
from tests.fulfillment.changes.shop import connect

pytestmark = pytest.mark.django_db
DONE = {"ending": "done", "records_changed": "2"}


@pytest.fixture
def task() -> ChangeTask:
    connect()
    return ChangeTask.objects.get(subject_request=a_request_in(S.EXECUTING))


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(drawn, format="PNG")
    return drawn.getvalue()


def _end(client: Client, task: ChangeTask, content: bytes, name: str = "job.png") -> str:
    sent = {**DONE, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("changes:change", args=[task.pk]), sent, follow=True).content.decode()


def _open(client: Client, task: ChangeTask) -> object:
    return client.post(reverse("changes:receipt_file", args=[task.pk]))


def test_a_file_is_sealed_and_counts_by_its_hash(task: ChangeTask) -> None:
    _end(signed_in(staff("Sol Source", Role.SOURCE_OWNER)), task, _picture())
    kept = ReceiptFile.objects.get(task=task)
    answer = _open(signed_in(rosa()), task)
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == kept.sha256
    assert content.startswith(b"\x89PNG")
    assert answer["Content-Disposition"].startswith("attachment")
    with current_store().open(kept.store_name) as sealed:
        assert content[:64] not in sealed.read()
    (certified,) = receipts_of(task.subject_request)
    assert (certified.source, certified.sha256) == ("Shop", kept.sha256)
    facts = AuditEntry.objects.get(event="change.receipt_kept").facts
    assert seal_of(kept.sha256, kept.store_name) in facts
    assert kept.sha256 not in facts
    assert "job.png" not in facts
    assert AuditEntry.objects.filter(event="change.receipt_seen").count() == 1


def test_the_tab_of_the_case_shows_the_hash_and_the_way_to_the_file(task: ChangeTask) -> None:
    desk = signed_in(rosa())
    _end(desk, task, _picture())
    page = desk.get(reverse("changes:changes", args=[task.subject_request.reference])).content.decode()
    assert ReceiptFile.objects.get().sha256 in page
    assert reverse("changes:receipt_file", args=[task.pk]) in page


@pytest.mark.parametrize("content", [b"MZ program", b"", b"%PDF-1.7 /JavaScript %%EOF"])
def test_a_file_that_is_something_else_ends_nothing(task: ChangeTask, content: bytes) -> None:
    page = _end(signed_in(rosa()), task, content, "job.pdf")
    task.refresh_from_db()
    assert task.state == ChangeState.OPEN
    assert "error" in page
    assert not ReceiptFile.objects.exists()


def test_without_a_file_a_change_ends_as_before(task: ChangeTask) -> None:
    desk = signed_in(rosa())
    desk.post(reverse("changes:change", args=[task.pk]), DONE)
    task.refresh_from_db()
    assert task.state == ChangeState.DONE
    assert _open(desk, task).status_code == 404
    assert receipts_of(task.subject_request) == ()


def test_who_may_not_see_cases_gets_no_file(task: ChangeTask) -> None:
    _end(signed_in(rosa()), task, _picture())
    owner = signed_in(staff("Sol Source", Role.SOURCE_OWNER))
    assert _open(owner, task).status_code in (403, 404)
    assert _open(Client(), task).status_code in (302, 403)


def test_the_file_goes_on_the_day_the_record_of_its_request_goes_and_its_hash_stays(
    task: ChangeTask, django_capture_on_commit_callbacks: Any
) -> None:
    asked = a_refused_correction_with_a_receipt()
    kept = ReceiptFile.objects.get(task__subject_request=asked)
    # What was restricted while it was weighed is used again first: while a source owes that, nothing goes.
    ChangeTask.objects.filter(state=ChangeState.OPEN).update(state=ChangeState.CANCELLED, ended_at=NOON)
    until = kept_until(asked)
    assert until is not None
    name, day = kept.store_name, datetime.combine(until, time(12), UTC)
    assert purge_request(asked.pk, Stage.RECORD, at=day - timedelta(days=1)) is None
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_request(asked.pk, Stage.RECORD, at=day)
    assert not current_store().exists(name)
    assert not ReceiptFile.objects.filter(pk=kept.pk).exists()
    assert AuditEntry.objects.filter(event="change.receipt_deleted").count() == 1
    facts = AuditEntry.objects.get(event="change.receipt_kept", target_id=str(asked.pk)).facts
    assert kept.sha256 not in facts
    assert kept.store_name not in facts
    assert _open(signed_in(rosa()), kept.task).status_code == 404


def test_while_a_request_is_open_its_receipt_has_no_day(task: ChangeTask) -> None:
    other = a_request_in(S.WEIGHING)
    _end(signed_in(rosa()), ChangeTask.objects.get(subject_request=other), _picture())
    assert purge_request(other.pk, Stage.RECORD, at=NOON + timedelta(days=9999)) is None
    assert ReceiptFile.objects.get().store_name


def a_refused_correction_with_a_receipt() -> SubjectRequest:
    """What was restricted while it was weighed came with a file; then the request was closed."""
    asked = a_request_in(S.WEIGHING)
    _end(signed_in(rosa()), ChangeTask.objects.get(subject_request=asked), _picture())
    given = {"code": "manifestly_unfounded"}
    by = Actor.staff(rosa())
    return perform(
        subject_request_id=asked.pk, move=Move.REFUSE, by=by, at=NOON, reason="Because.", given=given
    )
