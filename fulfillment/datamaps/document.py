"""YAML text as plain values together with the line where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from fulfillment.datamaps.errors import Problem, Severity

Path = tuple[str | int, ...]

MAX_CHARACTERS = 5_000_000
MAX_NODES = 500_000
_MERGE = "tag:yaml.org,2002:merge"


class _Refused(Exception):
    """The text is not a document that can be read."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.problem = Problem(Severity.ERROR, line, sentence)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed YAML document; `content` is None when it could not be parsed, and `problem` says why."""

    content: Any
    lines: Mapping[Path, int]
    problem: Problem | None = None

    def line(self, *path: str | int) -> int:
        """The line of the value at this path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def parse_document(text: str) -> Document:
    """Parse YAML without ever running a tag; keys written twice, circles and bombs are refused."""
    try:
        return _parsed(text)
    except _Refused as refusal:
        return Document(None, {}, refusal.problem)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return Document(
            None, {}, Problem(Severity.ERROR, line, f"this is not YAML: {error.problem or error.context}.")
        )
    except (yaml.YAMLError, ValueError) as error:
        return Document(
            None, {}, Problem(Severity.ERROR, 0, f"this is not YAML: {str(error).splitlines()[0]}.")
        )


def _parsed(text: str) -> Document:
    if len(text) > MAX_CHARACTERS:
        raise _Refused(0, f"it is longer than {MAX_CHARACTERS:,} characters.")
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise _Refused(0, "it is empty.")
        lines: dict[Path, int] = {}
        _walk(node, (), lines, ())
        return Document(loader.construct_document(node), lines)
    finally:
        loader.dispose()


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int], above: tuple[int, ...]) -> None:
    """Note the line of every value below a node."""
    lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in above:
        raise _Refused(node.start_mark.line + 1, "an anchor contains itself.")
    if len(lines) > MAX_NODES:
        raise _Refused(0, f"it holds more than {MAX_NODES:,} values.")
    if isinstance(node, yaml.MappingNode):
        _walk_mapping(node, path, lines, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value):
            _walk(child, (*path, position), lines, (*above, id(node)))


def _walk_mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int], above: tuple[int, ...]) -> None:
    merged = [child for key, child in node.value if key.tag == _MERGE]
    for key, child in node.value:
        if key.tag == _MERGE:
            continue
        place = (*path, key.value if isinstance(key, yaml.ScalarNode) else str(key.start_mark.line))
        if place in lines:
            raise _Refused(key.start_mark.line + 1, f"the key “{place[-1]}” is written twice here.")
        lines[place] = key.start_mark.line + 1
        _walk(child, place, lines, above)
    for child in merged:
        for part in child.value if isinstance(child, yaml.SequenceNode) else [child]:
            _walk_merged(part, path, lines, above)


def _walk_merged(node: yaml.Node, path: Path, lines: dict[Path, int], above: tuple[int, ...]) -> None:
    """Lines below a merged mapping, without refusing keys that the mapping itself overrides."""
    found: dict[Path, int] = {}
    _walk(node, path, found, above)
    lines.update({place: line for place, line in found.items() if place not in lines})
    if len(lines) > MAX_NODES:
        raise _Refused(0, f"it holds more than {MAX_NODES:,} values.")
