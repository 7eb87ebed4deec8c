"""What keeps the demo from starting is one sentence; what was prepared is not prepared again."""

import fcntl
import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from omne_dsar.embedded import demo, ports, preparation, state
from omne_dsar.embedded.errors import CannotStart
from omne_dsar.embedded.state import Services


@pytest.fixture(autouse=True)
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ports that no other test uses, and no server of one's own."""
    for name in ("WEB_PORT", "MAILBOX_PORT", "SMTP_PORT", "DESK_PORT"):
        monkeypatch.setenv(name, str(ports.free_port()))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_a_port_in_use_is_named_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, int(os.environ["DESK_PORT"])))
        other.listen()
        with pytest.raises(CannotStart, match=r"is used by another program: .* with DESK_PORT="):
            demo.run_demo(tmp_path, reset=False)


def test_a_full_disk_is_said_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    with pytest.raises(CannotStart, match="The disk is nearly full"):
        demo.run_demo(tmp_path, reset=False)


def test_one_folder_holds_one_running_demo(tmp_path: Path) -> None:
    with (tmp_path / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CannotStart, match="already runs from this folder"):
            demo.run_demo(tmp_path, reset=False)


def test_a_database_of_ones_own_is_never_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@elsewhere/cases")
    with pytest.raises(CannotStart, match="unset DATABASE_URL first"):
        demo.run_demo(tmp_path, reset=True)


def test_a_reset_keeps_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("postgres", "demo", "keys"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    with pytest.raises(CannotStart):
        demo.run_demo(tmp_path, reset=True)
    assert (tmp_path / "keys").exists()
    assert not (tmp_path / "postgres").exists()
    assert not (tmp_path / "demo").exists()


def test_what_is_prepared_is_known_until_an_address_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo").mkdir()
    assert not preparation.is_done(tmp_path)
    preparation.note_done(tmp_path)
    assert preparation.is_done(tmp_path)
    monkeypatch.setenv("DESK_PORT", "1")
    assert not preparation.is_done(tmp_path)


def test_the_addresses_of_running_servers_are_found_again_and_forgotten(tmp_path: Path) -> None:
    nowhere = state.running_services(tmp_path)
    services = Services(database_url="postgresql://a", redis_url="redis://b")
    state.write_services(tmp_path, services)
    assert state.running_services(tmp_path) == services
    assert state.state_file(tmp_path).stat().st_mode & 0o077 == 0
    state.forget_services(tmp_path)
    assert state.running_services(tmp_path) == nowhere


def test_a_spoilt_note_of_addresses_is_no_address(tmp_path: Path) -> None:
    state.write_services(tmp_path, Services(database_url="a", redis_url="b"))
    state.state_file(tmp_path).write_text("{half")
    assert state.running_services(tmp_path).database_url.endswith("127.0.0.1:1/omne_dsar")
