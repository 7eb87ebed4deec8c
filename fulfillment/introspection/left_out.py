"""Why a table is no part of a proposal: said of each, so that nothing is left out in silence."""

from fulfillment.introspection.findings import Findings
from fulfillment.introspection.schema import Table, TableKind


def unmapped_of(found: Findings) -> dict[str, str]:
    """Every table that is left out, with the reason."""
    reasons = dict(found.schema.left_out)
    for table in found.schema.tables:
        if table.name not in found.walk.reached:
            reasons[table.name] = _why_left_out(table, found)
    return dict(sorted(reasons.items()))


def _why_left_out(table: Table, found: Findings) -> str:
    if table.kind is TableKind.VIEW:
        return "A view; what it shows stands in tables."
    if table.kind is TableKind.MATERIALIZED_VIEW:
        return "A materialised view: a copy of what tables hold, to be refreshed after a change."
    verdicts = found.verdicts[table.name]
    guesses = {name: each.category for name, each in verdicts.items() if each.is_personal}
    personal = [f"{name} ({guess.value})" for name, guess in guesses.items() if guess is not None]
    if table.name in found.unread:
        return "Could not be read; by its names alone no way leads here."
    if personal:
        named = ", ".join(personal[:4])
        return f"Seems to hold people's data, {named}, and no way leads here: say by what a person is found in it."
    return "Nothing in its names, types or sampled values speaks of a person, and no way leads here."
