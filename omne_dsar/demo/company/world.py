"""What the tables share: who has which account, who works where, what was ordered, which cases there are."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cached_property

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.entities import Account, Case, Company, Device, Employee, Order, Staff
from omne_dsar.demo.company.people import Person, make_people
from omne_dsar.demo.company.phrases import (
    CASE_SUBJECTS,
    COMPANY_NAMES,
    DEVICE_MODELS,
    JOB_TITLES,
    PRODUCT_NAMES,
)

SEED = 20261122
PEOPLE = 2_000
SHARING_COMPANY = "Kestrel Tools"
EMPLOYED = {cast.STAR.email, cast.BUSY.email}
STAFF_TEAMS = ("Support", "Billing", "Logistics", "Security")


class World:
    """Everything the tables, the help desk and the event files draw from."""

    def __init__(self, *, as_of: datetime, seed: int = SEED, people: int = PEOPLE) -> None:
        self.as_of, self.seed = as_of, seed
        self.people = make_people(seed=seed, as_of=as_of, count=people)
        self.by_email = {person.email: person for person in self.people}

    def chance(self, stream: str) -> Chance:
        """Chance of its own for one table."""
        return Chance(seed=self.seed, stream=stream, as_of=self.as_of)

    def fill(self, phrase: str, chance: Chance) -> str:
        """Put somebody else's name and address where the phrase names another person."""
        if "{" not in phrase:
            return phrase
        other = chance.pick(self.people)
        return phrase.format(other=other.name, other_email=other.email)

    @cached_property
    def accounts(self) -> list[Account]:
        """One account each; the star and one person in thirty have a second one, typed in another hand."""
        chance = self.chance("accounts of people")
        accounts: list[Account] = []

        def add(person: Person, email: str, activity: float) -> None:
            accounts.append(Account(1001 + len(accounts), person, email, chance.moment(1500), activity))

        for person in self.people:
            newcomer = person.number > len(cast.CAST) + cast.SHARED_MAILBOX_USERS
            if person.email == cast.OFFICE.email or (newcomer and chance.happens(0.03)):
                continue
            add(person, person.email, person.activity)
            if person.email == cast.STAR.email or (not person.has_a_part and chance.happens(0.033)):
                add(person, _as_typed_elsewhere(person.email, chance), person.activity * 0.2)
        return accounts

    @cached_property
    def companies(self) -> list[Company]:
        """The enterprise customers."""
        chance = self.chance("companies of the world")
        domains = [name.split()[0].lower().encode("ascii", "ignore").decode() for name in COMPANY_NAMES]
        return [
            Company(10 + index, name, f"{domain}.example", chance.pick(self.people).locale.country)
            for index, (name, domain) in enumerate(zip(COMPANY_NAMES, domains, strict=True))
        ]

    @cached_property
    def employees(self) -> list[Employee]:
        """Four in ten accounts came through an employer; a few of Kestrel's people share one mailbox."""
        chance = self.chance("employees of the world")
        kestrel = next(company for company in self.companies if company.name == SHARING_COMPANY)
        employees: list[Employee] = []
        for account in {each.person.number: each for each in reversed(self.accounts)}.values():
            person = account.person
            sharing = 0 < person.number - len(cast.CAST) <= cast.SHARED_MAILBOX_USERS
            company = kestrel if sharing else chance.pick(self.companies)
            if not sharing and person.email not in EMPLOYED and not chance.happens(0.4):
                continue
            own_address = f"{person.email.split('@')[0]}@{company.domain}"
            work_email = cast.OFFICE.email if sharing else own_address
            manager = employees[len(employees) // 10].id if employees else None
            employees.append(Employee(501 + len(employees), account, company, work_email, manager))
        return employees

    @cached_property
    def staff(self) -> list[Staff]:
        """Omne's own people; the first is a customer as well."""
        chance = self.chance("staff")
        rosa = self.by_email[cast.STAFF_CUSTOMER.email]
        others = [chance.pick(self.people) for _ in range(19)]
        staff = [Staff(1, rosa.email, rosa.name, "Support")]
        for index, other in enumerate(others, 2):
            local = other.email.split("@")[0].partition("+")[0]
            staff.append(Staff(index, f"{local}.{index}@omne.example", other.name, chance.pick(STAFF_TEAMS)))
        return staff

    @cached_property
    def orders(self) -> list[Order]:
        """Every purchase."""
        chance = self.chance("orders of the world")
        orders: list[Order] = []
        for account in self.accounts:
            for _ in range(chance.count(4 * account.activity)):
                lines = tuple(
                    (chance.between(1, len(PRODUCT_NAMES)), chance.between(1, 12))
                    for _ in range(chance.between(1, 3))
                )
                orders.append(
                    Order(
                        70_001 + len(orders),
                        account,
                        chance.moment(1200),
                        lines,
                        chance.happens(0.95),
                        chance.happens(0.8),
                    )
                )
        return orders

    @cached_property
    def paying_by_method(self) -> list[Account]:
        """Accounts with a card or direct debit on file; the others pay by transfer."""
        chance = self.chance("payment methods of the world")
        return [account for account in self.accounts if account.person.has_a_part or chance.happens(0.9)]

    @cached_property
    def cases(self) -> list[Case]:
        """Matters brought to support, some without an account, some from an address in another hand."""
        chance = self.chance("cases of the world")
        account_of = {account.person.number: account for account in self.accounts}
        cases: list[Case] = []
        for person in self.people:
            for _ in range(chance.count(1.5 * person.activity)):
                account = account_of.get(person.number) if chance.happens(0.8) else None
                contact = person.email if chance.happens(0.9) else _as_typed_elsewhere(person.email, chance)
                cases.append(
                    Case(
                        30_001 + len(cases),
                        account,
                        contact,
                        person,
                        chance.pick(CASE_SUBJECTS),
                        chance.moment(900),
                    )
                )
        return cases

    @cached_property
    def devices(self) -> list[Device]:
        """Phones and computers."""
        chance = self.chance("devices of the world")
        return [
            Device(chance.uuid(), account, *chance.pick(DEVICE_MODELS))
            for account in self.accounts
            for _ in range(1 + chance.count(0.5 * min(account.activity, 3)))
        ]

    def hired_on(self, employee: Employee) -> date:
        """The day an employee started, after their account was made."""
        return (employee.account.created_at - timedelta(days=30)).date()

    def job_title(self, person: Person) -> str:
        """The same title wherever the person turns up."""
        return JOB_TITLES[person.number % len(JOB_TITLES)]


def _as_typed_elsewhere(email: str, chance: Chance) -> str:
    """The same address as a hurried hand writes it: capitals, or a blank at an end."""
    writers: tuple[Callable[[str], str], ...] = (
        str.upper,
        str.title,
        lambda text: f" {text}",
        lambda text: f"{text} ",
    )
    return chance.pick(writers)(email)
