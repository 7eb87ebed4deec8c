"""Put the accepted parts of a proposal into the map in force: the outcome is one more version of it."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction

from fulfillment.datamaps.datamap import DataMap
from fulfillment.introspection.compare import Change, Kind, compare
from fulfillment.introspection.errors import NothingAccepted, ProposalOutdated
from fulfillment.introspection.models import MapProposal
from fulfillment.introspection.written_fields import (
    Written,
    categorised,
    every_one,
    names_of,
    put_in,
    way_to,
)
from fulfillment.sources.connect import load_map
from fulfillment.sources.models import DataMapVersion
from requests_app.audit.actors import Actor

# What a Dataset has no place for, so that it is said under `meta`.
_SETTLED = ("type", "secret", "references")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one line: accepted or not, and with which category; empty for none."""

    accepted: bool
    category: str = ""


def decide(*, proposal_id: Any, decisions: Mapping[Change, Decision], against: int) -> MapProposal:
    """Write decisions down. Raises ProposalOutdated when another map is in force than the one that was shown."""
    with transaction.atomic():
        proposal = MapProposal.objects.select_for_update().get(pk=proposal_id)
        _refuse_outdated(proposal, against)
        for change, decision in decisions.items():
            place = proposal.decisions.setdefault(change.collection, {})
            place[change.field] = {"accepted": decision.accepted, "category": decision.category}
        proposal.save(update_fields=["decisions"])
    return proposal


def decision_on(proposal: MapProposal, change: Change) -> Decision | None:
    """What was decided on a line before; None when nobody has looked at it."""
    written = proposal.decisions.get(change.collection, {}).get(change.field)
    return Decision(**written) if written else None


def save_map(*, proposal_id: Any, against: int, by: Actor, at: datetime) -> DataMapVersion:
    """Make a version of the map out of what was accepted.

    Raises ProposalOutdated, NothingAccepted, and MapRefused where the outcome would be no good map.
    """
    with transaction.atomic():
        proposal = MapProposal.objects.select_for_update().select_related("source").get(pk=proposal_id)
        _refuse_outdated(proposal, against)
        in_force = proposal.source.map_in_force.data_map
        accepted = []
        for change in compare(proposal.data_map, in_force).every:
            decision = decision_on(proposal, change)
            if decision is not None and decision.accepted:
                accepted.append((change, decision))
        if not accepted:
            raise NothingAccepted("Nothing is accepted yet, so the map would stay as it is.")
        text = merged(in_force, proposal.data_map, accepted)
        version = load_map(source=proposal.source, map_yaml=text, by=by, at=at)
        proposal.outcome = version
        proposal.save(update_fields=["outcome"])
    return version


def _refuse_outdated(proposal: MapProposal, against: int) -> None:
    if proposal.outcome_id is not None:
        raise ProposalOutdated("These proposals were decided already. Look at the source again.")
    if proposal.source.map_in_force.number != against:
        raise ProposalOutdated("Another map is in force since this page was opened. Look at it again.")


def merged(in_force: DataMap, proposal: DataMap, accepted: Iterable[tuple[Change, Decision]]) -> str:
    """The text of the map in force with these changes; everything else stays as it was written."""
    dataset: Written = deepcopy(dict(in_force.document))
    meta = dataset.get("meta") or {}
    dataset["meta"] = meta
    omne = meta.get("omne") or {}
    meta["omne"] = omne
    editor = _Editor(dataset, omne, deepcopy(dict(proposal.document)))
    for change, decision in accepted:
        editor.take(change, decision)
    editor.drop_loose_ends()
    return yaml.safe_dump({"dataset": [dataset]}, sort_keys=False, allow_unicode=True, width=110)


class _Editor:
    """Changes one Dataset in place."""

    def __init__(self, dataset: Written, omne: Written, proposal: Written) -> None:
        self._dataset = dataset
        self._about: Written = omne.setdefault("collections", {})
        self._omne = omne
        self._proposed = {each["name"]: each for each in proposal["collections"]}
        self._said: Written = proposal["meta"]["omne"]["collections"]

    def take(self, change: Change, decision: Decision) -> None:
        """Make one accepted change."""
        if change.kind is Kind.LEFT_OUT:
            self._omne.setdefault("unmapped", {})[change.collection] = change.reasons[0]
        elif change.kind is Kind.GONE:
            self._remove(change)
        elif change.kind is Kind.ADDED:
            self._add(change, decision)
        else:
            self._change(change, decision)

    def _collection(self, name: str) -> Written | None:
        return next((each for each in self._dataset["collections"] if each["name"] == name), None)

    def _add(self, change: Change, decision: Decision) -> None:
        source = self._proposed[change.collection]
        held = self._collection(change.collection)
        if held is None:
            held = {**{key: value for key, value in source.items() if key != "fields"}, "fields": []}
            self._dataset["collections"].append(held)
            said = self._said.get(change.collection, {})
            kept = ("policy", "together")
            self._about[change.collection] = {key: said[key] for key in kept if key in said}
        put_in(held["fields"], source["fields"], change.field, decision.category)
        self._say(change)

    def _change(self, change: Change, decision: Decision) -> None:
        held = self._collection(change.collection)
        way = way_to(held["fields"], change.field) if held else []
        if way:
            changed = categorised(way[-1], decision.category)
            way[-1].clear()
            way[-1].update(changed)
        self._say(change)

    def _say(self, change: Change) -> None:
        """Type and secret of a field and what it refers to beside a type, as found; the guesses are settled now."""
        found = self._said.get(change.collection, {}).get("fields", {}).get(change.field, {})
        about = self._about.setdefault(change.collection, {}).setdefault("fields", {})
        about[change.field] = about.get(change.field) or {}
        about[change.field].update({key: found[key] for key in _SETTLED if key in found})

    def _remove(self, change: Change) -> None:
        if not change.field:
            self._dataset["collections"] = [
                each for each in self._dataset["collections"] if each["name"] != change.collection
            ]
            self._about.pop(change.collection, None)
            return
        held = self._collection(change.collection)
        if held is not None:
            held["fields"] = [each for each in held["fields"] if each["name"] != change.field]
        fields = (self._about.get(change.collection) or {}).get("fields") or {}
        for name in [each for each in fields if each.partition(".")[0] == change.field]:
            del fields[name]

    def drop_loose_ends(self) -> None:
        """References that point at what was not accepted, or is gone."""
        known = {
            f"{each['name']}.{name}"
            for each in self._dataset["collections"]
            for name in names_of(each["fields"])
        }
        for collection in self._dataset["collections"]:
            for field in every_one(collection["fields"]):
                meta = field.get("fides_meta") or {}
                if "references" in meta:
                    own = self._dataset["fides_key"]
                    listed = [
                        each
                        for each in meta["references"]
                        if each["dataset"] != own or each["field"] in known
                    ]
                    meta["references"] = listed
                    if not listed:
                        del meta["references"]
        for name, about in self._about.items():
            for field in (about.get("fields") or {}).values():
                if "references" in field:
                    listed = [
                        each
                        for each in field["references"]
                        if {each["field"], *(f"{name}.{beside}" for beside in each["when"])} <= known
                    ]
                    field["references"] = listed
                    if not listed:
                        del field["references"]
