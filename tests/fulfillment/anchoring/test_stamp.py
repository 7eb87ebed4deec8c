"""An anchor is stamped by a real authority, through the outgoing guard, and anybody can check the stamp."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rfc3161_client import decode_timestamp_response

from requests_app.audit.anchors import shelf
from requests_app.audit.anchors.deposit import leave_anchor
from requests_app.audit.anchors.in_order import with_certificates_in_order
from requests_app.audit.anchors.make import anchor_today
from requests_app.audit.anchors.models import AnchorDeposit
from requests_app.audit.check import check_audit
from requests_app.leases.models import WorkState
from tests.factories import NOON, ada_asks
from tests.json_server import Answer
from tests.tsa import OPENSSL, Authority, timestamp_authority

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    with timestamp_authority(tmp_path / "tsa") as found:
        settings.TIMESTAMP_URL = found.url
        settings.TIMESTAMP_CERTIFICATES = str(found.certificates)
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        yield found


@pytest.fixture
def deposit(authority: Authority) -> AnchorDeposit:
    """A stamp that is to be had."""
    ada_asks()
    anchor = anchor_today(at=NOON)
    assert anchor is not None
    return anchor.deposits.get(place="timestamp")


def _leave(deposit: AnchorDeposit) -> bool:
    AnchorDeposit.objects.update(next_attempt_at=NOON)
    left = leave_anchor(deposit_id=deposit.pk, at=NOON)
    deposit.refresh_from_db()
    return left


def test_the_stamp_lies_beside_the_anchor_and_openssl_agrees(
    deposit: AnchorDeposit, authority: Authority, tmp_path: Path
) -> None:
    assert _leave(deposit)
    files = dict(shelf.kept_files())
    name = next(each for each in files if each.endswith(".tsr"))
    (tmp_path / "anchor.json").write_bytes(files[name.removesuffix(".tsr")])
    (tmp_path / "anchor.tsr").write_bytes(files[name])
    command = [OPENSSL, "ts", "-verify", "-data", "anchor.json", "-in", "anchor.tsr", "-CAfile"]
    done = subprocess.run(
        [*command, str(authority.certificates)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in done.stdout + done.stderr
    report = check_audit()
    assert (report.flaw, report.reached.stamps) == ("", 1)


def test_certificates_in_the_order_of_their_chain_are_read_and_kept_as_they_came(
    deposit: AnchorDeposit,
) -> None:
    """OpenSSL writes them so, and the reader that we use takes them in the order of DER alone."""
    assert _leave(deposit)
    kept = next(content for name, content in shelf.kept_files() if name.endswith(".tsr"))
    with pytest.raises(ValueError, match="InvalidSetOrdering"):
        decode_timestamp_response(kept)
    ordered = with_certificates_in_order(kept)
    assert (len(ordered), sorted(ordered)) == (len(kept), sorted(kept))
    assert with_certificates_in_order(ordered) == ordered
    decode_timestamp_response(ordered)


def test_an_authority_that_refuses_is_quoted(deposit: AnchorDeposit, authority: Authority) -> None:
    """A digest that it does not take: an answer with a status and without a stamp."""
    refusal = authority.refusal()
    authority.instead = Answer(refusal)
    assert not _leave(deposit)
    assert "The timestamp authority refused: " in deposit.last_error


@given(content=st.binary(max_size=400))
def test_whatever_is_no_timestamp_comes_back_as_it_is(content: bytes) -> None:
    found = with_certificates_in_order(content)
    assert sorted(found) == sorted(content)


def test_a_stamp_of_something_else_is_found(deposit: AnchorDeposit, tmp_path: Path) -> None:
    assert _leave(deposit)
    first = next(path for path in tmp_path.rglob("*.tsr") if "anchors" in path.parts)
    ada_asks(email="late@example.org")
    later = anchor_today(at=NOON + timedelta(days=1))
    assert later is not None
    assert _leave(later.deposits.get(place="timestamp"))
    second = next(path for path in tmp_path.rglob("*.tsr") if "anchors" in path.parts and path != first)
    second.unlink()
    second.write_bytes(first.read_bytes())
    assert "not about its anchor" in check_audit().flaw


def test_an_authority_that_nobody_trusts_is_not_believed(
    deposit: AnchorDeposit, settings: Any, tmp_path: Path
) -> None:
    with timestamp_authority(tmp_path / "other") as other:
        settings.TIMESTAMP_CERTIFICATES = str(other.certificates)
        assert not _leave(deposit)
    assert "not of an authority" in deposit.last_error
    assert deposit.work_state == WorkState.WAITING


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer({}, status=503), "answered 503"),
        (Answer(b"nonsense"), "cannot be read as a timestamp"),
        (Answer(b"x" * 300_000), "more than a timestamp"),
    ],
)
def test_an_authority_in_trouble_is_asked_again(
    deposit: AnchorDeposit, authority: Authority, answer: Answer, reason: str
) -> None:
    authority.instead = answer
    assert not _leave(deposit)
    assert reason in deposit.last_error
    authority.instead = None
    assert _leave(deposit)


def test_an_authority_in_our_own_network_is_not_called_unless_it_is_named(
    deposit: AnchorDeposit, authority: Authority, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    settings.TIMESTAMP_URL = authority.url.replace("http://", "https://")
    assert not _leave(deposit)
    assert deposit.work_state == WorkState.DEAD
    assert "private network" in deposit.last_error
    assert authority.calls == 0
