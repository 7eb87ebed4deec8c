"""Who is in the shop, and how many rows of each table are theirs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

DOMAIN = "bench.example"


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows of each table a person has; of the products, how many the orders name."""

    address: int
    payment_card: int
    orders: int
    order_item: int
    login: int
    visit: int
    report: int
    service_request: int
    product: int

    @property
    def rows(self) -> int:
        """What a complete search finds: these, and the person as customer and as employee."""
        counts: dict[str, int] = asdict(self)
        return sum(counts.values()) + 2


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with the number `number`; `before` says how many rows of each table stand before theirs."""

    number: int
    email: str
    shape: Shape
    before: dict[str, int]


_OF_A_HUNDRED_THOUSAND = {
    "address": 1_000,
    "payment_card": 100,
    "orders": 10_000,
    "order_item": 30_000,
    "login": 30_000,
    "visit": 20_000,
    "report": 4_000,
    "service_request": 4_000,
}
SMALL = Shape(3, 2, 4, 8, 6, 4, 1, 2, 8)


def big(rows: int) -> Shape:
    """A person of so many rows, spread over the tables; the products make the sum exact."""
    own = {table: max(1, count * rows // 100_000) for table, count in _OF_A_HUNDRED_THOUSAND.items()}
    return Shape(**own, product=rows - 2 - sum(own.values()))


def everybody(*, background: int, small: int, erased: int, large: bool = True) -> Iterator[Person]:
    """The people in the order of their numbers: background, small ones, small ones to erase, large ones."""
    wanted = [
        *((f"noise-{number:05d}", SMALL) for number in range(1, background + 1)),
        *((f"subject-{number:04d}", SMALL) for number in range(1, small + 1)),
        *((f"erase-{number:04d}", SMALL) for number in range(1, erased + 1)),
    ]
    if large:
        wanted += [
            (name, big(rows))
            for name, rows in (
                ("big10k", 10_000),
                ("big100k", 100_000),
                ("erase10k", 10_000),
                ("erase100k", 100_000),
            )
        ]
    before = dict.fromkeys(asdict(SMALL), 0)
    for number, (name, shape) in enumerate(wanted, start=1):
        yield Person(number, f"{name}@{DOMAIN}", shape, dict(before))
        for table, count in asdict(shape).items():
            before[table] += count
