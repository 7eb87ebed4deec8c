"""Asking for a code says nothing about which references exist: neither in words nor in work."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from requests_app.audit.models import AuditEntry
from requests_app.correspondence.models import Message
from requests_app.identity.confirm import enter_portal, send_new_code
from requests_app.identity.errors import WrongCode
from requests_app.identity.models import MailedCode
from tests.factories import ada_asks

pytestmark = pytest.mark.django_db
UNKNOWN = "OM-2222-2222"


def _questions(ask: Callable[[], object]) -> list[str]:
    """The statements that were sent, without their values."""
    with CaptureQueriesContext(connection) as sent:
        ask()
    return [query["sql"].split(" ")[0] for query in sent.captured_queries]


def _tries(reference: str) -> None:
    with pytest.raises(WrongCode):
        enter_portal(reference=reference, code="AAAA-BBBB", at=timezone.now())


def test_a_new_code_for_an_unknown_reference_takes_the_same_work() -> None:
    known = ada_asks(at=timezone.now()).reference
    work = [
        _questions(lambda each=each: send_new_code(reference=each, at=timezone.now()))
        for each in (known, UNKNOWN)
    ]
    written = [[each for each in sent if each not in ("SELECT", "ROLLBACK", "RELEASE")] for sent in work]
    assert written[0] == written[1]
    assert written[0].count("INSERT") >= 3
    # A stranger's request is looked for from a random key on, and from the first where there is none after it.
    assert abs(work[0].count("SELECT") - work[1].count("SELECT")) <= 1


def test_nothing_of_the_work_for_an_unknown_reference_is_kept() -> None:
    asked = ada_asks(at=timezone.now())
    before = [rows.objects.count() for rows in (MailedCode, Message, AuditEntry)]
    for _often in range(5):
        send_new_code(reference=UNKNOWN, at=timezone.now())
    assert [rows.objects.count() for rows in (MailedCode, Message, AuditEntry)] == before
    assert asked.messages.count() == 1


def test_a_wrong_code_takes_the_same_work_for_a_known_and_an_unknown_reference() -> None:
    known = ada_asks(at=timezone.now()).reference
    assert _questions(lambda: _tries(known)) == _questions(lambda: _tries(UNKNOWN))
