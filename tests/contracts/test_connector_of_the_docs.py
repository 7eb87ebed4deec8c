"""The connector that docs/connectors.md shows keeps the contract, and its tests are the ones shown there."""

import re
from pathlib import Path
from typing import Any

import pytest

import tests
from fulfillment.connectors.contract.suite import ConnectorContract, Harness

DOCS = Path(tests.__file__).parent.parent / "docs" / "connectors.md"


def _shown() -> dict[str, Any]:
    """What the page's Python defines, run from its top to its end."""
    names: dict[str, Any] = {"__name__": "shown"}
    for block in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, names)  # noqa: S102 - the page is ours
    return names


SHOWN = _shown()


class TestTheConnectorOfTheDocs(ConnectorContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> Harness:
        made: Harness = SHOWN["TestCardFile"].harness.__wrapped__(None, tmp_path)
        return made


def test_the_page_offers_what_the_registry_looks_for() -> None:
    assert SHOWN["CONNECTOR"].kind == "card_file"
