"""Tables about who somebody is: account, profile, employer, addresses, linked identities, consents."""

import json
from collections.abc import Iterator

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.entities import Account
from omne_dsar.demo.company.phrases import BIOS, INTERESTS
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World

# A picture of one dark pixel, which is enough to see that binary columns survive.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
PURPOSES = ("newsletter", "precise_location", "social_linking", "sharing_with_partners", "product_research")
PROVIDERS = ("accounts.northwind.example", "login.blauwasser.example", "id.omne-partner.example")
NETWORKS = ("chirp", "facelist", "workmesh")


@table(
    "accounts", "id email phone password_hash display_name language country status created_at last_seen_at"
)
def accounts(world: World, chance: Chance) -> Iterator[Row]:
    """Sign-ins; the address stands as its owner typed it."""
    for account in world.accounts:
        person = account.person
        yield (
            account.id, account.email, person.phone if chance.happens(0.8) else None, chance.token("pbkdf2$"),
            person.name,
            person.locale.language, person.locale.country, "active" if chance.happens(0.93) else "closed",
            account.created_at, chance.moment(60),
        )  # fmt: skip


@table("profiles", "account_id given_name family_name job_title bio born_on picture interests preferences")
def profiles(world: World, chance: Chance) -> Iterator[Row]:
    """What people say about themselves."""
    for account in world.accounts:
        person = account.person
        preferences = {
            "theme": chance.pick(("light", "dark")),
            "digest": chance.happens(0.5),
            "language": person.locale.language,
        }
        yield (
            account.id, person.given, person.family, world.job_title(person), chance.pick(BIOS),
            person.born_on if chance.happens(0.7) else None, PICTURE if person.has_a_part else None,
            [chance.pick(INTERESTS) for _ in range(chance.between(0, 3))], json.dumps(preferences),
        )  # fmt: skip


@table("company_contacts", "company_id email name duty phone")
def company_contacts(world: World, chance: Chance) -> Iterator[Row]:
    """Whom to call at an enterprise customer; the star is one of them."""
    for company in world.companies:
        people = {chance.pick(world.people).email for _ in range(8)} | {cast.STAR.email}
        for email in sorted(people if company is world.companies[0] else people - {cast.STAR.email}):
            person = world.by_email[email]
            yield company.id, email, person.name, chance.pick(("billing", "technical", "legal")), person.phone


@table(
    "employees",
    "id account_id company_id work_email full_name employee_number department manager_id hired_on left_on",
)
def employees(world: World, chance: Chance) -> Iterator[Row]:
    """What employers entered about their people."""
    for employee in world.employees:
        linked = employee.account.id if employee.account.person.has_a_part or chance.happens(0.9) else None
        yield (
            employee.id, linked, employee.company.id, employee.work_email, employee.account.person.name,
            f"E-{employee.id:05}",
            chance.pick(("Sales", "Finance", "Warehouse", "People", "IT")), employee.manager_id,
            world.hired_on(employee),
            chance.day(200) if chance.happens(0.1) else None,
        )  # fmt: skip


@table("staff_members", "id email display_name team signature")
def staff_members(world: World, chance: Chance) -> Iterator[Row]:
    """Omne's own people."""
    for member in world.staff:
        yield (
            member.id,
            member.email,
            member.name,
            member.team,
            f"Kind regards, {member.name}, Omne {member.team}",
        )


@table("role_grants", "account_id role_id granted_at granted_by")
def role_grants(world: World, chance: Chance) -> Iterator[Row]:
    """What an account may do, and who allowed it."""
    for account in world.accounts:
        for role in range(1, chance.between(1, 2) + 1):
            yield account.id, role, chance.moment(900), chance.pick(world.staff).email


@table("addresses", "id recipient street city postal_code country")
def addresses(world: World, chance: Chance) -> Iterator[Row]:
    """One home each, whoever else lives there."""
    for person in world.people:
        yield (
            person.number,
            person.name,
            person.street,
            person.city,
            person.postal_code,
            person.locale.country,
        )


@table("account_addresses", "account_id address_id kind since")
def account_addresses(world: World, chance: Chance) -> Iterator[Row]:
    """Who uses which address: their own, and sometimes the one of somebody they live with."""
    star, housemate = (world.by_email[member.email].number for member in (cast.STAR, cast.HOUSEMATE))
    for account in world.accounts:
        number = account.person.number
        yield account.id, number, "billing", chance.day(1000)
        if number == housemate:
            yield account.id, star, "delivery", chance.day(1000)
        elif chance.happens(0.3):
            yield account.id, chance.pick(world.people).number, "delivery", chance.day(1000)


@table("sso_identities", "id account_id provider provider_subject provider_email claims")
def sso_identities(world: World, chance: Chance) -> Iterator[Row]:
    """Sign-ins through a partner, with what the partner said."""
    for number, account in enumerate(_some(world, chance, 0.5), 1):
        person = account.person
        claims = {
            "name": person.name,
            "email": person.email,
            "locale": person.locale.language,
            "email_verified": True,
        }
        yield (
            number,
            account.id,
            chance.pick(PROVIDERS),
            chance.token("")[:16],
            person.email,
            json.dumps(claims, ensure_ascii=False),
        )


@table("social_links", "account_id network handle linked_at shared")
def social_links(world: World, chance: Chance) -> Iterator[Row]:
    """Linked social accounts and what they shared."""
    for account in _some(world, chance, 0.35):
        handle = "@" + account.person.email.split("@")[0].replace(".", "_")
        shared = {
            "followers": chance.between(0, 900),
            "friends": [chance.pick(world.people).name for _ in range(2)],
        }
        for network in NETWORKS[: chance.between(1, 2)]:
            yield account.id, network, handle, chance.moment(900), json.dumps(shared, ensure_ascii=False)


@table("consents", "id account_id purpose granted decided_at evidence")
def consents(world: World, chance: Chance) -> Iterator[Row]:
    """Every yes and no, with how it was given."""
    number = 0
    for account in world.accounts:
        for purpose in PURPOSES[: chance.between(2, 5)]:
            number += 1
            evidence = {"page": "/settings/privacy", "ip": chance.ip(), "wording": f"v{chance.between(1, 4)}"}
            yield number, account.id, purpose, chance.happens(0.6), chance.moment(900), json.dumps(evidence)


def _some(world: World, chance: Chance, share: float) -> Iterator[Account]:
    """The cast's accounts and a share of all others."""
    return (account for account in world.accounts if account.person.has_a_part or chance.happens(share))
