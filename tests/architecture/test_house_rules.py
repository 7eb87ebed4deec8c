"""The rules of the house that a machine can check, over every file of the product."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
PACKAGES = ("omne_dsar", "requests_app", "fulfillment")
SOURCES = sorted(
    path for package in PACKAGES for path in (BASE / package).rglob("*.py") if "migrations" not in path.parts
)
BANNED = {"utils", "helpers", "common", "misc", "data", "info", "process"}
# The demo company is made by chance from a fixed seed: nothing of it is a secret.
BY_CHANCE = BASE / "omne_dsar" / "demo"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _named(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(BASE)}:{getattr(node, 'lineno', 1)}"


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*SOURCES, *(BASE / "tests").rglob("*.py")]
    assert [str(each) for each in files if len(each.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_no_function_is_longer_than_40_lines() -> None:
    """What it says of itself is not counted."""
    long = [
        _named(path, each)
        for path, tree in _trees().items()
        for each in _functions(tree)
        if _length(each) > 40
    ]
    assert long == []


def _length(function: Function) -> int:
    said = function.body[0] if ast.get_docstring(function) else None
    docstring = (said.end_lineno or said.lineno) - said.lineno + 1 if said else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in SOURCES if path.stem in BANNED or path.parent.name in BANNED] == []


def test_every_module_and_package_says_what_it_is() -> None:
    silent = [str(path) for path, tree in _trees().items() if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_imports_stand_at_the_top_but_for_those_that_wait_for_the_apps() -> None:
    inside = [
        _named(path, each)
        for path, tree in _trees().items()
        for function in _functions(tree)
        for each in ast.walk(function)
        if isinstance(each, ast.Import | ast.ImportFrom)
        and (path.name, function.name) != ("apps.py", "ready")
    ]
    assert inside == []


def test_chance_comes_from_secrets() -> None:
    """Codes drawn by `random` were foreseen elsewhere (CVE-2023-48224); nothing of ours may be."""
    loose = [
        _named(path, each)
        for path, tree in _trees().items()
        if BY_CHANCE not in path.parents
        for each in ast.walk(tree)
        if "random" in _imported(each)
    ]
    assert loose == []


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {name.name.split(".")[0] for name in node.names}
    return {(node.module or "").split(".")[0]} if isinstance(node, ast.ImportFrom) else set()


# A date in a Retry-After header, a case drawn for a page, how a search stands on it now, and a sign-in, which comes as
# a signal of allauth and not as a call.
MAY_READ_A_CLOCK = {
    "fulfillment/connectors/http.py",
    "fulfillment/runs/models.py",
    "fulfillment/runs/table.py",
    "requests_app/accounts/recorded.py",
    "requests_app/review/case.py",
}
DOORS = {
    "views.py",
    "staff_views.py",
    "queue.py",
    "tasks.py",
    "panel.py",
    "panels.py",
}


def is_door(name: str) -> bool:
    """Views may be spread over several files, each named after what it shows."""
    return name in DOORS or name.startswith("views_")


def test_no_clock_is_read_below_the_doors() -> None:
    """Moments are arguments; `monotonic` measures, which is something else."""
    reading = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
    found = {
        str(path.relative_to(BASE))
        for path, tree in _trees().items()
        if not is_door(path.name) and "commands" not in path.parts and BASE / "omne_dsar" not in path.parents
        for each in ast.walk(tree)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and (each.value.id, each.attr) in reading
    }
    assert found == MAY_READ_A_CLOCK


def test_the_word_request_is_djangos() -> None:
    """A parameter called `request` is an HttpRequest; ours is a `subject_request`, without exception."""
    wrong = [
        _named(path, argument)
        for path, tree in _trees().items()
        for function in _functions(tree)
        for argument in [*function.args.args, *function.args.kwonlyargs]
        if argument.arg == "request"
        and (argument.annotation is None or not _is_a_web_request(argument.annotation))
    ]
    assert wrong == []


def _is_a_web_request(annotation: ast.expr) -> bool:
    """Django's, that of a web library whose method is overridden, or pytest's in the contracts that are shipped."""
    return ast.unparse(annotation) in {"HttpRequest", "httpx.Request", "pytest.FixtureRequest", "object"}


def test_the_arrows_between_the_parts_hold() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=BASE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("command", ["check", "makemigrations --check --dry-run requests_app"])
def test_the_case_stands_without_the_work(command: str) -> None:
    """requests_app is whole without fulfillment: nothing of it imports, mounts or migrates the other."""
    script = (
        "import sys, django; from django.core.management import call_command; from django.urls import resolve;"
        f"django.setup(); call_command(*{command.split()!r}); resolve('/'); resolve('/staff/');"
        "sys.exit([name for name in sys.modules if name.split('.')[0] == 'fulfillment'][:3] or 0)"
    )
    alone = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=BASE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings_alone"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr


def test_a_proof_is_added_in_one_place_only() -> None:
    performing = {
        str(path.relative_to(BASE))
        for path, tree in _trees().items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "perform"
        for each in ast.walk(call)
        if isinstance(each, ast.Attribute) and each.attr == "ADD_PROOF"
    }
    assert performing == {"requests_app/identity/prove.py"}
