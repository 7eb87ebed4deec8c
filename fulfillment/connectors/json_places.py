"""JSON as the text it is written in: values replaced at their place, everything else as it stood, letter by letter.

What a parser makes of a text is not that text: long numbers lose digits, keys that stand twice become one, and the
order may change. So the text is taken apart by its own signs, and put together again around what is new.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulfillment.connectors.places_inside import NoPlace
from fulfillment.connectors.rows import json_line

_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
# Numbers by their spelling: one that is too long for Python is still JSON.
_CHECKED = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)
_EMPTY = ("null", '""')


@dataclass(slots=True)
class Node:
    """One value of a text: from where to where it stands, and what lies in it; `names` only of objects."""

    start: int
    end: int = 0
    inside: list["Node"] = field(default_factory=list)
    names: list[tuple[int, int]] | None = None
    is_list: bool = False


def taken_apart(text: str) -> Node:
    """The value of a text with everything in it. Raises ValueError for what is no JSON."""
    try:
        _CHECKED.decode(text)
    except RecursionError:
        raise ValueError("The text lies too deep in itself.") from None
    stack: list[Node] = []
    root: Node | None = None
    for sign in _SIGN.finditer(text):
        written = sign[0]
        if written in "}]":
            done = stack.pop()
            done.end = sign.end()
        elif written == ":":
            # What came before it was no value of its own, but its name.
            name = stack[-1].inside.pop()
            names = stack[-1].names
            assert names is not None  # noqa: S101 - it was checked: a colon stands in objects only
            names.append((name.start, name.end))
        elif written != ",":
            node = Node(
                sign.start(), sign.end(), names=[] if written == "{" else None, is_list=written == "["
            )
            if stack:
                stack[-1].inside.append(node)
            root = root or node
            if written in "{[":
                stack.append(node)
    assert root is not None  # noqa: S101 - it was checked: there is a value
    return root


def name_at(text: str, span: tuple[int, int]) -> str:
    """A name of an object, as it is meant."""
    found: str = json.loads(text[span[0] : span[1]], strict=False)
    return found


def replaced_in_text(text: str, path: Sequence[str], new: Callable[[str], str]) -> str:
    """A text with `new` of what stands at a path, in each element of the lists on its way.

    What is not there is not made; of keys that stand twice each is meant. Raises NoPlace, and ValueError for what is
    no JSON.
    """
    places = _at(taken_apart(text), path, text)
    return spliced(text, [(each.start, each.end, new(text[each.start : each.end])) for each in places])


def respelled(text: str, old: Any, new: Any) -> str:
    """The text of `old` as the text of `new`: what did not change stays as it is spelled. Raises ValueError."""
    return spliced(text, list(_changes(taken_apart(text), text, old, new)))


def spliced(text: str, changes: list[tuple[int, int, str]]) -> str:
    """A text with new pieces in place of old ones."""
    written, last = [], 0
    for start, end, piece in sorted(changes, key=lambda each: each[:2]):
        written += [text[last:start], piece]
        last = end
    return "".join((*written, text[last:]))


def _at(node: Node, path: Sequence[str], text: str) -> Iterator[Node]:
    if not path:
        yield node
    elif node.is_list:
        for each in node.inside:
            yield from _at(each, path, text)
    elif node.names is not None:
        for span, each in zip(node.names, node.inside, strict=True):
            if name_at(text, span) == path[0]:
                yield from _at(each, path[1:], text)
    elif text[node.start : node.end] not in _EMPTY:
        raise NoPlace


def _changes(node: Node, text: str, old: Any, new: Any) -> Iterator[tuple[int, int, str]]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
        yield from _changes_of_object(node, text, old, new)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for each, before, after in zip(node.inside, old, new, strict=True):
            yield from _changes(each, text, before, after)
    elif (written := _dumped(new)) != _dumped(old):
        yield node.start, node.end, written


def _changes_of_object(
    node: Node, text: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[tuple[int, int, str]]:
    names = [name_at(text, span) for span in node.names or ()]
    for name, each in zip(names, node.inside, strict=True):
        if names.count(name) == 1:
            yield from _changes(each, text, old[name], new[name])
        elif (written := _dumped(new[name])) != _dumped(old[name]):
            yield each.start, each.end, written
    added = [f"{_dumped(name)}: {_dumped(value)}" for name, value in new.items() if name not in old]
    if added:
        end = node.inside[-1].end if node.inside else node.start + 1
        yield end, end, ("," if node.inside else "") + ",".join(added)


def _dumped(value: Any) -> str:
    return json_line(value).decode()
