"""The people and what they share."""

import unicodedata
from datetime import timedelta

import pytest

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.helpdesk import desk_records
from omne_dsar.demo.company.tables import TABLES
from omne_dsar.demo.company.world import World
from tests.company import AS_OF


@pytest.fixture(scope="module")
def world() -> World:
    return World(as_of=AS_OF)


def test_about_two_thousand_people_write_their_names_in_at_least_six_scripts(world: World) -> None:
    scripts = {unicodedata.name(letter).split()[0] for person in world.people for letter in person.given}

    assert len(world.people) == 2_000
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "CJK", "DEVANAGARI", "HEBREW", "HANGUL"} <= scripts


def test_the_same_seed_gives_the_same_rows() -> None:
    first, second = (World(as_of=AS_OF, people=40) for _ in range(2))

    assert first.people == second.people
    assert list(desk_records(first)) == list(desk_records(second))
    for table in TABLES:
        assert list(table.rows(first)) == list(table.rows(second)), table.name


def test_another_seed_gives_other_rows() -> None:
    first, second = (World(as_of=AS_OF, people=40, seed=seed) for seed in (1, 2))

    assert [person.name for person in first.people] != [person.name for person in second.people]


def test_all_dates_move_with_the_moment_the_company_is_looked_at() -> None:
    now, later = (World(as_of=AS_OF + timedelta(days=days), people=40) for days in (0, 100))

    gaps = {second.at - first.at for first, second in zip(now.orders, later.orders, strict=True)}
    assert gaps == {timedelta(days=100)}


def test_nobody_has_the_address_of_somebody_else(world: World) -> None:
    addresses = [person.email.casefold() for person in world.people]

    assert len(addresses) == len(set(addresses))
    assert cast.UNKNOWN_EMAIL not in addresses


def test_every_address_is_of_a_domain_nobody_can_own(world: World) -> None:
    domains = {person.email.partition("@")[2] for person in world.people}
    domains |= {member.email.partition("@")[2] for member in world.staff}

    assert {d for d in domains if not d.endswith(".example")} == {"example.org", "example.com", "example.net"}


def test_the_star_has_two_accounts_of_one_address_typed_differently(world: World) -> None:
    mine = [account.email for account in world.accounts if account.person.email == cast.STAR.email]

    assert len(mine) == len(set(mine)) == 2
    assert {email.strip().casefold() for email in mine} == {cast.STAR.email}


def test_several_people_share_the_mailbox_of_the_office(world: World) -> None:
    sharing = {each.account.person.name for each in world.employees if each.work_email == cast.OFFICE.email}

    assert len(sharing) == cast.SHARED_MAILBOX_USERS


def test_one_of_the_staff_is_a_customer_too(world: World) -> None:
    staff = {member.email for member in world.staff}

    assert [a.email for a in world.accounts if a.person.email in staff] == [cast.STAFF_CUSTOMER.email]


def test_there_are_namesakes(world: World) -> None:
    names = [person.name for person in world.people]

    assert names.count(f"{cast.STAR.given} {cast.STAR.family}") >= 2
    assert len(set(names)) < len(names)


def test_free_text_names_other_people(world: World) -> None:
    case_table = next(table for table in TABLES if table.name == "support_cases")
    names = {person.name for person in world.people}

    bodies = [row[4] for row in case_table.rows(world)]

    assert sum(any(name in body for name in names) for body in bodies[:100]) > 50
