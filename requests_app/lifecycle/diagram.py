"""Draws the machine of each right as a Mermaid diagram, for the docs, and counts what the machines hold."""

from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import FACTS as MOVE_FACTS
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.rights.base import Right
from requests_app.lifecycle.states import CLOSED, FACTS, RequestState


def all_diagrams() -> str:
    """The whole page: what every state means, then one section per right."""
    sections = "\n".join(_section(right) for right in RIGHTS.values())
    return (
        "# The state machines\n\n"
        "Drawn from the code by `manage.py draw_lifecycle`; the gate fails when this page is out of date.\n\n"
        f"{_states()}\n{sections}"
    )


def figures() -> dict[str, int]:
    """How many laws, rights, states and moves there are, and how many pairs of them the tests try."""
    reached = {code: states_of(right.machine) for code, right in RIGHTS.items()}
    laws = [jurisdiction(key) for key in regimes()]
    return {
        "regimes": len(laws),
        "rights": len(RIGHTS),
        "rights x regimes, granted": sum(len(law.rights) for law in laws),
        "states": len(RequestState),
        "moves": len(Move),
        "states reached, over all rights": sum(len(states) for states in reached.values()),
        "arrows, over all rights": sum(len(arrows(right.machine)) for right in RIGHTS.values()),
        "states x moves tried": sum(len(states) for states in reached.values()) * len(Move),
        "pairs of states compared with the reviewed matrices": len(RIGHTS) * len(RequestState) ** 2,
    }


def states_of(machine: type[SubjectRequest]) -> list[RequestState]:
    """The states that a machine can reach, in their order."""
    reached = {each.target for each in arrows(machine)} | {RequestState.RECEIVED}
    return [state for state in RequestState if state in reached]


def _states() -> str:
    lines = ["| state | for the staff | whose turn | our clock |", "| --- | --- | --- | --- |"]
    for state in RequestState:
        facts = FACTS[state]
        clock = "runs" if facts.clock_runs else "has stopped"
        lines.append(f"| {state.value} | {state.label} | {facts.turn.label} | {clock} |")
    return "\n".join([*lines, ""])


def _section(right: Right) -> str:
    found = arrows(right.machine)
    lines = [
        f"## {right.code}",
        "",
        f"{right.label}.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> received",
    ]
    lines += [f"    {each.source.value} --> {each.target.value}: {each.move.value}" for each in found]
    ends = [state for state in states_of(right.machine) if state in CLOSED]
    lines += [f"    {state.value} --> [*]" for state in ends]
    lines += ["```", "", "| move | made by |", "| --- | --- |"]
    for move in (move for move in Move if any(each.move is move for each in found)):
        lines.append(f"| {move.value} | {', '.join(sorted(MOVE_FACTS[move].kinds))} |")
    return "\n".join([*lines, ""])
