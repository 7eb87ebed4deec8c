"""Everything that a look at a database found out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fulfillment.introspection.inside_json import Inside
from fulfillment.introspection.judge import Verdicts
from fulfillment.introspection.links import FoundLink
from fulfillment.introspection.people import Walk
from fulfillment.introspection.schema import Schema, Table
from fulfillment.introspection.tables import View


@dataclass(frozen=True)
class Findings:
    """Everything that was found out about a database."""

    key: str
    label: str
    schema: Schema
    views: Mapping[str, View]
    verdicts: Verdicts
    links: tuple[FoundLink, ...]
    walk: Walk
    unread: frozenset[str] = frozenset()
    nested: Mapping[str, Inside] = field(default_factory=dict)

    @property
    def mapped(self) -> list[Table]:
        """The tables that hold something of a person and that a search reaches."""
        return [each for each in self.schema.tables if each.name in self.walk.reached]
