"""Everything sealed comes under the new key, whatever is under way; broken off, it goes on; nothing is lost."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as product
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from fulfillment.bundles.models import Bundle
from fulfillment.runs.models import SourceTask
from requests_app.accounts.adapters import StaffMFAAdapter
from requests_app.correspondence.models import Message
from requests_app.encryption.files import open_sealed
from requests_app.encryption.rotation.places import sealed_columns
from requests_app.encryption.rotation.renew import renew, standing
from requests_app.encryption.store import current_store
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState
from tests.factories import a_request_in, ada_asks, rosa
from tests.fulfillment.changes.shop import search
from tests.servers import database_url
from tests.sources import connect_shop

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = {"k1": b"o" * 32}, {"k2": b"n" * 32}


@pytest.fixture(autouse=True)
def old_ring(settings: Any, tmp_path: Path) -> None:
    settings.FIELD_KEYS = dict(OLD)
    settings.STORE_URL, settings.STORE_OPTIONS = f"file://{tmp_path}/store", {}


@pytest.fixture
def lived_in(settings: Any) -> SubjectRequest:
    """A request whose search has files, mails and a factor of staff; then a new key is put first."""
    connect_shop()
    asked = a_request_in(RequestState.FULFILLING)
    search(asked)
    for number in range(5):
        ada_asks(email=f"ada{number}@example.org")
    sealed = StaffMFAAdapter().encrypt("JBSWY3DP")
    Authenticator.objects.create(user=rosa(), type="totp", data={"secret": sealed})
    settings.FIELD_KEYS = NEW | OLD
    return asked


def _rotate(*words: str) -> dict[str, Any]:
    said = StringIO()
    call_command("rotate_keys", "--json", *words, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_everything_opens_with_the_new_key_alone(lived_in: SubjectRequest, settings: Any) -> None:
    before = _rotate("--dry-run")
    assert before["not_under_active"] == before["values"]["k1"] > 40
    assert before["removable"] == []
    done = _rotate()
    assert (done["renewed"], done["not_under_active"], done["removable"]) == (
        before["values"]["k1"],
        0,
        ["k1"],
    )
    settings.FIELD_KEYS = dict(NEW)
    asked = SubjectRequest.objects.get(pk=lived_in.pk)
    assert asked.subject_name == "Ada Åström"
    assert all(str(each.text) for each in Message.objects.all())
    secret = Authenticator.objects.get().data["secret"]
    assert StaffMFAAdapter().decrypt(secret) == "JBSWY3DP"
    task = SourceTask.objects.exclude(store_name="").get()
    with open_sealed(current_store(), name=task.store_name, wrapped_key=bytes(task.wrapped_key)) as file:
        assert b"Ada" in file.read()


def test_a_dry_run_changes_nothing(lived_in: SubjectRequest) -> None:
    assert _rotate("--dry-run")["values"] == _rotate("--dry-run")["values"]


def test_every_sealed_column_and_file_key_of_every_app_is_known() -> None:
    names = {column.name for column in sealed_columns()}
    assert "fulfillment_bundle.wrapped_key" in names
    assert "requests_app_subjectrequest.subject_email" in names
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE data_type = 'bytea' "
            "AND table_schema = 'public'"
        )
        stored = {row[0] for row in cursor.fetchall()}
    # What a timestamp authority answers is public.
    assert stored - names == {"requests_app_anchordeposit.answer"}


def test_a_value_that_does_not_open_is_named_and_left(lived_in: SubjectRequest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE requests_app_subjectrequest SET subject_name = set_byte(subject_name, 20, 7) WHERE id = %s",
            [lived_in.pk],
        )
    with pytest.raises(
        CommandError, match=f"1 values do not open, the first is .*subject_name of row {lived_in.pk}"
    ):
        _rotate()
    assert standing().others == 0


def test_a_row_that_is_written_back_as_it_was_read_is_met_again(lived_in: SubjectRequest) -> None:
    read_before = SubjectRequest.objects.get(pk=lived_in.pk)
    renew(told=lambda _place, _count: None)
    read_before.save()
    assert standing().others > 0
    renew(told=lambda _place, _count: None)
    assert standing().others == 0


def test_a_row_that_somebody_holds_waits_for_a_later_round(lived_in: SubjectRequest) -> None:
    held, let_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            SubjectRequest.objects.select_for_update().get(pk=lived_in.pk)
            held.set()
            let_go.wait(30)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert held.wait(30)
    renew(told=lambda _place, _count: None)
    assert standing().others > 0
    let_go.set()
    holder.join()
    renew(told=lambda _place, _count: None)
    assert standing().others == 0


@pytest.fixture
def rotating(lived_in: SubjectRequest, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, stopped in the middle by a row that it has to write."""
    ring = ",".join(f"{name}:{base64.b64encode(key).decode()}" for name, key in (NEW | OLD).items())
    environment = {**os.environ, "DATABASE_URL": database_url(), "FIELD_KEYS": ring}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", "--json"],
        cwd=product.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_and_nothing_is_lost(
    lived_in: SubjectRequest, rotating: subprocess.Popen[str]
) -> None:
    while standing().by_key["k2"] == 0 and rotating.poll() is None:
        pass
    rotating.send_signal(signal.SIGKILL)
    rotating.wait()
    found = standing()
    assert not found.broken
    assert found.by_key["k2"] > 0
    assert _rotate()["not_under_active"] == 0
    assert not Bundle.objects.exists()


def test_a_ring_without_the_old_key_says_what_is_missing(lived_in: SubjectRequest, settings: Any) -> None:
    settings.FIELD_KEYS = dict(NEW)
    with pytest.raises(CommandError, match=r"k1|do not open"):
        _rotate("--dry-run")


def test_the_command_says_which_key_may_leave(lived_in: SubjectRequest) -> None:
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "values were sealed again" in said.getvalue()
    assert "k1: nothing; it may leave FIELD_KEYS" in said.getvalue()
