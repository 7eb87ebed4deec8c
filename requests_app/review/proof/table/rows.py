"""The table of proofs as rows of words: nothing here is written twice, all of it comes from the data that count."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from requests_app.components.parts import Cell, Column, Table
from requests_app.identity.base import Given, Proves, methods
from requests_app.identity.facts import facts
from requests_app.jurisdictions.load import jurisdiction, regimes
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import IdentityLevel
from requests_app.lifecycle.proof import Row, table


@dataclass(frozen=True)
class LawTable:
    """The rows that one law has of its own."""

    law: str
    table: Table


def company_table() -> Table:
    """Return the rows that count where a law has none of its own."""
    return _rights_table(_("The company's rows"), table().company)


def law_tables() -> list[LawTable]:
    """Return the rows of each law that has some."""
    names = {law.key: law.name for law in map(jurisdiction, regimes())}
    return [
        LawTable(names.get(key, key), _rights_table(names.get(key, key), rows))
        for key, rows in table().laws.items()
    ]


def laws_without_rows() -> list[str]:
    """Return the laws under which the company's rows count."""
    return sorted(
        law.short_name.removeprefix("the ")
        for law in map(jurisdiction, regimes())
        if law.key not in table().laws
    )


def methods_table() -> Table:
    """Return what can be given as proof, what it is worth, and how long its evidence is kept."""
    columns = [Column(_("Proof")), Column(_("Reaches")), Column(_("Evidence")), Column(_("Here"))]
    lines = []
    for each in methods():
        reaches = str(each.reaches.label) if each.reaches else ""
        standing = _("Standing") if each.proves is Proves.STANDING else ""
        kept = _("deleted at the decision, at the latest after %(days)d days")
        kept = kept if each.gone_at_decision else _("deleted after %(days)d days")
        evidence = kept % {"days": each.days_kept} if each.given is Given.BY_FORM else _("none kept")
        ready = (
            Cell(_("Offered"), icon="ring-done", kind="good") if each.is_ready() else Cell(_("Not set up"))
        )
        both = "; ".join(filter(None, (standing, reaches)))
        lines.append([Cell(str(each.label), small=str(each.hint)), Cell(both), Cell(evidence), ready])
    return Table(_("Proofs"), columns, lines)


def facts_table() -> Table:
    """Return the points that can be asked, and those that score nothing since others may know them."""
    columns = [Column(_("Point")), Column(_("Scores"))]
    lines = [
        [
            Cell(each.label),
            Cell(_("One point"), icon="ring-done", kind="good")
            if each.secret
            else Cell(_("Nothing: others may know it")),
        ]
        for each in facts().values()
    ]
    return Table(_("Points of a data match"), columns, lines)


def _rights_table(caption: str, rows: Mapping[str, Row]) -> Table:
    columns = [
        Column(_("Right")),
        Column(_("Usual data")),
        Column(_("Sensitive data")),
        Column(_("Where the proof falls short")),
        Column(_("Source")),
    ]
    return Table(caption, columns, [_line(code, row) for code, row in rows.items()])


def _line(code: str, row: Row) -> list[Cell]:
    return [
        Cell(str(RIGHTS[code].short_label), small=code),
        Cell(_level(row.usual)),
        Cell(_level(row.sensitive)),
        Cell(_lesser(row)),
        Cell(row.cite or _("Company policy")),
    ]


def _lesser(row: Row) -> str:
    if row.lesser is None:
        return _("Lapses, with a notice")
    if row.lesser.scope is not None:
        words = {"scope": row.lesser.scope.label, "level": row.lesser.level.label}
        return _("%(scope)s, from “%(level)s” on") % words
    offered = RIGHTS[row.lesser.right].short_label
    return _("Lapses; “%(right)s” is offered without a proof") % {"right": offered}


def _level(level: IdentityLevel) -> str:
    return str(level.label) if level else _("None asked")
