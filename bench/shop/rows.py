"""The rows of each table, worked out from the numbers of people and rows alone."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bench.shop.people import Person

Row = tuple[Any, ...]
START = datetime(2024, 1, 1)  # noqa: DTZ001 - the tables hold moments without a zone
PRODUCTS = 1_000
STATES = ("NY", "TX", "CA")


def rows_of(table: str, people: Iterable[Person]) -> Iterator[Row]:
    """Every row of a table, in the order in which it is filled."""
    if table == "product":
        yield from (
            (number, f"Product {number}", f"{number % 90 + 10}.50") for number in range(1, PRODUCTS + 1)
        )
        return
    for person in people:
        yield from _ROWS[table](person)


def as_copy_text(row: Row) -> str:
    """A row as COPY reads it; no value here needs to be escaped."""
    return "\t".join("\\N" if value is None else str(value) for value in row) + "\n"


def _address(person: Person, number: int) -> int:
    """The person's own addresses, in turn."""
    return person.before["address"] + 1 + number % person.shape.address


def _addresses(person: Person) -> Iterator[Row]:
    first = person.before["address"] + 1
    for number in range(person.shape.address):
        yield (
            first + number,
            1 + number % 999,
            f"Street {person.number}-{number}",
            f"City {number % 50}",
            STATES[number % 3],
            f"{10_000 + number % 89_999}",
        )


def _customer(person: Person) -> Iterator[Row]:
    created = START + timedelta(minutes=person.number)
    yield person.number, person.email, f"Customer {person.number}", created, _address(person, 0)


def _employee(person: Person) -> Iterator[Row]:
    yield person.number, person.email, f"Employee {person.number}", _address(person, 1)


def _payment_cards(person: Person) -> Iterator[Row]:
    for number in range(person.shape.payment_card):
        yield (
            f"pay-{person.number}-{number}",
            f"Card {number}",
            4_000_000_000_000_000 + person.number * 1_000 + number,
            100 + number % 900,
            number == 0,
            person.number,
            _address(person, number),
        )


def _orders(person: Person) -> Iterator[Row]:
    for number in range(person.shape.orders):
        yield f"ord-{person.number}-{number}", person.number, _address(person, number)


def _order_items(person: Person) -> Iterator[Row]:
    an_order = person.shape.order_item // person.shape.orders
    # Who names few products does not name the same ones as everybody else.
    shift = person.number if person.shape.product < 100 else 0
    for number in range(person.shape.order_item):
        order, position = divmod(number, an_order)
        product = 1 + (number + shift) % person.shape.product
        yield f"ord-{person.number}-{order}", position + 1, product, 1 + number % 5


def _logins(person: Person) -> Iterator[Row]:
    first = person.before["login"] + 1
    for number in range(person.shape.login):
        yield first + number, person.number, START + timedelta(minutes=number)


def _visits(person: Person) -> Iterator[Row]:
    for number in range(person.shape.visit):
        yield person.email, START + timedelta(seconds=61 * number)


def _reports(person: Person) -> Iterator[Row]:
    first = person.before["report"] + 1
    for number in range(person.shape.report):
        year, month = divmod(number, 12)
        yield first + number, person.email, f"Report {number}", 2_000 + year, month + 1, number


def _service_requests(person: Person) -> Iterator[Row]:
    for number in range(person.shape.service_request):
        opened = date(2024, 1, 1) + timedelta(days=number % 700)
        closed = opened + timedelta(days=3) if number % 2 else None
        yield (
            f"sr-{person.number}-{number}",
            person.email,
            f"alt-{person.email}",
            opened,
            closed,
            person.number,
        )


_ROWS: dict[str, Callable[[Person], Iterator[Row]]] = {
    "address": _addresses,
    "customer": _customer,
    "employee": _employee,
    "payment_card": _payment_cards,
    "orders": _orders,
    "order_item": _order_items,
    "login": _logins,
    "visit": _visits,
    "report": _reports,
    "service_request": _service_requests,
}
