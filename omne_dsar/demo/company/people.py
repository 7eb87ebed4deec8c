"""The people: the cast first, then everybody else, each with one name, one address and one place to live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from omne_dsar.demo.company.cast import CAST
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.names import LOCALE_OF_COUNTRY, LOCALES, Locale

MAIL_DOMAINS = ("example.org", "example.com", "example.net", "mail.example", "post.example", "inbox.example")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody Omne knows."""

    number: int
    given: str
    family: str
    email: str
    phone: str
    locale: Locale
    street: str
    city: str
    postal_code: str
    born_on: date
    activity: float

    @property
    def name(self) -> str:
        """The name in the order its owner writes it."""
        if self.locale.family_first:
            return f"{self.family} {self.given}"
        return f"{self.given} {self.family}"

    @property
    def has_a_part(self) -> bool:
        """True for the cast, who have at least one row wherever others may have none."""
        return self.number <= len(CAST)

    @property
    def address_line(self) -> str:
        """Where they live, on one line."""
        return f"{self.street}, {self.postal_code} {self.city}, {self.locale.country}"


def make_people(*, seed: int, as_of: datetime, count: int) -> list[Person]:
    """The cast and enough others to reach the count."""
    chance = Chance(seed=seed, stream="people", as_of=as_of)
    people = list(_cast(chance))
    taken = {person.email for person in people}
    for number in range(len(people) + 1, count + 1):
        locale = chance.pick(LOCALES)
        given, family = chance.pick(locale.given), chance.pick(locale.family)
        email = _free_address(chance, f"{given[1]}.{family[1]}", taken)
        people.append(
            _person(chance, number, given[0], family[0], email, locale, activity=0.5 + chance.random())
        )
    return people


def _cast(chance: Chance) -> Iterator[Person]:
    for number, member in enumerate(CAST, 1):
        locale = LOCALE_OF_COUNTRY[member.country]
        yield _person(
            chance, number, member.given, member.family, member.email, locale, activity=member.activity
        )


def _free_address(chance: Chance, local: str, taken: set[str]) -> str:
    email = f"{local}@{chance.pick(MAIL_DOMAINS)}"
    while email in taken:
        email = f"{local}{chance.between(2, 999)}@{chance.pick(MAIL_DOMAINS)}"
    taken.add(email)
    return email


def _person(
    chance: Chance, number: int, given: str, family: str, email: str, locale: Locale, *, activity: float
) -> Person:
    street, city, postal_code = chance.pick(locale.places)
    return Person(
        number=number,
        given=given,
        family=family,
        email=email,
        phone=f"{locale.phone}{chance.between(10, 99)}",
        locale=locale,
        street=street,
        city=city,
        postal_code=postal_code,
        born_on=(chance.as_of - timedelta(days=chance.between(19 * 365, 75 * 365))).date(),
        activity=activity,
    )
