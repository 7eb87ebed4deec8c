"""A source that a person answers for: asked once by mail, waited for without a worker, and taken over when answered."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fulfillment.connectors.asking import Held
from fulfillment.findings.gather import search_source
from fulfillment.findings.models import FoundFile
from fulfillment.findings.selectors import findings_of
from fulfillment.findings.store import lines_of
from fulfillment.owners.answer import answer_task
from fulfillment.owners.errors import NothingHandedIn, OwnerLinkExpired, OwnerLinkNotValid, OwnerTaskEnded
from fulfillment.owners.hand_in import hand_in_document, hand_in_records, take_back
from fulfillment.owners.link import task_behind
from fulfillment.owners.models import OwnerMail, OwnerTask, OwnerUpload
from fulfillment.owners.papers import checked_paper
from fulfillment.owners.reassign import reassign_task
from fulfillment.owners.remind import remind_owner
from fulfillment.runs.finish import finish_run
from fulfillment.runs.models import SourceTask
from fulfillment.runs.selectors import latest_run
from fulfillment.runs.settle import exclude_source, retry_source
from fulfillment.runs.states import SourceState
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from requests_app.leases.lease import due
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.states import RequestState
from tests.archive import ANN, connect_archive, last_link
from tests.factories import NOON, a_request_in, rosa

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=5)
CSV = b"number,email,about\n7,ada@example.org,Contract of 2017\n8,ada@example.org,Letters\n"


@pytest.fixture(autouse=True)
def store_folder(settings, tmp_path) -> None:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


def _search(asked: SubjectRequest) -> SourceTask:
    run = latest_run(asked)
    assert run is not None
    task = run.tasks.get()
    search_source(task_id=task.pk, at=LATER)
    return run.tasks.get()


def _asked() -> tuple[SubjectRequest, OwnerTask]:
    connect_archive()
    asked = a_request_in(RequestState.FULFILLING)
    _search(asked)
    return asked, OwnerTask.objects.get()


def test_whoever_answers_is_mailed_once_and_no_worker_is_held() -> None:
    asked, owner = _asked()
    task = _search(asked)
    assert OwnerTask.objects.count() == OwnerMail.objects.count() == 1
    (mail,) = owner.mails.all()
    assert mail.to_address == ANN
    assert "ada@" not in mail.subject + mail.text + mail.html
    assert "Ada" not in mail.subject + mail.text + mail.html
    assert (task.source_state, task.waits_for) == (SourceState.ASKED, "Ann Archivist")
    assert task.leased_until is None
    assert task.pk not in due(SourceTask)
    assert task.source.failures_in_row == 0


def test_the_token_of_the_link_is_kept_as_a_hash_only() -> None:
    _, owner = _asked()
    token = last_link(owner)
    assert task_behind(token, at=LATER) == owner
    assert task_behind(token.upper(), at=LATER) == owner
    row = OwnerTask.objects.filter(pk=owner.pk).values().get()
    assert not any(token in str(value) for value in row.values())
    with pytest.raises(OwnerLinkNotValid):
        task_behind("0" * 32, at=LATER)
    with pytest.raises(OwnerLinkExpired):
        task_behind(token, at=owner.link_expires_at)


def test_what_is_handed_in_becomes_findings_and_original_files_and_is_forgotten_here() -> None:
    asked, owner = _asked()
    hand_in_records(task_id=owner.pk, collection="folders", content=CSV, at=LATER)
    letter = checked_paper(SimpleUploadedFile("x.exe", "Dear Ada, …".encode()))
    hand_in_document(task_id=owner.pk, collection="papers", label="Letter of May", file=letter, at=LATER)
    answer_task(task_id=owner.pk, held=Held.FOUND, note="Shelf A3", at=LATER)
    assert latest_run(asked).tasks.get().pk in due(SourceTask)
    task = _search(asked)
    assert (task.source_state, task.rows_seen) == (SourceState.FOUND, 3)
    (archive,) = findings_of(asked)
    found = {
        each.collection.name: [json.loads(row) for row in lines_of(each.finding)] for each in archive.findings
    }
    assert [row["number"] for row in found["folders"]] == [7, 8]
    (paper,) = found["papers"]
    file = FoundFile.objects.get()
    assert (paper["document"], paper["file"], paper["email"]) == (
        "Letter of May",
        "002.txt",
        "ada@example.org",
    )
    assert (file.name, file.sha256, file.media_type) == ("002.txt", paper["sha256"], "text/plain")
    assert not OwnerUpload.objects.exists()
    assert OwnerTask.objects.get().identities == ()
    assert finish_run(run_id=task.run_id, at=LATER)


def test_nothing_held_ends_the_search_with_none() -> None:
    asked, owner = _asked()
    answer_task(task_id=owner.pk, held=Held.NOTHING, note="Looked under A and in the register.", at=LATER)
    task = _search(asked)
    assert (task.source_state, task.rows_seen) == (SourceState.NONE_FOUND, 0)


def test_who_cannot_answer_leaves_the_source_to_the_staff_who_may_ask_again() -> None:
    asked, owner = _asked()
    with pytest.raises(BadInput, match="Say why"):
        answer_task(task_id=owner.pk, held=Held.CANNOT, note=" ", at=LATER)
    answer_task(task_id=owner.pk, held=Held.CANNOT, note="The archive is flooded.", at=LATER)
    task = _search(asked)
    assert task.source_state is SourceState.FAILED
    assert "Ann Archivist cannot answer" in task.last_error
    assert "flooded" not in task.last_error
    later = LATER + timedelta(hours=1)
    retry_source(task_id=task.pk, by=Actor.staff(rosa()), at=later)
    again = OwnerTask.objects.get()
    assert again.is_open
    assert task_behind(last_link(again), at=later) == again
    assert _search(asked).source_state is SourceState.ASKED


def test_an_answer_that_does_not_fit_what_was_handed_in_is_refused() -> None:
    _, owner = _asked()
    with pytest.raises(NothingHandedIn):
        answer_task(task_id=owner.pk, held=Held.FOUND, note="", at=LATER)
    upload = hand_in_records(task_id=owner.pk, collection="folders", content=CSV, at=LATER)
    with pytest.raises(BadInput, match="Take it back first"):
        answer_task(task_id=owner.pk, held=Held.NOTHING, note="", at=LATER)
    take_back(task_id=owner.pk, upload_id=upload.pk)
    answer_task(task_id=owner.pk, held=Held.NOTHING, note="", at=LATER)
    with pytest.raises(OwnerTaskEnded):
        hand_in_records(task_id=owner.pk, collection="folders", content=CSV, at=LATER)


def test_somebody_else_gets_a_link_of_their_own_and_the_first_one_is_dead() -> None:
    _, owner = _asked()
    first = last_link(owner)
    by, at = Actor.staff(rosa()), LATER + timedelta(hours=1)
    reassign_task(task_id=owner.pk, name="Ben", address="ben@archive.example", by=by, at=at)
    with pytest.raises(OwnerLinkNotValid):
        task_behind(first, at=at)
    mail = OwnerMail.objects.get(work_state="waiting")
    assert mail.to_address == "ben@archive.example"
    assert task_behind(last_link(OwnerTask.objects.get()), at=at).owner_name == "Ben"


def test_reminders_follow_and_then_others_are_told() -> None:
    member = rosa()
    connect_archive(escalate_to="head@archive.example")
    _search(a_request_in(RequestState.FULFILLING))
    owner = OwnerTask.objects.get()
    half_way = owner.asked_at + (owner.answer_by - owner.asked_at) / 2
    assert abs(owner.next_attempt_at - half_way) < timedelta(minutes=1)
    OwnerTask.objects.update(next_attempt_at=NOON)
    assert remind_owner(task_id=owner.pk, at=half_way)
    assert not remind_owner(task_id=owner.pk, at=half_way)
    told = [(mail.notice, mail.to_address) for mail in OwnerMail.objects.order_by("written_at")]
    assert told == [("owner_asked", ANN), ("owner_reminded", ANN)]
    OwnerTask.objects.update(next_attempt_at=NOON)
    assert remind_owner(task_id=owner.pk, at=owner.answer_by)
    escalated = OwnerMail.objects.filter(notice="owner_escalated")
    assert {mail.to_address for mail in escalated} >= {"head@archive.example", member.email}
    outside = next(mail for mail in escalated if mail.to_address.startswith("head"))
    assert "/staff/" not in outside.text
    assert AuditEntry.objects.filter(event="owner.reminded").count() == 2


def test_leaving_the_search_ends_the_task_and_its_link() -> None:
    asked, owner = _asked()
    token = last_link(owner)
    perform(subject_request_id=asked.pk, move=Move.WITHDRAW, by=Actor.subject(asked.reference), at=LATER)
    with pytest.raises(OwnerTaskEnded, match="no longer wanted"):
        task_behind(token, at=LATER)
    assert OwnerTask.objects.get().identities == ()


def test_leaving_the_source_out_ends_the_task_too() -> None:
    asked, owner = _asked()
    task = latest_run(asked).tasks.get()
    exclude_source(task_id=task.pk, reason="The archive burnt down.", by=Actor.staff(rosa()), at=LATER)
    assert not OwnerTask.objects.get(pk=owner.pk).is_open
