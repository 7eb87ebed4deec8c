"""Where the person's own rows hold what is to be corrected: a suggestion for staff, who pick the field."""

import json
from collections import Counter
from typing import Any

from fulfillment.changes.by_connector.models import SourceChange
from fulfillment.changes.by_connector.stored import Suggestion, Suggestions
from fulfillment.changes.instructions import ToCorrect
from fulfillment.connectors.base import Batch, Connector, Heartbeat
from fulfillment.datamaps.datamap import DataMap
from fulfillment.identities.selectors import query_for


def suggestions_for(row: SourceChange, connector: Connector[Any], *, heartbeat: Heartbeat) -> Suggestions:
    """Search the source and count, by correction, the fields that say what is wrong. Raises ConnectorError.

    Nothing of the rows is kept but the names of fields and how often they matched.
    """
    data_map, said = row.map_version.data_map, row.change.instructions
    wrong = {number: _plain(each.wrong) for number, each in enumerate(said.fields) if each.wrong.strip()}
    concerned = {each.name for each in said.collections}
    found: Counter[tuple[int, str, str]] = Counter()
    query = query_for(row.change.subject_request)
    for given in connector.search(query, data_map, heartbeat=heartbeat):
        if isinstance(given, Batch) and given.collection in concerned:
            for line in given.lines:
                found.update(_matches(json.loads(line), given.collection, wrong))
    by_value = {
        number: tuple(
            Suggestion(collection, name, rows)
            for (which, collection, name), rows in found.most_common()
            if which == number
        )
        for number in range(len(said.fields))
    }
    return {
        number: by_value[number] or _by_label(each, data_map, concerned)
        for number, each in enumerate(said.fields)
    }


def _matches(record: dict[str, object], collection: str, wrong: dict[int, str]) -> list[tuple[int, str, str]]:
    return [
        (number, collection, name)
        for name, value in record.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        for number, text in wrong.items()
        if _plain(str(value)) == text
    ]


def _by_label(said: ToCorrect, data_map: DataMap, concerned: set[str]) -> tuple[Suggestion, ...]:
    """Where no row says so, fields of the name that the person used."""
    return tuple(
        Suggestion(collection.name, field.name, 0)
        for collection in data_map.collections
        if collection.name in concerned
        for field in collection.returned_fields
        if _plain(field.label) == _plain(said.field)
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
