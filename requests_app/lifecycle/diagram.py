"""Draws the machine of each right as a Mermaid diagram, for the docs."""

from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.machine import arrows
from requests_app.lifecycle.rights.base import Right
from requests_app.lifecycle.states import CLOSED, FACTS, RequestState


def all_diagrams() -> str:
    """The whole page: one section per right."""
    sections = "\n".join(_section(right) for right in RIGHTS.values())
    return (
        "# The state machines\n\n"
        "Drawn from the code by `manage.py draw_lifecycle`; the gate fails when this page is out of date.\n\n"
        f"{sections}"
    )


def _section(right: Right) -> str:
    lines = [f"## {right.code}", "", "```mermaid", "stateDiagram-v2", "    [*] --> received"]
    found = arrows(right.machine)
    lines += [f"    {each.source.value} --> {each.target.value}: {each.move.value}" for each in found]
    lines += [f"    {state.value} --> [*]" for state in RequestState if state in CLOSED]
    lines += ["```", "", "| state | whose turn | our clock |", "| --- | --- | --- |"]
    for state in RequestState:
        facts = FACTS[state]
        clock = "runs" if facts.clock_runs else "has stopped"
        lines.append(f"| {state.value} ({state.label}) | {facts.turn.label} | {clock} |")
    return "\n".join([*lines, ""])
