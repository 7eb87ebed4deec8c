"""Standing decisions in words for the page: what was decided, why, by whom, and whether it still means something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.decisions.models import (
    Action,
    Kind,
    LeftBecause,
    ReviewDecision,
    Rule,
    Scope,
    Test,
)

MOST = 50


@dataclass(frozen=True)
class ShownAct:
    """What one person did at once; `decision_id` names it when it is taken back."""

    decision_id: UUID
    what: str
    why: str
    note: str
    by: str
    at: datetime


def acts_of(
    decisions: Iterable[ReviewDecision], collection: Collection, reasons: dict[str, str]
) -> list[ShownAct]:
    """The newest acts of a finding, the newest first."""
    acts: dict[UUID, list[ReviewDecision]] = {}
    for decision in decisions:
        acts.setdefault(decision.batch, []).append(decision)
    newest = list(acts.values())[::-1][:MOST]
    return [_act(each, collection, reasons) for each in newest]


def _act(act: list[ReviewDecision], collection: Collection, reasons: dict[str, str]) -> ShownAct:
    first = act[0]
    return ShownAct(
        first.pk,
        _what(act, collection),
        reasons.get(first.reason_code) or _left_because(first.reason_code),
        first.note,
        first.decided_by.display_name,
        first.decided_at,
    )


def _left_because(code: str) -> str:
    return str(LeftBecause(code).label) if code in LeftBecause.values else code


def _what(act: list[ReviewDecision], collection: Collection) -> str:
    first = act[0]
    action = first.get_action_display()
    if first.scope == Scope.RULE and first.action == Action.INCLUDE:
        kinds = ", ".join(dict.fromkeys(str(Kind(each.kind).label) for each in act if each.kind))
        return _("Left as suggested: %(kinds)s") % {"kinds": kinds}
    if first.scope == Scope.RULE:
        return f"{action}: {_rule(first, collection)}"
    if first.scope == Scope.COLLECTION:
        return f"{action}: {_('the whole collection')}"
    if len({each.line for each in act}) > 1:
        many = ngettext("%(count)s place", "%(count)s places", len(act)) % {"count": len(act)}
        return f"{action}: {many}"
    record = _("record %(number)s") % {"number": first.line}
    return f"{action}: {record}, {_('a value in it')}" if first.place else f"{action}: {record}"


def _rule(decision: ReviewDecision, collection: Collection) -> str:
    found = collection.by_name.get(decision.field)
    field = found.label if found else decision.field or _("every field")
    if decision.rule == Rule.FIELD:
        return _("%(field)s in every record") % {"field": field}
    if decision.rule == Rule.WORDS:
        return _("“%(words)s” in %(field)s") % {"words": decision.value, "field": field}
    if decision.rule == Rule.RECORDS:
        test = Test(decision.test).label
        return _("records whose %(field)s %(test)s “%(words)s”") % {
            "field": field,
            "test": test,
            "words": decision.value,
        }
    kind = Kind(decision.kind).label if decision.kind else _("whatever identifies them")
    return _("other people in %(field)s: %(kind)s") % {"field": field, "kind": kind}
