"""Requests through a real Celery worker: `many COUNT NOTHINGS ADDRESS…`; the addresses are taken in turn."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import psycopg
import redis
from django.conf import settings

from bench.cost import cpu_seconds, peak_memory, processes_of, say
from bench.measures.cases import a_request, approve, case_worker, shop_source
from bench.measures.worker import app
from fulfillment.bundles.models import Bundle, BundleState
from omne_dsar.embedded import children
from omne_dsar.embedded.children import Program

_PATIENCE = 600.0
# So many requests beforehand: each process of the worker has loaded what it needs.
WARM = 4


def main(count: int, nothings: int, addresses: list[str]) -> None:
    """Measure from the first approval to the last copy that waits for its release."""
    shop_source()
    staff = case_worker()
    known = cycle(addresses)
    first_ones, asked = ([a_request(email) for email in islice(known, some)] for some in (WARM, count))
    broker = redis.Redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    worker = _hire()
    try:
        rate = _rate_of_nothing(broker, nothings)
        watched = [os.getpid(), worker.pid, int(os.environ["BENCH_POSTMASTER"])]
        done = Bundle.objects.filter(state=BundleState.COMPLETE).count() + WARM
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            for each in first_ones:
                approve(each, staff)
            _seconds_until(lambda: _complete(connection) == done, time.perf_counter())
        before, begun = cpu_seconds(watched), time.perf_counter()
        # Watched beside the approvals: the first may be done before the last is approved.
        with ThreadPoolExecutor(1) as watching:
            first_seen = watching.submit(_seconds_until_more, done, begun)
            for each in asked:
                approve(each, staff)
            first = first_seen.result()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            last = _seconds_until(lambda: _complete(connection) == done + count, begun)
        cpu = (cpu_seconds(watched) - before) / count
        memory = max(peak_memory(process) for process in processes_of(worker.pid))
    finally:
        children.stop(worker, _PROGRAM)
    say(first=first, last=last, cpu=cpu, nothing_a_second=rate, tasks_a_second=2 * count / last, peak=memory)


_PROGRAM = Program(
    name="worker",
    command=(
        *(
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "--skip-checks",
            "-A",
            "bench.measures.worker",
            "worker",
        ),
        *(
            "--concurrency=2",
            "--queues=work,copies",
            "--without-gossip",
            "--without-mingle",
            "--loglevel=WARNING",
        ),
    ),
    environment={"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"},
    patience=25,
)


def _hire() -> "subprocess.Popen[bytes]":
    """A worker that has done its first task in each of its processes."""
    worker = children.launch(_PROGRAM, output=sys.stderr.fileno())
    begun = time.perf_counter()
    for _each in range(4):
        app.send_task("bench.nothing", queue="work")
    broker = redis.Redis.from_url(settings.REDIS_URL)
    _seconds_until(lambda: _is_idle(broker), begun)
    return worker


def _rate_of_nothing(broker: redis.Redis, nothings: int) -> float:
    begun = time.perf_counter()
    for _each in range(nothings):
        app.send_task("bench.nothing", queue="work")
    return nothings / _seconds_until(lambda: _is_idle(broker), begun)


def _is_idle(broker: redis.Redis) -> bool:
    return not broker.llen("work") and not broker.hlen("unacked")


def _seconds_until_more(done: int, begun: float) -> float:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        return _seconds_until(lambda: _complete(connection) > done, begun)


def _complete(connection: psycopg.Connection) -> int:
    # Asked often while the worker works: without Django, which would take time from it.
    found = connection.execute("SELECT count(*) FROM fulfillment_bundle WHERE state = 'complete'").fetchone()
    return found[0] if found else 0


def _seconds_until(condition: Callable[[], bool], begun: float) -> float:
    while not condition():
        if time.perf_counter() - begun > _PATIENCE:
            raise TimeoutError("The worker did not come to an end.")
        time.sleep(0.02)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
