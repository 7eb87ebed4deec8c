"""Values inside objects and lists that Python holds, changed in copies of what lies around them."""

from collections.abc import Callable, Sequence
from typing import Any


class NoPlace(ValueError):
    """Something lies on a path that no path can lead through, such as a text."""


def replaced(value: Any, path: Sequence[str], new: Callable[[Any], Any]) -> Any:
    """A value with `new` of what stands at a path, in each element of the lists on its way.

    What is not there is not made. Raises NoPlace.
    """
    if not path:
        return new(value)
    if isinstance(value, list):
        return [replaced(each, path, new) for each in value]
    name, *rest = path
    if isinstance(value, dict):
        return value | {name: replaced(value[name], rest, new)} if name in value else value
    if value is None or value == "":
        return value
    raise NoPlace
