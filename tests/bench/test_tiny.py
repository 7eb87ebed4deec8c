"""The command itself, from its servers to its last measure, on a shop of a few rows."""

import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_whole_bench_runs_on_a_tiny_shop() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--tiny"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "done" in done.stderr
