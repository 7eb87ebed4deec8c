"""Settings are read as values or from files, and what is wrong with them is said in a sentence."""

import base64
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from omne_dsar import environment

_KEY = base64.b64encode(bytes(range(32))).decode()


def test_a_value_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREETING", "hello")
    assert environment.text("GREETING") == "hello"


def test_a_file_is_read_where_there_is_no_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "greeting").write_text("hello\n")
    monkeypatch.setenv("GREETING_FILE", str(tmp_path / "greeting"))
    assert environment.text("GREETING") == "hello"


def test_what_is_missing_is_named_with_both_ways_to_give_it() -> None:
    with pytest.raises(ImproperlyConfigured, match="GREETING is missing: set GREETING, or GREETING_FILE"):
        environment.text("GREETING")


def test_a_file_that_is_not_there_is_named_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREETING_FILE", "/nowhere/greeting")
    with pytest.raises(ImproperlyConfigured, match="GREETING_FILE names a file that cannot be read"):
        environment.text("GREETING", "default")


@pytest.mark.parametrize(("written", "meant"), [("yes", True), ("1", True), ("off", False), ("FALSE", False)])
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("LOUD", written)
    assert environment.flag("LOUD", default=not meant) is meant


def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUD", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="LOUD must be yes or no"):
        environment.flag("LOUD", default=True)


def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_PORT", "eighty")
    with pytest.raises(ImproperlyConfigured, match="WEB_PORT must be a whole number"):
        environment.number("WEB_PORT", 8000)


def test_a_key_ring_keeps_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RING", f"new:{_KEY}, old:{base64.b64encode(bytes(32)).decode()}")
    assert list(environment.key_ring("RING", None)) == ["new", "old"]


@pytest.mark.parametrize("written", ["k1", ":" + _KEY, f"k1:{_KEY},k1:{_KEY}", "k1:c2hvcnQ="])
def test_a_key_ring_that_cannot_be_used_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("RING", written)
    with pytest.raises(ImproperlyConfigured, match="RING must") as refusal:
        environment.key_ring("RING", None)
    assert _KEY not in str(refusal.value)


def test_a_development_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = environment.key("CODE_KEY", tmp_path / "keys")
    assert environment.key("CODE_KEY", tmp_path / "keys") == first
    assert (tmp_path / "keys" / "code_key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_a_development_key(tmp_path: Path) -> None:
    seen: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: seen.append(environment.key("CODE_KEY", tmp_path))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_a_database_address_is_taken_apart() -> None:
    found = environment.database("postgresql://me:p%40ss@db.example:5433/cases?sslmode=require")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("cases", "me", "p@ss")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("db.example", "5433", {"sslmode": "require"})


def test_another_kind_of_database_is_refused_without_showing_the_address() -> None:
    with pytest.raises(ImproperlyConfigured, match="must begin with postgresql://") as refusal:
        environment.database("mysql://root:hunter2@db/cases")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+starttls://mail.example", 587, True, False),
        ("smtps://mail.example:4650", 4650, False, True),
    ],
)
def test_a_mail_server_says_how_it_is_spoken_to(url: str, port: int, starttls: bool, tls: bool) -> None:
    found = environment.mail_server(url)
    assert (found.host, found.port, found.starttls, found.tls) == ("mail.example", port, starttls, tls)


def test_only_what_is_set_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_ENDPOINT", "http://store")
    names = {"endpoint_url": "STORE_ENDPOINT", "key": "STORE_ACCESS_KEY"}
    assert environment.given(names) == {"endpoint_url": "http://store"}
