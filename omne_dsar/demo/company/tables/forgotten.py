"""Tables that grew beside the ERP and that its data map does not know: here a search finds nothing, a sweep does."""

import base64
import json
from collections.abc import Iterator
from email.message import EmailMessage

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.people import Person
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World

REMEMBERED = (cast.STAR, cast.HOUSEMATE, cast.ANN, cast.BUSY, cast.STAFF_CUSTOMER)
# Somebody of the same household gives the address of whoever opened the letters first.
HOUSEHOLDS = {cast.HOUSEMATE: "Tom Carter", cast.STAR: "Nils Lindqvist"}


@table("legacy.customer_history", "id changed_at changed_by before after")
def customer_history(world: World, chance: Chance) -> Iterator[Row]:
    """What a trigger of long ago kept of every change: names and addresses that nobody has any more."""
    for number, person in enumerate(_some(world), 1):
        before = {
            "name": person.name,
            "email": person.email,
            "phone": f"+49 30 {chance.between(10**6, 10**7)}",
        }
        after = {**before, "phone": person.phone}
        yield (
            number, chance.moment(2000), cast.STAFF_CUSTOMER.email,
            json.dumps(before, ensure_ascii=False), json.dumps(after, ensure_ascii=False),
        )  # fmt: skip


@table("legacy.web_sessions", "id payload seen_at")
def web_sessions(world: World, chance: Chance) -> Iterator[Row]:
    """Sessions of the old website: JSON, packed."""
    for person in _some(world):
        said = json.dumps({"user": {"email": person.email, "cart": chance.between(0, 9)}})
        yield chance.token("s_"), base64.b64encode(said.encode()).decode(), chance.moment(900)


@table("legacy.mail_archive", "id received_at raw")
def mail_archive(world: World, chance: Chance) -> Iterator[Row]:
    """Letters as they arrived."""
    for number, person in enumerate(_some(world), 1):
        letter = EmailMessage()
        letter["From"] = person.email
        letter["To"] = "desk@omne.example"
        letter["Subject"] = "My contract"
        letter.set_content(f"Please send the papers to my new address.\n{person.name}\n", cte="base64")
        yield number, chance.moment(1500), letter.as_bytes()


@table("legacy.loyalty_cards", "number holder_name contact_email points")
def loyalty_cards(world: World, chance: Chance) -> Iterator[Row]:
    """Cards of a household share one mailbox; and somebody else has the same name."""
    number = 100
    for member in REMEMBERED:
        name = f"{member.given} {member.family}"
        yield number, name, member.email, chance.between(0, 900)
        yield number + 1, name, f"{member.family.lower()}.{number}@elsewhere.example", chance.between(0, 900)
        if member in HOUSEHOLDS:
            yield number + 2, HOUSEHOLDS[member], member.email, chance.between(0, 900)
        number += 10


def _some(world: World) -> Iterator[Person]:
    """Those who are remembered here, and every fortieth of the others."""
    yield from (world.by_email[member.email] for member in REMEMBERED)
    yield from (person for person in world.people if not person.has_a_part and person.number % 40 == 0)
