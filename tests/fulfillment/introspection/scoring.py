"""How much of what is known of a schema a proposal finds, and how much of what it proposes is so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fulfillment.datamaps.datamap import DataMap

SCHEMAS = Path(__file__).with_name("schemas")
NAMES = sorted(path.stem for path in SCHEMAS.glob("*.sql"))
LEAST_TOLD = 0.5


@dataclass(frozen=True)
class Score:
    """What was missed and what was made up, beside how many there are."""

    known: frozenset[str]
    proposed: frozenset[str]

    @property
    def precision(self) -> float:
        """The part of what was proposed that is so."""
        return len(self.known & self.proposed) / len(self.proposed) if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """The part of what is so that was proposed."""
        return len(self.known & self.proposed) / len(self.known) if self.known else 1.0

    def __str__(self) -> str:
        missed, made_up = sorted(self.known - self.proposed), sorted(self.proposed - self.known)
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, missed {missed}, made up {made_up}"


def known_of(name: str) -> dict[str, Any]:
    """What is known of a schema."""
    loaded: dict[str, Any] = yaml.safe_load((SCHEMAS / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def statements_of(name: str) -> str:
    """What makes the schema."""
    return (SCHEMAS / f"{name}.sql").read_text(encoding="utf-8")


def scores_of(data_map: DataMap, known: dict[str, Any]) -> dict[str, Score]:
    """References, identities, secrets, tables and categories."""
    named = set(known["categories"]) | set(known["not_personal"])
    told = {place: kind for place, kind in _categories(data_map) if place in named}
    return {
        "references": _score(_of_tables(known["references"], known["tables"]), _references(data_map)),
        "identities": _score(known["identities"], _marked(data_map, "identity")),
        "secrets": _score(known["secrets"], _marked(data_map, "secret")),
        "tables": _score(known["tables"], data_map.by_name),
        "categories": Score(
            frozenset(known["categories"]),
            frozenset(
                place if _fits(kind, known["categories"].get(place)) else f"{place}: {kind}"
                for place, kind in told.items()
            ),
        ),
    }


def _score(known: Iterable[str], proposed: Iterable[str]) -> Score:
    return Score(frozenset(known), frozenset(proposed))


def _of_tables(references: Iterable[str], tables: Iterable[str]) -> list[str]:
    """The references of tables that are mapped: of others a map says nothing."""
    return [each for each in references if each.partition(" > ")[0].rpartition(".")[0] in tables]


def _references(data_map: DataMap) -> Iterator[str]:
    """Every reference that was found surely enough, followed or not."""
    for collection in data_map.collections:
        for field in collection.every_field():
            for each in field.proposed:
                if each.what == "reference" and each.confidence >= LEAST_TOLD:
                    yield f"{collection.name}.{field.name} > {each.value}"
            for reference in field.references:
                yield f"{collection.name}.{field.name} > {reference.target}"


def _marked(data_map: DataMap, mark: str) -> Iterator[str]:
    for collection in data_map.collections:
        for field in collection.every_field():
            if getattr(field, mark):
                yield f"{collection.name}.{field.name}"


def _categories(data_map: DataMap) -> Iterator[tuple[str, str]]:
    """The categories of single columns that speak of people, as far as they were guessed for themselves."""
    for collection in data_map.collections:
        for field in collection.every_field():
            for each in field.proposed:
                if (
                    each.what == "category"
                    and each.confidence >= LEAST_TOLD
                    and each.value.startswith("user.")
                ):
                    yield f"{collection.name}.{field.name}", each.value


def _fits(proposed: str, known: str | None) -> bool:
    """Whether a category is the known one, or a finer or wider one on the same branch."""
    return known is not None and (proposed.startswith(known) or known.startswith(proposed))
