"""The things the tables share, as values."""

from dataclasses import dataclass
from datetime import datetime

from omne_dsar.demo.company.people import Person


@dataclass(frozen=True, slots=True)
class Account:
    """One sign-in of one person; some people have two."""

    id: int
    person: Person
    email: str
    created_at: datetime
    activity: float


@dataclass(frozen=True, slots=True)
class Company:
    """A customer of Omne that brings its own staff."""

    id: int
    name: str
    domain: str
    country: str


@dataclass(frozen=True, slots=True)
class Employee:
    """A person as their employer entered them."""

    id: int
    account: Account
    company: Company
    work_email: str
    manager_id: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase; invoice, payment and shipment follow from it."""

    id: int
    account: Account
    at: datetime
    lines: tuple[tuple[int, int], ...]  # product, quantity
    paid: bool
    shipped: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One matter somebody brought to support inside the ERP."""

    id: int
    account: Account | None
    contact_email: str
    person: Person
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A phone or computer that uses the products."""

    id: str
    account: Account
    model: str
    system: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works for Omne."""

    id: int
    email: str
    name: str
    team: str
