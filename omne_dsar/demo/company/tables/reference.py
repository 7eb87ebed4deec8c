"""Tables without a person in them: lists, rates and names of things."""

from collections.abc import Iterator
from datetime import timedelta

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.names import LOCALES
from omne_dsar.demo.company.phrases import PRODUCT_NAMES
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World

PLANS = ("Free", "Team", "Business", "Enterprise")
ROLES = (
    ("viewer", "Reads"),
    ("editor", "Reads and writes"),
    ("approver", "Approves orders"),
    ("admin", "Manages people"),
)
SURVEYS = ("After support", "Yearly satisfaction", "Leaving us")
CAMPAIGNS = (
    "Spring release",
    "Payroll webinar",
    "Win back",
    "Customer stories",
    "Year-end closing",
    "Mobile app",
)


@table("plans", "id name monthly_price")
def plans(world: World, chance: Chance) -> Iterator[Row]:
    """What can be subscribed to."""
    for number, name in enumerate(PLANS):
        yield number + 1, name, f"{number * 49}.00"


@table("roles", "id name about")
def roles(world: World, chance: Chance) -> Iterator[Row]:
    """What an account may be allowed."""
    for number, (name, about) in enumerate(ROLES, 1):
        yield number, name, about


@table("products", "id sku name price")
def products(world: World, chance: Chance) -> Iterator[Row]:
    """The price list."""
    for number, name in enumerate(PRODUCT_NAMES, 1):
        yield number, f"OM-{number:03}", name, f"{chance.between(9, 900)}.90"


@table("companies", "id name vat_number country domain")
def companies(world: World, chance: Chance) -> Iterator[Row]:
    """Enterprise customers."""
    for company in world.companies:
        vat_number = f"{company.country}{chance.between(10**8, 10**9 - 1)}"
        yield company.id, company.name, vat_number, company.country, company.domain


@table("surveys", "id title opened_on")
def surveys(world: World, chance: Chance) -> Iterator[Row]:
    """The questionnaires."""
    for number, title in enumerate(SURVEYS, 1):
        yield number, title, chance.day(900)


@table("crm.campaigns", "id name started_on")
def campaigns(world: World, chance: Chance) -> Iterator[Row]:
    """Marketing campaigns."""
    for number, name in enumerate(CAMPAIGNS, 1):
        yield number, name, chance.day(700)


@table("projects", "id company_id name started_on")
def projects(world: World, chance: Chance) -> Iterator[Row]:
    """Three projects in every company."""
    for company in world.companies:
        for turn in range(3):
            yield company.id * 10 + turn, company.id, f"{company.name} {turn + 1}", chance.day(800)


@table("countries", "code name")
def countries(world: World, chance: Chance) -> Iterator[Row]:
    """Where Omne delivers."""
    for locale in LOCALES:
        yield locale.country, locale.country_name


@table("tax_rates", "country valid_from rate")
def tax_rates(world: World, chance: Chance) -> Iterator[Row]:
    """Sales tax by country."""
    for locale in LOCALES:
        yield locale.country, (world.as_of - timedelta(days=3000)).date(), f"{chance.between(5, 25)}.00"


@table("exchange_rates", "currency valid_on rate")
def exchange_rates(world: World, chance: Chance) -> Iterator[Row]:
    """Daily rates of one year."""
    for currency in ("EUR", "GBP", "JPY", "AED"):
        for days in range(365):
            yield currency, (world.as_of - timedelta(days=days)).date(), f"{0.5 + chance.random():.6f}"
