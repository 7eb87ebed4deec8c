"""The page of diagrams names everything that a machine holds, and the figures are counted, not written."""

import pytest

from requests_app.lifecycle.diagram import all_diagrams, figures
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.moves import Move


@pytest.mark.parametrize("code", sorted(RIGHTS))
def test_a_right_is_drawn_with_each_of_its_arrows(code: str) -> None:
    section = all_diagrams().split(f"## {code}\n")[1].split("\n## ")[0]
    for each in arrows(RIGHTS[code].machine):
        assert f"    {each.source.value} --> {each.target.value}: {each.move.value}\n" in section


def test_the_figures_add_up() -> None:
    counted = figures()
    assert counted["rights"] == len(RIGHTS)
    assert counted["states x moves tried"] == counted["states reached, over all rights"] * len(Move)
    assert counted["rights x regimes, granted"] > counted["regimes"]
