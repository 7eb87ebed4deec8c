"""What the system lacks is installed by the administrator, or named with what to type."""

import subprocess

import pytest

from omne_dsar import system_parts
from omne_dsar.system_parts import Part


def _lacking(*, needed: bool) -> dict[str, tuple[Part, ...]]:
    return {"pdf": (Part("Pango", "PDF letters", "libpango", lambda: False, needed=needed),)}


@pytest.fixture
def ordinary_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone who may not install anything."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.delenv("OMNE_REQUIRE_ALL", raising=False)


def test_a_missing_part_is_named_with_what_to_type(
    ordinary_user: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_parts, "PARTS", _lacking(needed=True))
    assert system_parts.main(["pdf"]) == 1
    assert "Pango (for PDF letters). Type: sudo apt-get install libpango" in capsys.readouterr().err


def test_a_missing_font_is_named_and_stops_nobody(
    ordinary_user: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_parts, "PARTS", _lacking(needed=False))
    assert system_parts.main(["pdf"]) == 0
    assert "Pango" in capsys.readouterr().err


def test_where_everything_is_required_a_missing_font_stops_the_run(
    ordinary_user: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_parts, "PARTS", _lacking(needed=False))
    monkeypatch.setenv("OMNE_REQUIRE_ALL", "1")
    assert system_parts.main(["pdf"]) == 1


def test_the_administrator_gets_it_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(system_parts, "PARTS", _lacking(needed=True))
    assert system_parts.main(["pdf"]) == 0
    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert commands[1][-1] == "libpango"
