"""The pages of whoever answers for a source: link and code open one task, and nothing else does."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fulfillment.findings.gather import search_source
from fulfillment.owners.models import OwnerMail, OwnerTask
from fulfillment.runs.selectors import latest_run
from requests_app.audit.models import AuditEntry
from requests_app.identity.tries import ALLOWED
from requests_app.lifecycle.states import RequestState
from requests_app.roles import Role
from tests.archive import code_of, connect_archive, last_link
from tests.desk import signed_in
from tests.factories import a_request_in, staff

pytestmark = pytest.mark.django_db
CSV = b"number,email,about\n7,ada@example.org,Contract of 2017\n"


@pytest.fixture
def owner(settings, tmp_path) -> OwnerTask:
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}
    connect_archive()
    now = timezone.now()
    asked = a_request_in(RequestState.FULFILLING, at=now - timedelta(days=1))
    run = latest_run(asked)
    assert run is not None
    search_source(task_id=run.tasks.get().pk, at=now)
    return OwnerTask.objects.get()


def _opened(owner: OwnerTask) -> Client:
    client, token = Client(), last_link(owner)
    client.post(reverse("owners:send_code", args=[token]))
    answer = client.post(reverse("owners:door", args=[token]), {"code": code_of(owner).lower()})
    assert answer.headers["Location"] == reverse("owners:task")
    return client


def test_a_link_alone_shows_nobody_and_looking_changes_nothing(owner: OwnerTask) -> None:
    client = Client()
    before = OwnerTask.objects.values().get()
    for _ in range(3):
        page = client.get(reverse("owners:door", args=[last_link(owner)]))
    assert page.status_code == 200
    assert "ada@" not in page.content.decode()
    assert OwnerTask.objects.values().get() == before
    assert client.get(reverse("owners:task")).status_code == 403


def test_link_and_code_open_one_task_with_whom_to_look_for(owner: OwnerTask) -> None:
    page = _opened(owner).get(reverse("owners:task"))
    assert "ada@example.org" in page.content.decode()
    assert "Ada Åström" not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert AuditEntry.objects.filter(event="owner.opened", actor_kind="owner").count() == 1


def test_the_link_does_not_work_in_another_browser_without_a_code_of_its_own(owner: OwnerTask) -> None:
    _opened(owner)
    other = Client()
    assert other.get(reverse("owners:task")).status_code == 403
    used = other.post(reverse("owners:door", args=[last_link(owner)]), {"code": code_of(owner)})
    assert used.status_code == 400


def test_codes_cannot_be_guessed_and_a_new_one_does_not_reset_the_count(owner: OwnerTask) -> None:
    client, door = Client(), reverse("owners:door", args=[last_link(owner)])
    for _ in range(ALLOWED):
        client.post(reverse("owners:send_code", args=[last_link(owner)]))
        assert client.post(door, {"code": "AAAA2222"}).status_code == 400
    assert client.post(door, {"code": code_of(owner)}).status_code == 429


def test_somebody_who_asks_for_codes_all_day_sends_few_mails(owner: OwnerTask) -> None:
    client = Client()
    for _ in range(20):
        client.post(reverse("owners:send_code", args=[last_link(owner)]))
    assert OwnerMail.objects.filter(notice="owner_code").count() == 6


def test_a_member_of_staff_of_that_address_needs_no_code(owner: OwnerTask) -> None:
    member = staff("Ann Archivist", Role.SOURCE_OWNER)
    owner.owner_address = member.email
    owner.save()
    client = signed_in(member)
    door = reverse("owners:door", args=[last_link(owner)])
    assert client.post(door).headers["Location"] == reverse("owners:task")
    stranger = signed_in(staff("Mallory", Role.CASE_WORKER))
    assert stranger.post(door).status_code == 422


def test_records_are_handed_in_and_a_refusal_names_the_row(owner: OwnerTask) -> None:
    client = _opened(owner)
    wrong = SimpleUploadedFile("f.csv", CSV + b"8,joan@example.org,x\nnine,ada@example.org,x\n")
    page = client.post(reverse("owners:records"), {"collection": "folders", "file": wrong})
    assert page.status_code == 400
    assert "Row 2" in page.content.decode()
    assert ">Row 3: number is to be a whole number.<" in page.content.decode()
    assert "somebody else" in page.content.decode()
    right = SimpleUploadedFile("f.csv", CSV)
    client.post(reverse("owners:records"), {"collection": "folders", "file": right})
    assert owner.uploads.get().rows == 1
    client.post(reverse("owners:answer"), {"held": "found", "note": ""})
    owner.refresh_from_db()
    assert owner.held == "found"
    assert "Thank you" in client.get(reverse("owners:task")).content.decode()


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00\x03", b"%PDF-1.7\n/OpenAction << /S /JavaScript >>\n%%EOF", b"PK\x03\x04\x00\x00", b""],
)
def test_a_document_that_runs_or_hides_something_is_refused(owner: OwnerTask, content: bytes) -> None:
    client = _opened(owner)
    file = SimpleUploadedFile("letter.pdf", content)
    page = client.post(reverse("owners:paper"), {"collection": "papers", "label": "Letter", "paper": file})
    assert page.status_code == 422
    assert not owner.uploads.exists()


def test_an_upload_without_an_opened_task_is_not_even_read(owner: OwnerTask) -> None:
    file = SimpleUploadedFile("f.csv", CSV)
    answer = Client().post(reverse("owners:records"), {"collection": "folders", "file": file})
    assert answer.status_code in {400, 403}
    assert not owner.uploads.exists()


def test_an_expired_link_offers_a_new_one_to_the_address_on_file(owner: OwnerTask) -> None:
    token = last_link(owner)
    OwnerTask.objects.update(link_expires_at=timezone.now() - timedelta(minutes=1))
    client = Client()
    page = client.get(reverse("owners:door", args=[token]))
    assert page.status_code == 410
    assert "expired" in page.content.decode()
    client.post(reverse("owners:new_link", args=[token]))
    newest = OwnerMail.objects.order_by("written_at").last()
    assert newest is not None
    assert newest.to_address == owner.owner_address
    assert client.get(reverse("owners:door", args=[last_link(owner)])).status_code == 200
    assert client.get(reverse("owners:door", args=[token])).status_code == 404


def test_staff_see_who_is_awaited_and_ask_somebody_else(owner: OwnerTask) -> None:
    client = signed_in(staff("Rosa", Role.CASE_WORKER))
    reference = owner.subject_request.reference
    page = client.get(reverse("runs:sources", args=[reference])).content.decode()
    assert "Waiting for Ann Archivist" in page
    other = {"name": "Ben", "address": "ben@archive.example"}
    client.post(reverse("owners:reassign", args=[reference, owner.pk]), other)
    owner.refresh_from_db()
    assert owner.owner_address == "ben@archive.example"


def test_a_mail_that_did_not_arrive_is_said_and_its_address_stands_there_to_be_mended(
    owner: OwnerTask,
) -> None:
    owner.mails.update(work_state="dead", last_error="The mail server answered 550.")
    client = signed_in(staff("Rosa", Role.CASE_WORKER))
    reference = owner.subject_request.reference
    page = client.get(reverse("runs:sources", args=[reference])).content.decode()
    assert "Our mail to them could not be delivered. The mail server answered 550." in page
    reassign = reverse("owners:reassign", args=[reference, owner.pk])
    form = client.get(reassign).content.decode()
    assert "Our mail to Ann Archivist could not be delivered." in form
    assert f'value="{owner.owner_address}"' in form
    client.post(reassign, {"name": "Ann Archivist", "address": "ann@archive.example"})
    page = client.get(reverse("runs:sources", args=[reference])).content.decode()
    assert "could not be delivered" not in page
