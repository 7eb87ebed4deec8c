"""The records of a finding as a page shows them: labels of the data map, values as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.datamaps.datamap import Collection
from fulfillment.findings.models import Finding
from fulfillment.findings.store import page_of


@dataclass(frozen=True)
class Value:
    """One value with its label; `is_code` draws structured content in a fixed-width face."""

    label: str
    name: str
    text: str
    is_code: bool = False


@dataclass(frozen=True)
class Record:
    """One record, numbered within its finding."""

    number: int
    values: tuple[Value, ...]


def records_on(finding: Finding, collection: Collection, *, page: int) -> list[Record]:
    """Return the records of one page, in the order in which the source gave them."""
    first = (page - 1) * Finding.PAGE_ROWS + 1
    return [
        Record(number, _values(json.loads(line), collection))
        for number, line in enumerate(page_of(finding, page=page), start=first)
    ]


def _values(row: Mapping[str, Any], collection: Collection) -> tuple[Value, ...]:
    labels = {each.name: each.label for each in collection.fields}
    return tuple(_value(labels.get(name, name), name, content) for name, content in row.items())


def _value(label: str, name: str, content: Any) -> Value:
    if content is None:
        return Value(label, name, "–")
    if isinstance(content, bool):
        return Value(label, name, _("yes") if content else _("no"))
    if isinstance(content, str):
        return Value(label, name, content or "–")
    if isinstance(content, dict | list):
        return Value(label, name, json.dumps(content, ensure_ascii=False, indent=1), is_code=True)
    return Value(label, name, str(content))
