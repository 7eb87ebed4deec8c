"""Production starts only with everything in place; development starts with nothing."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]


def _key(number: int) -> str:
    return base64.b64encode(bytes([number] * 32)).decode()


COMPLETE = {
    "OMNE_ENV": "production",
    "PUBLIC_URL": "https://privacy.example.com",
    "SECRET_KEY": base64.b64encode(bytes(range(48))).decode(),
    "FIELD_KEYS": f"k1:{_key(1)}",
    "BLIND_INDEX_KEY": _key(2),
    "CODE_KEY": _key(3),
    "SIGNING_KEY": _key(4),
    "LEDGER_KEY": _key(5),
    "LEDGER_URL": "file:///srv/ledger",
    "DATABASE_URL": "postgresql://omne@127.0.0.1:1/omne_dsar",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "STORE_URL": "file:///tmp/omne-store",
    "DEFAULT_FROM_EMAIL": "privacy@example.com",
    "EMAIL_URL": "smtp+starttls://mail.example.com:587",
}


def check(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this environment and no other."""
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check",))],
        cwd=BASE,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_everything_in_place() -> None:
    done = check(COMPLETE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"OMNE_ENV"}))
def test_production_does_not_start_without(name: str) -> None:
    done = check({key: value for key, value in COMPLETE.items() if key != name})
    assert done.returncode != 0
    assert f"The setting {name} is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_does_not_start_with_a_weak_secret() -> None:
    done = check(COMPLETE | {"SECRET_KEY": "x" * 60})
    assert done.returncode != 0
    assert "SECRET_KEY is weak" in done.stderr


def test_a_secret_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(COMPLETE["SECRET_KEY"])
    without = {key: value for key, value in COMPLETE.items() if key != "SECRET_KEY"}
    assert check(without | {"SECRET_KEY_FILE": str(tmp_path / "secret")}).returncode == 0


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("check",), "no issues"),
        (("spectacular",), "openapi: 3"),
        (
            ("deadline", "--regime=eu-gdpr", "--right=access", "--received=2026-01-31T10:00:00+01:00"),
            "2026-02-2",
        ),
        (("verify_bundle", "pyproject.toml"), "This is not a bundle"),
    ],
)
def test_development_needs_no_environment_and_these_commands_no_server(
    tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    done = check({"OMNE_VAR": str(tmp_path)}, *command)
    assert said in done.stdout + done.stderr


def test_a_command_without_its_database_says_what_to_start(tmp_path: Path) -> None:
    done = check({"OMNE_VAR": str(tmp_path)}, "verify_audit")
    assert done.returncode == 1
    assert done.stderr.strip().endswith("Start `make demo`, or set DATABASE_URL to a server that runs.")
    assert "Traceback" not in done.stderr


def test_the_demo_is_refused_in_production() -> None:
    done = check(COMPLETE, "demo")
    assert done.returncode != 0
    assert "not for production" in done.stderr
