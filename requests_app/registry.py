"""Registry: key → thing, discovered from a folder of members and from entry points; every family uses it."""

from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import ModuleType
from typing import Generic, TypeVar, cast

from requests_app.errors import DomainError

T = TypeVar("T")


class NotRegistered(DomainError):
    """A key that no member of a family has."""

    code = "not_registered"
    status = 404


class Registry(Generic[T]):
    """A family of things, each known by a key.

    Our own members are the modules of `package`: the file's name is the key, and the module holds the thing
    under the name `attribute`. Others add members by an entry point of `group`, named by its key, that leads to
    the thing, or to a module that holds it like ours. A member is imported when it is first asked for, so a
    process carries only the libraries of the members it uses.
    """

    def __init__(self, *, noun: str, package: str, attribute: str, group: str) -> None:
        self._noun = noun
        self._package = package
        self._attribute = attribute
        self.group = group
        self._loaded: dict[str, T] = {}

    def keys(self) -> tuple[str, ...]:
        """Every key, in alphabetical order; nothing is imported."""
        return tuple(sorted(self._modules | self._entry_points.keys()))

    def get(self, key: str) -> T:
        """The thing of this key. Raises NotRegistered."""
        if key not in self._loaded:
            self._loaded[key] = self._load(key)
        return self._loaded[key]

    def __contains__(self, key: object) -> bool:
        return key in self._modules or key in self._entry_points

    def __iter__(self) -> Iterator[T]:
        return (self.get(key) for key in self.keys())

    def items(self) -> Iterator[tuple[str, T]]:
        """Every key with its thing."""
        return ((key, self.get(key)) for key in self.keys())

    def _load(self, key: str) -> T:
        if key in self._modules:
            return cast(T, getattr(import_module(f"{self._package}.{key}"), self._attribute))
        if key in self._entry_points:
            found = self._entry_points[key].load()
            return cast(T, getattr(found, self._attribute) if isinstance(found, ModuleType) else found)
        raise NotRegistered(f"There is no {self._noun} called “{key}”. There are: {', '.join(self.keys())}.")

    @cached_property
    def _modules(self) -> frozenset[str]:
        folder = import_module(self._package).__path__
        return frozenset(module.name for module in iter_modules(folder) if module.name != "base")

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        return {found.name: found for found in entry_points(group=self.group)}
