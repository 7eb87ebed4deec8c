"""What Omne Desk holds: people who wrote, their tickets and comments, ratings and chats."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.people import Person
from omne_dsar.demo.company.phrases import (
    CASE_BODIES,
    CASE_SUBJECTS,
    CUSTOMER_COMMENTS,
    MESSAGES,
    STAFF_COMMENTS,
    USER_AGENTS,
)
from omne_dsar.demo.company.world import World

Record = dict[str, Any]
FIRST_TICKET = 4_001


def desk_records(world: World) -> Iterator[tuple[str, Record]]:
    """Every record with its kind, people first."""
    chance = world.chance("desk")
    writers = [person for person in world.people if person.has_a_part or chance.happens(0.6)]
    for person in writers:
        yield "users", _user(person, world, chance)
    ticket = FIRST_TICKET
    for person in writers:
        for _ in range(max(1, chance.count(2.5 * min(person.activity, 60)))):
            yield from _conversation(ticket, person, world, chance)
            ticket += 1
    yield from _merged_profile(ticket, world, chance)
    for number in range(1, 1 + len(world.people)):
        yield "chats", _chat(number, chance.pick(writers), world, chance)


def _merged_profile(number: int, world: World, chance: Chance) -> Iterator[tuple[str, Record]]:
    """An old profile became part of a new one: its ticket is found by the new address and shows the old."""
    yield "merges", {"old_email": cast.MERGED_FROM, "email": cast.MERGED.email}
    ticket = _ticket(number, world.by_email[cast.MERGED.email], chance.moment(700), world, chance)
    yield "tickets", {**ticket, "requester_email": cast.MERGED_FROM}


def _user(person: Person, world: World, chance: Chance) -> Record:
    return {
        "id": 90_000 + person.number,
        "name": person.name,
        "email": person.email if chance.happens(0.8) else person.email.capitalize(),
        "phone": person.phone,
        "locale": person.locale.language,
        "time_zone": person.locale.time_zone,
        "notes": world.fill("Prefers to talk to {other}", chance) if chance.happens(0.2) else None,
        "tags": ["vip"] if person.activity > 1.4 else [],
        "created_at": chance.moment(1000).isoformat(),
    }


def _conversation(number: int, person: Person, world: World, chance: Chance) -> Iterator[tuple[str, Record]]:
    """A ticket, what was said about it and, now and then, how it was rated."""
    at = chance.moment(700)
    yield "tickets", _ticket(number, person, at, world, chance)
    for turn in range(1, chance.between(1, 5) + 1):
        yield "comments", _comment(number, turn, person, at, world, chance)
    if person.email == cast.STAR.email or chance.happens(0.4):
        yield "satisfaction_ratings", _rating(number, person, at, world, chance)


def _ticket(number: int, person: Person, at: datetime, world: World, chance: Chance) -> Record:
    return {
        "id": number,
        "requester_email": person.email if chance.happens(0.8) else person.email.capitalize(),
        "requester_name": person.name,
        "subject": chance.pick(CASE_SUBJECTS),
        "description": world.fill(chance.pick(CASE_BODIES), chance),
        "status": chance.pick(("open", "pending", "solved", "closed")),
        "collaborators": [chance.pick(world.people).email] if chance.happens(0.15) else [],
        "custom_fields": {"order": chance.between(70_001, 78_000), "product": chance.pick(("web", "mobile"))},
        "created_at": at.isoformat(),
    }


def _comment(ticket: int, turn: int, person: Person, at: datetime, world: World, chance: Chance) -> Record:
    by_staff = turn % 2 == 0
    return {
        "id": ticket * 10 + turn,
        "ticket_id": ticket,
        "author": chance.pick(world.staff).name if by_staff else person.name,
        "body": world.fill(chance.pick(STAFF_COMMENTS if by_staff else CUSTOMER_COMMENTS), chance),
        "public": not by_staff or chance.happens(0.8),
        "created_at": (at + timedelta(hours=5 * turn)).isoformat(),
    }


def _rating(ticket: int, person: Person, at: datetime, world: World, chance: Chance) -> Record:
    return {
        "id": ticket,
        "ticket_id": ticket,
        "requester_email": person.email,
        "score": chance.pick(("good", "bad")),
        "comment": world.fill("{other} knew the answer at once.", chance) if chance.happens(0.5) else None,
        "created_at": (at + timedelta(days=4)).isoformat(),
    }


def _chat(number: int, person: Person, world: World, chance: Chance) -> Record:
    return {
        "id": number,
        "visitor_email": person.email,
        "visitor_name": person.name,
        "ip": chance.ip(),
        "user_agent": chance.pick(USER_AGENTS),
        "transcript": [
            {"who": "visitor", "text": world.fill(chance.pick(MESSAGES), chance)},
            {"who": "agent", "text": STAFF_COMMENTS[0]},
        ],
        "started_at": chance.moment(500).isoformat(),
    }
