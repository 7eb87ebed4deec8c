"""What is measured, in order; small enough sizes make a run of seconds that shows that everything still works."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.databases import beside, make_database
from bench.place import Place
from bench.shop.load import FULL, index, load
from bench.shop.people import DOMAIN, Person, everybody

Figures = dict[str, Any]
PARTS = ("reading", "reviewing", "packing", "many", "erasing", "growing")
# A person of the background has this many rows of their own.
ROWS_EACH = 32


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    people: tuple[Person, ...] = FULL
    runs: int = 5
    small_runs: int = 15
    large: tuple[str, ...] = ("10k", "100k")
    erased: tuple[tuple[str, int], ...] = (("10k", 5), ("100k", 3))
    reviewed: int = 100_000
    megabytes: int = 1_000
    requests: int = 50
    nothings: int = 1_000
    shops: tuple[int, ...] = (10_000, 100_000, 1_000_000)


TINY = Sizes(
    people=tuple(everybody(background=10, small=4, erased=1, large=False)),
    runs=1,
    small_runs=2,
    large=(),
    erased=(),
    reviewed=120,
    megabytes=2,
    requests=4,
    nothings=20,
    shops=(1_000,),
)


@dataclass
class Bench:
    """Measures on one place; `figures` holds what each measure said, by its name."""

    place: Place
    sizes: Sizes
    tell: Callable[[str], None]
    figures: dict[str, Figures] = field(default_factory=dict)

    def prepare(self) -> None:
        """Fill the shop."""
        load(self._database("shop"), self.sizes.people)

    def reading(self) -> None:
        """Searching and packing one person."""
        small = self._small_ones
        self._measure("small", "reading", *_in_turn(small, self.sizes.small_runs + 1))
        self._measure("letter", "reading", *_in_turn(small, self.sizes.runs + 1), BENCH_LETTER="yes")
        for size in self.sizes.large:
            self._measure(f"big{size}", "reading", *[f"big{size}@{DOMAIN}"] * (self.sizes.runs + 1))

    def reviewing(self) -> None:
        """Reviewing a person of many records."""
        self._measure("reviewing", "reviewing", str(self.sizes.reviewed))

    def packing(self) -> None:
        """Packing one very large person."""
        self._measure("packing", "packing", str(self.sizes.megabytes))

    def many(self) -> None:
        """Requests through a real worker."""
        counts = (self.sizes.requests, self.sizes.nothings)
        self._measure("many", "many", *map(str, counts), *self._small_ones)

    def erasing(self) -> None:
        """Erasing one person."""
        for size, runs in (("-0001", self.sizes.runs), *self.sizes.erased):
            self._measure(f"erase{size}", "erasing", f"erase{size}@{DOMAIN}", str(runs))

    def growing(self) -> None:
        """Searching in larger and larger sources."""
        for rows in self.sizes.shops:
            self._grow(rows)

    @property
    def _small_ones(self) -> list[str]:
        return [person.email for person in self.sizes.people if person.email.startswith("subject-")]

    def _grow(self, rows: int) -> None:
        """The same small person in a shop of so many rows, with and without indexes."""
        people = tuple(everybody(background=rows // ROWS_EACH, small=1, erased=0, large=False))
        name = f"shop_{rows}"
        load(self._database(name), people)
        self._measure(name, "growing", _small(1), str(self.sizes.runs), shop=name)
        index(beside(self.place.admin_url, name))
        self._measure(f"{name}_indexed", "growing", _small(1), str(self.sizes.runs), shop=name)

    def _database(self, name: str) -> str:
        return make_database(self.place.admin_url, name)

    def _measure(
        self, key: str, measure: str, *arguments: str, shop: str = "shop", **environment: str
    ) -> None:
        self.tell(key)
        self.figures[key] = self.place.measure(measure, *arguments, shop=shop, **environment)


def _small(number: int) -> str:
    return f"subject-{number:04d}@{DOMAIN}"


def _in_turn(addresses: list[str], runs: int) -> list[str]:
    return [addresses[number % len(addresses)] for number in range(runs)]
