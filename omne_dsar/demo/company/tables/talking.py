"""Tables about words: cases, comments, messages, documents, notifications, surveys, referrals."""

import json
from collections.abc import Iterator
from datetime import timedelta

from omne_dsar.demo.company import cast
from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.phrases import (
    CASE_BODIES,
    CUSTOMER_COMMENTS,
    DOCUMENT_TITLES,
    MESSAGES,
    REMARKS,
    STAFF_COMMENTS,
)
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.tables.reference import SURVEYS
from omne_dsar.demo.company.world import World

NOTICES = (
    ("invoice_ready", "Hello {name}, your invoice is ready."),
    ("sign_in_new_device", "Hello {name}, somebody signed in from a new device."),
    ("task_assigned", "{name}, a task is waiting for you."),
    ("weekly_digest", "{name}, this was your week."),
)
# Somebody else's ticket speaks of them: no way of the map leads there.
MENTIONED = (cast.STAR, cast.HOUSEMATE, cast.ANN, cast.BUSY)
TAGS = ("draft", "2025", "2026", "signed", "private")


@table("support_cases", "id account_id contact_email subject body status assignee_id opened_at closed_at")
def support_cases(world: World, chance: Chance) -> Iterator[Row]:
    """Matters brought to support before Omne Desk, and through the ERP since."""
    told = {number * 40: member for number, member in enumerate(MENTIONED, 1)}
    for number, case in enumerate(world.cases):
        closed = chance.happens(0.85)
        body = world.fill(chance.pick(CASE_BODIES), chance)
        if number in told:
            body += f" {told[number].given} {told[number].family} ({told[number].email}) saw it too."
        yield (
            case.id, case.account.id if case.account else None, case.contact_email, case.subject,
            body, "closed" if closed else "open",
            chance.pick(world.staff).id, case.at,
            case.at + timedelta(days=3) if closed else None,
        )  # fmt: skip


@table("case_comments", "case_id comment_no author_name author_kind body written_at")
def case_comments(world: World, chance: Chance) -> Iterator[Row]:
    """The talk about a case, which names other people."""
    for case in world.cases:
        for number in range(1, chance.between(1, 5) + 1):
            by_staff = chance.happens(0.5)
            author = chance.pick(world.staff).name if by_staff else case.person.name
            yield (
                case.id, number, author, "staff" if by_staff else "customer",
                world.fill(chance.pick(STAFF_COMMENTS if by_staff else CUSTOMER_COMMENTS), chance),
                case.at + timedelta(hours=number * 7),
            )  # fmt: skip


@table("messages", "id sender_id recipient_id sent_at body")
def messages(world: World, chance: Chance) -> Iterator[Row]:
    """Messages between accounts, now and then to oneself."""
    number = 0
    for account in world.accounts:
        for _ in range(chance.count(7 * account.activity)):
            number += 1
            recipient = account if chance.happens(0.03) else chance.pick(world.accounts)
            yield (
                number,
                account.id,
                recipient.id,
                chance.moment(500),
                world.fill(chance.pick(MESSAGES), chance),
            )


@table("documents", "id owner_id title media_type size_bytes sha256 tags uploaded_at")
def documents(world: World, chance: Chance) -> Iterator[Row]:
    """Files that people stored."""
    number = 0
    for account in world.accounts:
        for _ in range(chance.count(5 * account.activity)):
            number += 1
            yield (
                number, account.id, world.fill(chance.pick(DOCUMENT_TITLES), chance),
                chance.pick(("application/pdf", "image/jpeg")),
                chance.between(900, 9_000_000), f"{chance.getrandbits(256):064x}", [chance.pick(TAGS)],
                chance.moment(800),
            )  # fmt: skip


@table("notifications", "id account_id channel template sent_at read_at body")
def notifications(world: World, chance: Chance) -> Iterator[Row]:
    """What the product told people."""
    number = 0
    for account in world.accounts:
        name = account.person.name
        for _ in range(chance.count(25 * account.activity)):
            number += 1
            sent_at, (template, body) = chance.moment(300), chance.pick(NOTICES)
            read_at = sent_at + timedelta(minutes=30) if chance.happens(0.6) else None
            yield (
                number,
                account.id,
                chance.pick(("mail", "push", "app")),
                template,
                sent_at,
                read_at,
                body.format(name=name),
            )


@table("survey_responses", "id survey_id respondent_email answered_at answers remark")
def survey_responses(world: World, chance: Chance) -> Iterator[Row]:
    """Answers, known by nothing but the address."""
    number = 0
    for person in world.people:
        for _ in range(max(person.has_a_part, chance.count(1.2 * min(person.activity, 20)))):
            number += 1
            answers = {"score": chance.between(0, 10), "again": chance.happens(0.7)}
            remark = world.fill(chance.pick(REMARKS), chance) if chance.happens(0.5) else None
            yield (
                number,
                chance.between(1, len(SURVEYS)),
                person.email,
                chance.moment(700),
                json.dumps(answers),
                remark,
            )


@table("referrals", "id referrer_id invited_email invited_name invited_at accepted")
def referrals(world: World, chance: Chance) -> Iterator[Row]:
    """Invitations: one row about two people."""
    number = 0
    for account in world.accounts:
        for _ in range(max(account.person.has_a_part, chance.count(0.4 * min(account.activity, 20)))):
            number += 1
            invited = chance.pick(world.people)
            yield number, account.id, invited.email, invited.name, chance.moment(600), chance.happens(0.3)
