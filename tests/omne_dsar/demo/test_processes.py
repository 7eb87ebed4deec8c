"""The help desk, the mailbox and the other company as processes of their own."""

import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from omne_dsar.embedded import ports
from tests.company import SmallCompany

MOST_MEGABYTES = 45


def started(words: list[str], port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, "-m", *words], stderr=subprocess.PIPE)
    for _ in range(200):
        if ports.says_ok(port, "/health"):
            return process
        if process.poll() is not None:
            break
        psutil.Process(process.pid).cpu_percent(0.05)
    process.kill()
    raise AssertionError(process.communicate()[1].decode())


def test_the_help_desk_is_light_and_stops_when_told(company: SmallCompany) -> None:
    port = ports.free_port()
    words = ["omne_dsar.demo.desk", "--port", str(port), "--data", str(company.desk_file)]
    process = started(words, port)
    megabytes = psutil.Process(process.pid).memory_info().rss / 1024 / 1024
    process.terminate()

    assert process.wait(10) == 0
    assert megabytes < MOST_MEGABYTES
    assert process.communicate()[1] == b""


def test_the_mailbox_is_light_and_stops_when_told(tmp_path: Path) -> None:
    smtp_port, port = ports.free_port(), ports.free_port()
    words = ["omne_dsar.demo.mailbox", "--smtp-port", str(smtp_port), "--http-port", str(port)]
    process = started([*words, "--folder", str(tmp_path / "mail")], port)
    megabytes = psutil.Process(process.pid).memory_info().rss / 1024 / 1024
    process.terminate()

    assert process.wait(10) == 0
    assert megabytes < MOST_MEGABYTES
    assert process.communicate()[1] == b""


def test_the_other_company_is_light_and_stops_when_told(tmp_path: Path) -> None:
    words = ["--port", str(ports.free_port()), "--folder", str(tmp_path), "--sender", "http://127.0.0.1:1"]
    command = [sys.executable, "-m", "omne_dsar.demo.wren", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert b"takes copies" in process.stdout.readline()
    megabytes = psutil.Process(process.pid).memory_info().rss / 1024 / 1024
    process.terminate()

    assert process.wait(10) == 0
    assert megabytes < MOST_MEGABYTES
    assert process.communicate()[1] == b""


@pytest.mark.parametrize("part", ["desk", "mailbox", "wren"])
def test_none_of_them_loads_the_product(part: str) -> None:
    module = f"omne_dsar.demo.{part}.__main__"
    code = f"import sys, {module}; print({{'django', 'fulfillment', 'celery'}} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "set()"


def test_a_port_that_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "desk.jsonl").touch()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["--port", str(port), "--data", str(tmp_path / "desk.jsonl")]
        desk = subprocess.run(
            [sys.executable, "-m", "omne_dsar.demo.desk", *words], capture_output=True, text=True
        )

    assert desk.returncode == 1
    assert desk.stderr == f"Port {port} is taken; set DESK_PORT to a free one.\n"


def test_a_help_desk_without_data_says_so(tmp_path: Path) -> None:
    words = ["--data", str(tmp_path / "missing.jsonl")]
    desk = subprocess.run(
        [sys.executable, "-m", "omne_dsar.demo.desk", *words], capture_output=True, text=True
    )

    assert desk.returncode == 2
    assert "has no data" in desk.stderr
