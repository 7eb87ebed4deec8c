"""The timetable names real tasks, Celery is set up to lose nothing, and ids travel with tasks."""

import base64
import json
import subprocess
import sys
import uuid
from pathlib import Path

import redis
import yaml
from django.conf import settings

from omne_dsar import logs
from omne_dsar.beat import MOST_WAITING, ModestScheduler
from omne_dsar.beat import app as beat_app
from omne_dsar.celery import app, drop_request_id, send_request_id, take_request_id


def test_every_entry_of_the_timetable_is_a_task() -> None:
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()


def test_pokes_that_nobody_took_do_not_pile_up(broker: redis.Redis, tmp_path: Path) -> None:
    """The length of the queue says so, which is the same for machines whose clocks differ."""
    name, scheduler = "fulfillment.sweep", ModestScheduler(app, schedule_filename=str(tmp_path / "beat"))
    entry = scheduler.Entry(name=name, task=name, schedule=15.0, app=app)
    for _poke in range(MOST_WAITING + 20):
        scheduler.apply_async(entry, advance=False)
    scheduler.close()
    assert broker.llen("work") == MOST_WAITING
    assert beat_app.conf.beat_scheduler is ModestScheduler


def test_beat_runs_the_same_timetable_through_the_same_queues() -> None:
    assert beat_app.conf.beat_schedule == app.conf.beat_schedule
    assert beat_app.conf.task_routes == app.conf.task_routes
    assert beat_app.conf.task_default_queue == app.conf.task_default_queue


def _queues_of(command: list[str]) -> list[str]:
    return next(word.partition("=")[2].split(",") for word in command if word.startswith("--queues="))


def test_in_production_every_queue_is_taken_and_mails_wait_for_nothing_else() -> None:
    compose = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text(encoding="utf-8"))
    commands = [service.get("command", []) for service in compose["services"].values()]
    taken = [_queues_of(command) for command in commands if "worker" in command]
    assert sorted(queue for queues in taken for queue in queues) == sorted(
        queue.name for queue in app.conf.task_queues
    )
    assert ["prompt"] in taken


def test_looks_at_dates_keep_no_mail_waiting() -> None:
    route = app.amqp.router.route
    assert route({}, "requests_app.deliver_message")["queue"].name == "prompt"
    assert route({}, "requests_app.send_reminders")["queue"].name == "dates"
    assert route({}, "requests_app.tidy_up")["queue"].name == "dates"


def test_the_first_copy_does_not_wait_for_the_last_search() -> None:
    route = app.amqp.router.route
    assert route({}, "fulfillment.build_bundle")["queue"].name == "copies"
    assert route({}, "fulfillment.search_source")["queue"].name == "work"
    # In turn: neither do searches wait for all the copies.
    assert app.conf.broker_transport_options.get("queue_order_strategy", "round_robin") == "round_robin"


def test_what_each_task_needs_is_loaded_before_the_worker_divides() -> None:
    loaded = (
        "from omne_dsar.celery import app, share_memory; app.loader.init_worker(); share_memory();"
        "import sys; wanted = {'fulfillment.connectors.kinds.postgresql', 'fulfillment.bundles.formats.html'};"
        "sys.exit(0 if wanted <= sys.modules.keys() and 'pyarrow' not in sys.modules else 1)"
    )
    assert subprocess.run([sys.executable, "-c", loaded], cwd=settings.BASE_DIR, check=False).returncode == 0


def test_a_task_is_handed_back_when_its_worker_is_lost() -> None:
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost) == (True, True)
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.result_backend is None
    assert app.conf.accept_content == ["json"]
    assert app.conf.timezone == "UTC"


def test_in_production_a_worker_of_processes_hands_back_what_it_does_not_finish() -> None:
    """Without the variable Celery waits without end for what is at work."""
    compose = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text(encoding="utf-8"))
    worker = compose["services"]["worker"]
    assert worker["environment"]["REMAP_SIGTERM"] == "SIGQUIT"
    assert int(worker["stop_grace_period"].rstrip("s")) > app.conf.worker_soft_shutdown_timeout + 10


def test_the_id_of_a_request_travels_in_the_headers_of_a_task() -> None:
    headers: dict[str, object] = {}
    logs.carry_request_id("a-request-id")
    try:
        send_request_id(headers=headers)
    finally:
        drop_request_id()
    assert headers == {"omne_request_id": "a-request-id"}
    assert logs.current_request_id() == "-"


def test_a_task_is_logged_under_the_id_it_came_with() -> None:
    task = app.tasks["fulfillment.sweep"]
    task.push_request(omne_request_id="another-id")
    try:
        take_request_id(task=task)
        assert logs.current_request_id() == "another-id"
    finally:
        drop_request_id()
        task.pop_request()


def test_a_message_in_the_broker_holds_ids_only(broker: redis.Redis) -> None:
    number = str(uuid.uuid4())
    app.send_task("fulfillment.search_source", kwargs={"task_id": number}, queue="work")
    (message,) = broker.lrange("work", 0, -1)
    _positional, given, _embedded = json.loads(base64.b64decode(json.loads(message)["body"]))
    assert given == {"task_id": number}
