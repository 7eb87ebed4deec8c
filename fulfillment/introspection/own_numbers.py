"""Where nobody's address stands anywhere: the number by which the company knows a person is what is left."""

from collections.abc import Mapping
from dataclasses import replace

from fulfillment.introspection.guess import Guess, What
from fulfillment.introspection.judge import Judged, Verdicts
from fulfillment.introspection.schema import Family
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import forms

_WHY = "the key of a table of people, in a database in which nobody's address stands: the number that they may know"


def with_own_numbers(verdicts: Verdicts, views: Mapping[str, View]) -> Verdicts:
    """The verdicts, with an identity on the keys of tables of people where there is none in the whole schema."""
    if any(each.leads_to_person for judged in verdicts.values() for each in judged.values()):
        return verdicts
    return {name: _numbered(views[name], judged) for name, judged in verdicts.items()}


def _numbered(view: View, judged: Mapping[str, Judged]) -> Mapping[str, Judged]:
    key = view.table.primary_key
    if not (view.is_person and view.is_named_person and len(key) == 1):
        return judged
    column = view.table.by_name[key[0]]
    if column.family not in (Family.INTEGER, Family.TEXT):
        return judged
    # A kind of its own: what another system calls a number is another number.
    last = view.core[-1]
    noun = "_".join((*view.core[:-1], last[:-1] if last[:-1] in forms(last) else last))
    found = Guess(What.IDENTITY, f"{noun}_number", 0.5, _WHY)
    return {**judged, column.name: replace(judged[column.name], identity=found)}
