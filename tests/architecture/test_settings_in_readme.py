"""Every setting is in the README's table, in the order of the settings file, and nothing else is."""

import ast
import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
_READERS = {"text", "flag", "number", "listing", "secret", "key", "key_ring", "old_keys", "further_keys"}
_NAME = re.compile(r"`([A-Z][A-Z_]+)`")


def settings_read() -> list[str]:
    """Return the names that settings.py reads, in its order, each once."""
    tree = ast.parse((BASE / "omne_dsar" / "settings.py").read_text(encoding="utf-8"))
    names: dict[str, int] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        arguments = node.args[:1]
        if node.func.attr == "given":
            arguments = [value for mapping in node.args for value in mapping.values]  # type: ignore[attr-defined]
        elif node.func.attr not in _READERS:
            continue
        for argument in arguments:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                names.setdefault(argument.value, argument.lineno)
    return sorted(names, key=lambda name: names[name])


def settings_described() -> list[str]:
    """Return the names in the first column of the README's table of settings."""
    readme = (BASE / "README.md").read_text(encoding="utf-8")
    table = readme.partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in _NAME.findall(row)]


def test_every_setting_is_described() -> None:
    assert set(settings_read()) - set(settings_described()) == set()


def test_everything_described_is_a_setting() -> None:
    assert set(settings_described()) - set(settings_read()) == set()


def test_the_table_is_in_the_order_of_the_settings() -> None:
    assert settings_described() == settings_read()


def test_a_setting_is_described_once() -> None:
    assert len(settings_described()) == len(set(settings_described()))
