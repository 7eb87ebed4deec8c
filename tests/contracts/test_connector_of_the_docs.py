"""The connector that docs/connectors.md shows keeps the contract, and its tests are the ones shown there."""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import tests
from fulfillment.connectors.base import CONNECTORS, Connector
from fulfillment.connectors.contract.suite import ConnectorContract, Harness
from requests_app.registry import Registry

DOCS = Path(tests.__file__).parent.parent / "docs" / "connectors.md"


def _shown() -> dict[str, Any]:
    """What the page's Python defines, run from its top to its end."""
    names: dict[str, Any] = {"__name__": "shown"}
    for block in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, names)  # noqa: S102 - the page is ours
    return names


SHOWN = _shown()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry[type[Connector[Any]]]]:
    """The page's connector in a package beside ours, as pip leaves it, with the page's entry point."""
    page = DOCS.read_text(encoding="utf-8")
    code, declared = (re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL) for kind in ("python", "toml"))
    assert code
    assert declared
    ((group, points),) = tomllib.loads(declared[1])["project"]["entry-points"].items()
    ((key, where),) = points.items()
    site = tmp_path / "site"
    package, _, module = where.partition(".")
    (site / package).mkdir(parents=True)
    (site / package / "__init__.py").touch()
    (site / package / f"{module}.py").write_text(code[1], encoding="utf-8")
    about = site / f"{package}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{group}]\n{key} = {where}\n")
    monkeypatch.syspath_prepend(site)
    yield Registry(
        noun="connector", package="fulfillment.connectors.kinds", attribute="CONNECTOR", group=group
    )
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]


class TestTheConnectorOfTheDocs(ConnectorContract):
    """Found by its entry point, and asked everything that a connector must do."""

    @pytest.fixture
    def harness(self, tmp_path: Path, installed: Registry[type[Connector[Any]]]) -> Harness:
        shown: Harness = SHOWN["TestCardFile"].harness.__wrapped__(None, tmp_path)
        brought = installed.get("card_file")
        return replace(shown, connector=brought.from_settings({"path": shown.connector.settings.path}))


def test_the_page_s_example_is_twenty_lines() -> None:
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert code
    assert len([line for line in code[1].splitlines() if line.strip()]) <= 20


def test_our_registry_looks_where_the_page_says() -> None:
    assert f'"{CONNECTORS.group}"' in DOCS.read_text(encoding="utf-8")
