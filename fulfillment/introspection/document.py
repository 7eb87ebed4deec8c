"""Write guesses down as a data map: a Dataset that fideslang takes, with what was guessed under meta.omne."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from fulfillment.introspection.findings import Findings
from fulfillment.introspection.guess import LEAST, Guess, What, worth_saying
from fulfillment.introspection.inside_json import OBJECT, STRINGS, Inside
from fulfillment.introspection.judge import Judged
from fulfillment.introspection.left_out import unmapped_of
from fulfillment.introspection.links import FoundLink, How, Part
from fulfillment.introspection.people import BOTH, FROM, TO
from fulfillment.introspection.schema import Table, TableKind
from fulfillment.introspection.tables import View
from fulfillment.introspection.words import category_of_topic

Written = dict[str, Any]


def dataset_of(found: Findings) -> Written:
    """The Dataset as plain values, to be written as YAML."""
    outgoing: dict[tuple[str, str], list[FoundLink]] = defaultdict(list)
    for link in found.links:
        for name in link.columns:
            outgoing[link.child, name].append(link)
    tables = [_TableWriter(found, each, outgoing) for each in found.mapped]
    omne: Written = {"label": found.label, "unmapped": unmapped_of(found)}
    omne["collections"] = {each.table.name: each.additions() for each in tables}
    return {
        "fides_key": found.key,
        "organization_fides_key": "default_organization",
        "name": found.label,
        "description": "Proposed by looking at the database; each guess with how sure it is and why.",
        "meta": {"omne": omne},
        "collections": [each.collection() for each in tables],
    }


class _TableWriter:
    """Writes one table: its collection, and what is said of it under meta.omne."""

    def __init__(
        self, found: Findings, table: Table, outgoing: Mapping[tuple[str, str], list[FoundLink]]
    ) -> None:
        self.table = table
        self._found = found
        self._outgoing = outgoing
        self._verdicts = found.verdicts[table.name]
        self._kinds = found.nested.get(table.name, Inside()).kinds
        nested: dict[str, list[str]] = defaultdict(list)
        for path in self._verdicts:
            if path not in table.by_name and self._is_written(path):
                nested[path.partition(".")[0]].append(path)
        self._nested = nested

    def collection(self) -> Written:
        """The collection with its fields."""
        fields = [self._field(each.name, each.data_type) for each in self.table.columns]
        topic = category_of_topic(self._found.views[self.table.name].policy)
        inherited = {"data_categories": [topic]} if topic else {}
        return {"name": self.table.name, **inherited, "fields": fields}

    def additions(self) -> Written:
        """What meta.omne says of it: category of the policy, guesses, types, secrets."""
        view = self._found.views[self.table.name]
        written: Written = {}
        if view.policy:
            written["policy"] = view.policy
        composite = [
            link.columns for link in self._links_out() if len(link.columns) > 1 and self._direction(link)
        ]
        if composite:
            written["together"] = [list(columns) for columns in dict.fromkeys(composite)]
        written["proposed"] = [_written(each) for each in self._about_table(view)]
        fields = {name: self._about_field(name) for name in self._every_name()}
        written["fields"] = {name: about for name, about in fields.items() if about}
        return written

    def _every_name(self) -> Iterable[str]:
        for column in self.table.columns:
            yield column.name
            yield from self._nested.get(column.name, ())

    def _links_out(self) -> list[FoundLink]:
        return [
            link for name in self._every_name() for link in self._outgoing.get((self.table.name, name), ())
        ]

    def _direction(self, link: FoundLink) -> str | None:
        return self._found.walk.followed.get(link)

    def _is_written(self, path: str) -> bool:
        """Whether a path inside JSON is worth a field of its own."""
        judged = self._verdicts[path]
        links = self._outgoing.get((self.table.name, path), ())
        return judged.is_personal or any(self._direction(link) for link in links)

    def _field(self, name: str, data_type: str | None) -> Written:
        judged = self._verdicts.get(name, Judged())
        field: Written = {
            "name": name.rpartition(".")[2] if "." in name and name not in self.table.by_name else name
        }
        if judged.category is not None and judged.category.confidence >= LEAST:
            field["data_categories"] = [judged.category.value]
        inner = self._nested.get(name, [])
        kind = self._kinds.get(name) if inner or self._kinds.get(name) == STRINGS else None
        meta = self._meta(name, judged, kind or data_type)
        if meta:
            field["fides_meta"] = meta
        if inner:
            field["fields"] = _tree(name, inner, self._leaf, self._kinds)
        return field

    def _leaf(self, path: str) -> Written:
        return self._field(path, None)

    def _meta(self, name: str, judged: Judged, data_type: str | None) -> Written:
        meta: Written = {}
        if name in self.table.primary_key and judged.secret is None:
            meta["primary_key"] = True
        if data_type:
            meta["data_type"] = data_type
        if judged.leads_to_person and judged.identity is not None:
            meta["identity"] = judged.identity.value
        references = []
        for link in self._outgoing.get((self.table.name, name), ()):
            direction = self._direction(link)
            if direction and judged.secret is None and link.how is not How.TYPED:
                target = link.targets[link.columns.index(name)]
                place = {"dataset": self._found.key, "field": f"{link.parent}.{target}"}
                references += [{**place, "direction": each} for each in _DIRECTIONS[direction]]
        if references:
            meta["references"] = references
        return meta

    def _about_field(self, name: str) -> Written:
        judged = self._verdicts.get(name, Judged())
        guesses = [
            *worth_saying(judged.secret),
            *worth_saying(judged.category),
            *worth_saying(judged.identity),
        ]
        links = self._outgoing.get((self.table.name, name), ())
        guesses += [_of_link(link, self._direction(link)) for link in links if link.columns[0] == name]
        about: Written = {}
        if name in self.table.by_name:
            about["type"] = self.table.by_name[name].type_name
        if judged.secret is not None:
            about["secret"] = True
        typed = [link for link in links if link.how is How.TYPED and self._direction(link)]
        if typed and judged.secret is None:
            about["references"] = [
                {
                    "field": link.target,
                    "when": {link.beside: list(link.types)},
                    "direction": self._direction(link),
                }
                for link in typed
            ]
        if guesses:
            about["proposed"] = [_written(each) for each in guesses]
        return about

    def _about_table(self, view: View) -> Iterable[Guess]:
        reached = self._found.walk.reached[self.table.name]
        yield Guess(What.COLLECTION, self.table.name, _SURENESS.get(reached, 0.8), reached)
        if view.policy:
            yield Guess(What.POLICY, view.policy, 0.6, "the name of the table")
            if topic := category_of_topic(view.policy):
                yield Guess(
                    What.CATEGORY, topic, 0.55, "what the table is about, for columns that say nothing else"
                )
        if view.retention:
            why = "by its name a law may make the company keep these: counsel says for how long"
            yield Guess(What.RETENTION, view.retention, 0.7, why, kept_out=True)
        if view.table.kind is TableKind.FOREIGN:
            yield Guess(
                What.COLLECTION, "foreign table", 0.9, "its rows stand in another database", kept_out=True
            )


_DIRECTIONS = {FROM: (FROM,), TO: (TO,), BOTH: (TO, FROM)}
_SURENESS = {"holds an identity": 0.9}


def _tree(prefix: str, paths: list[str], leaf: Any, kinds: Mapping[str, str]) -> list[Written]:
    """Fields inside fields, from paths with dots."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        groups[path[len(prefix) + 1 :].partition(".")[0]].append(path)
    fields: list[Written] = []
    for key, below in groups.items():
        place = f"{prefix}.{key}"
        if below == [place]:
            fields.append(leaf(place))
        else:
            inner = _tree(place, [each for each in below if each != place], leaf, kinds)
            kind = kinds.get(place, OBJECT)
            fields.append({"name": key, "fides_meta": {"data_type": kind}, "fields": inner})
    return fields


def _of_link(link: FoundLink, direction: str | None) -> Guess:
    why = link.why
    if direction is None:
        why = f"{why}; {_NOT_FOLLOWED[link.part] if link.how is not How.TYPED else _TYPED}"
    return Guess(What.REFERENCE, link.target, link.confidence, why, kept_out=direction is None)


_TYPED = (
    "not followed, as the rows say by themselves whose they are, or nothing leads to what they are fixed to"
)
_NOT_FOLLOWED = {
    Part.ACTOR: "not followed, as it names who worked on the row and not whom it is about",
    Part.BYSTANDER: "not followed, as the row names its owner, and this one merely beside",
    Part.TREE: "not followed, as it stays in the same table",
    Part.SUBJECT: "not followed, as it would lead to rows of others or to what nobody owns",
}


def _written(guess: Guess) -> Written:
    written: Written = {
        "what": guess.what.value,
        "value": guess.value,
        "confidence": round(guess.confidence, 2),
        "why": guess.why,
    }
    return {**written, "kept_out": True} if guess.kept_out else written
