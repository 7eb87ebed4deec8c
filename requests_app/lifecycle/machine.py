"""The machine of a right, read from its declarations: which moves lead from where to where."""

import inspect
from dataclasses import dataclass
from functools import cache

from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.states import RequestState


@dataclass(frozen=True)
class Arrow:
    """One move from one state to another."""

    source: RequestState
    move: Move
    target: RequestState


@cache
def arrows(machine: type[SubjectRequest]) -> tuple[Arrow, ...]:
    """Every arrow of a machine that can be reached from its first state, in the order of the states.

    Moves common to all rights are declared once, from states that not every right has: those go no way here.
    """
    field = machine._meta.get_field("state")
    found = [
        Arrow(RequestState(str(each.source)), Move(each.name), RequestState(str(each.target)))
        for each in field.get_all_transitions(machine)
    ]
    order = list(RequestState)
    reached, waiting = {RequestState.RECEIVED}, [RequestState.RECEIVED]
    while waiting:
        state = waiting.pop()
        onward = {each.target for each in found if each.source is state} - reached
        reached |= onward
        waiting += onward
    found = [each for each in found if each.source in reached]
    return tuple(sorted(found, key=lambda arrow: (order.index(arrow.source), arrow.move.value)))


def sources_of(machine: type[SubjectRequest], move: Move) -> list[RequestState]:
    """The states out of which a move leads."""
    return [arrow.source for arrow in arrows(machine) if arrow.move is move]


def moves_from(machine: type[SubjectRequest], state: str) -> list[Move]:
    """The moves that leave a state, in the order in which Move declares them."""
    leaving = {arrow.move for arrow in arrows(machine) if arrow.source == state}
    return [move for move in Move if move in leaving]


@cache
def takes_staff(machine: type[SubjectRequest], move: Move) -> bool:
    """Whether a move of this machine writes down who made it."""
    return "staff_id" in inspect.signature(getattr(machine, move.value)).parameters
