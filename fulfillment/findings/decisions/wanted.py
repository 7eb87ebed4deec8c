"""What somebody wants decided, as a value: which records, values or words, and what becomes of them."""

import dataclasses
from dataclasses import dataclass

from fulfillment.findings.decisions.models import Action, Kind, Rule, Scope, Test


@dataclass(frozen=True)
class Wanted:
    """A decision before it is made; the fields are those of `ReviewDecision`."""

    scope: Scope
    action: Action
    reason_code: str = ""
    note: str = dataclasses.field(default="", repr=False)
    line: int | None = None
    place: str = ""
    start: int | None = None
    end: int | None = None
    rule: Rule | None = None
    field: str = ""
    kind: Kind | None = None
    test: Test | None = None
    value: str = dataclasses.field(default="", repr=False)
