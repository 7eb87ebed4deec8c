"""Signatures of Standard Webhooks, held against an independent library."""

import base64
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from fulfillment.connectors.webhook_signing import is_signed, secret_bytes, signed_headers

SECRET, NEWER = "whsec_" + "QUFB" * 8, "whsec_" + "QkJC" * 8
BODY = b'{"type":"order","data":{}}'


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_what_we_sign_an_independent_library_accepts(now: datetime) -> None:
    headers = signed_headers([SECRET], key="msg_1", body=BODY, at=now)
    assert Webhook(SECRET).verify(BODY, headers) == {"type": "order", "data": {}}


def test_what_an_independent_library_signs_we_accept(now: datetime) -> None:
    signature = Webhook(NEWER).sign("msg_2", now, BODY.decode())
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    assert is_signed([SECRET, NEWER], headers, BODY, at=now)
    assert not is_signed([SECRET], headers, BODY, at=now)


def test_a_call_under_two_secrets_is_good_under_either(now: datetime) -> None:
    headers = signed_headers([NEWER, SECRET], key="msg_3", body=BODY, at=now)
    for secret in (SECRET, NEWER):
        assert Webhook(secret).verify(BODY, headers)
        assert is_signed([secret], headers, BODY, at=now)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_9"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "9" * 40},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1a,AAAA v1,ÄÄ"},
    ],
)
def test_whatever_was_changed_is_refused(now: datetime, changed: dict[str, str]) -> None:
    headers = {**signed_headers([SECRET], key="msg_1", body=BODY, at=now), **changed}
    assert not is_signed([SECRET], headers, BODY, at=now)


def test_another_body_is_refused(now: datetime) -> None:
    headers = signed_headers([SECRET], key="msg_1", body=BODY, at=now)
    assert not is_signed([SECRET], headers, BODY + b" ", at=now)


@pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_an_old_call_and_one_of_the_future_are_refused(now: datetime, off: timedelta) -> None:
    headers = signed_headers([SECRET], key="msg_1", body=BODY, at=now + off)
    assert not is_signed([SECRET], headers, BODY, at=now)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_!!!", "whsec_" + base64.b64encode(b"x" * 23).decode()]
)
def test_a_secret_that_is_none_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(ValueError, match=r"a signing secret is whsec_ and 24 to 64 bytes in base64$"):
        secret_bytes(secret)
