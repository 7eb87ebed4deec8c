"""Tables of the marketing schema, which knows people by address alone."""

import json
from collections.abc import Iterator

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.phrases import COMPANY_NAMES
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.tables.reference import CAMPAIGNS
from omne_dsar.demo.company.world import World

NEWSLETTERS = ("Omne Monthly", "Release notes", "Webinars")
PARTNERS = ("Fairground Media", "Northwind Partners", "Tradeshow West")


@table("crm.leads", "id email name company phone partner score received_at")
def leads(world: World, chance: Chance) -> Iterator[Row]:
    """People whom a partner or a fair passed on."""
    number = 0
    for person in world.people:
        if person.number <= 3 or chance.happens(0.2):
            number += 1
            yield (
                number, person.email, person.name, chance.pick(COMPANY_NAMES),
                person.phone if chance.happens(0.5) else None,
                chance.pick(PARTNERS), chance.between(0, 100), chance.moment(900),
            )  # fmt: skip


@table("crm.newsletter_subscribers", "email newsletter language subscribed_at left_at unsubscribe_token")
def newsletter_subscribers(world: World, chance: Chance) -> Iterator[Row]:
    """Who gets which newsletter; a third of the addresses came in capitals from a paper list."""
    for person in world.people:
        email = person.email.upper() if chance.happens(0.33) else person.email
        for newsletter in NEWSLETTERS[: chance.between(0, 3) if person.number > 1 else 3]:
            left_at = chance.moment(90) if chance.happens(0.2) else None
            yield email, newsletter, person.locale.language, chance.moment(1100), left_at, chance.token("u_")


@table("crm.marketing_events", "id email campaign_id kind at details")
def marketing_events(world: World, chance: Chance) -> Iterator[Row]:
    """Mails opened and links followed."""
    number = 0
    for person in world.people:
        for _ in range(chance.count(12 * person.activity)):
            number += 1
            kind = chance.pick(("sent", "opened", "clicked", "bounced"))
            details = {"client": chance.pick(("web", "phone")), "link": f"/c/{chance.between(1, 40)}"}
            yield (
                number,
                person.email,
                chance.between(1, len(CAMPAIGNS)),
                kind,
                chance.moment(500),
                json.dumps(details),
            )
