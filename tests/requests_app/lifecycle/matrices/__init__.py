"""The state by state matrix of each right as reviewed data: a file per right, a line per pair of states with moves.

`source -> target: move, move` names every move between two states; a pair without a line has none.
"""

from pathlib import Path

from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState

Matrix = dict[tuple[RequestState, RequestState], frozenset[Move]]


def reviewed(code: str) -> Matrix:
    """The matrix of a right as it was reviewed: every pair of states, also those without a move."""
    found = dict.fromkeys(_pairs(), frozenset[Move]())
    for line in Path(__file__).with_name(f"{code}.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        states, moves = line.split(":")
        source, target = (RequestState(each.strip()) for each in states.split("->"))
        assert not found[source, target], f"{code}.txt names {source} -> {target} twice"
        found[source, target] = frozenset(Move(each.strip()) for each in moves.split(","))
    return found


def declared(machine: type[SubjectRequest]) -> Matrix:
    """The matrix that a machine declares."""
    found = dict.fromkeys(_pairs(), frozenset[Move]())
    for each in arrows(machine):
        found[each.source, each.target] |= {each.move}
    return found


def _pairs() -> list[tuple[RequestState, RequestState]]:
    return [(source, target) for source in RequestState for target in RequestState]
