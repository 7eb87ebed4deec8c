"""Every background job: an id and nothing else travels, newer words are borne, a name says which app it is of."""

import ast
import inspect
from pathlib import Path

import pytest
from celery import Task
from django.conf import settings

from omne_dsar.celery import app
from omne_dsar.timetable import TIMETABLE

OURS = {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


@pytest.fixture(params=sorted(OURS))
def task(request: pytest.FixtureRequest) -> Task:
    return OURS[request.param]


def test_a_task_takes_ids_by_name_and_bears_what_it_does_not_know(task: Task) -> None:
    *ids, rest = inspect.signature(task.run).parameters.values()
    assert rest.kind is inspect.Parameter.VAR_KEYWORD, "an older worker must bear what a newer web sends"
    assert all(each.kind is inspect.Parameter.KEYWORD_ONLY for each in ids)
    assert all(each.name.endswith("_id") and each.annotation in (str, "str") for each in ids)


def test_a_task_is_named_after_its_app_and_its_function(task: Task) -> None:
    assert task.name == f"{task.run.__module__.partition('.')[0]}.{task.run.__name__}"


def test_a_task_is_a_door_two_to_a_few_lines_long(task: Task) -> None:
    body = ast.parse(inspect.getsource(task.run).strip()).body[0]
    assert isinstance(body, ast.FunctionDef)
    assert ast.get_docstring(body)
    assert (body.end_lineno or 0) - body.body[0].lineno <= 10


def test_messages_come_back_when_a_worker_dies_and_nothing_is_kept_of_them() -> None:
    conf = app.conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.result_backend is None
    assert conf.task_ignore_result
    assert conf.accept_content == ["json"]


def test_the_timetable_pokes_tasks_that_exist_and_need_nothing() -> None:
    for entry in TIMETABLE.values():
        task = OURS[entry["task"]]
        assert len(inspect.signature(task.run).parameters) == 1
        # Whether a poke is too old would be judged by the clocks of two machines.
        assert "options" not in entry


def test_nothing_but_ids_is_offered() -> None:
    """Every `offer(task, …)` and `.delay(…)` in the product passes ids."""
    loose = []
    for package in ("requests_app", "fulfillment"):
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and _queues(call.func):
                    loose += [
                        str(path) for word in call.keywords if word.arg and not word.arg.endswith("_id")
                    ]
    assert loose == []


def _queues(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in ("delay", "offer")
    return isinstance(function, ast.Name) and function.id == "offer"
