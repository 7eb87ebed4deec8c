"""Read a data map: YAML text in, a DataMap and everything that is wrong with the text out."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from fulfillment.datamaps.additions import Additions
from fulfillment.datamaps.build import build_map
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.document import Document, Path, parse_document
from fulfillment.datamaps.errors import MapRefused, Problem, Severity
from fulfillment.datamaps.fides import unknown_keys, violations
from fulfillment.datamaps.lint import lint


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a map gave: the map, unless its shape is wrong, and the problems in order of lines."""

    data_map: DataMap | None
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the map must not be used."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@lru_cache(maxsize=64)
def load_map(text: str, name: str = "", key: str | None = None) -> DataMap:
    """The map of this text, of several the one with this key. Raises MapRefused when there is any error in it."""
    reading = read_map(text, key)
    if reading.data_map is None or reading.has_errors:
        raise MapRefused(name, reading.problems)
    return reading.data_map


def load_map_file(path: FilePath) -> DataMap:
    """The map in this file. Raises MapRefused when it is missing, unreadable or wrong."""
    return load_map(map_text(path), path.name)


def map_text(path: FilePath) -> str:
    """The text of a map's file. Raises MapRefused when there is no such file or it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = "there is no such file." if isinstance(error, FileNotFoundError) else f"{error.strerror}."
    except UnicodeDecodeError:
        reason = "it is not UTF-8 text."
    raise MapRefused(str(path), [Problem(Severity.ERROR, 0, reason)])


def read_map(text: str, key: str | None = None) -> Reading:
    """Read the Dataset of a text, or the one with this key where the text holds several."""
    document = parse_document(text)
    if document.problem:
        return Reading(None, (document.problem,))
    place = _place(document, key)
    if isinstance(place, Problem):
        return Reading(None, (place,))
    data_map, problems = _read_dataset(document, place)
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: problem.line)
    return Reading(data_map, tuple(ordered))


def _place(document: Document, key: str | None) -> Path | Problem:
    """Where the wanted Dataset stands."""
    listed = document.content.get("dataset") if isinstance(document.content, Mapping) else None
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed) or not listed:
        return Problem(Severity.ERROR, 1, "a map begins with “dataset:” and a list of one Dataset.")
    wanted = [number for number, each in enumerate(listed) if key is None or each.get("fides_key") == key]
    if len(wanted) == 1:
        return ("dataset", wanted[0])
    keys = ", ".join(str(each.get("fides_key")) for each in listed)
    if key is None:
        why = f"it holds several Datasets; a source has one map of its own. Name one (--dataset): {keys}."
    elif wanted:
        why = f"it holds several Datasets with the key {key}."
    else:
        why = f"it holds no Dataset with the key {key}. It has: {keys}."
    return Problem(Severity.ERROR, 1, why)


def _read_dataset(document: Document, place: Path) -> tuple[DataMap | None, list[Problem]]:
    raw = document.content["dataset"][place[1]]
    problems = [
        Problem(
            Severity.WARNING, document.line(*place, *path), f"fideslang does not know the key “{path[-1]}”."
        )
        for path in unknown_keys(raw)
    ]
    wrong = [
        Problem(Severity.ERROR, document.line(*place, *path), f"{_dotted(path)}: {why}.")
        for path, why in violations(raw)
    ]
    additions, refused = _read_additions(raw, document, place)
    problems += wrong + refused
    if wrong or additions is None:
        return None, problems
    data_map = build_map(raw, additions, document, place)
    return data_map, problems + list(lint(data_map, document, place))


def _read_additions(
    raw: Mapping[str, Any], document: Document, place: Path
) -> tuple[Additions | None, list[Problem]]:
    meta = raw.get("meta")
    written = meta.get("omne") if isinstance(meta, Mapping) else None
    try:
        return Additions.model_validate(written or {}), []
    except ValidationError as refused:
        return None, [
            Problem(
                Severity.ERROR,
                document.line(*place, "meta", "omne", *error["loc"]),
                f"{_dotted(error['loc'])}: {error['msg'].removeprefix('Value error, ')}.",
            )
            for error in refused.errors(include_url=False, include_context=False, include_input=False)
        ]


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path) or "dataset"
