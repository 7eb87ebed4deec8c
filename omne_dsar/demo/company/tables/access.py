"""Tables about signing in: attempts, sessions, tokens, passwords, devices, fraud checks, the audit log."""

import json
from collections.abc import Iterator

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.entities import Account
from omne_dsar.demo.company.phrases import JOB_TITLES, USER_AGENTS
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World

ACTIONS = (
    ("invoice.viewed", "invoice"), ("order.placed", "order"), ("report.opened", "report"),
    ("document.shared", "document"),
    ("timesheet.saved", "timesheet"), ("search.run", "search"),
)  # fmt: skip

Change = tuple[str, str, str | None, str | None]  # action, kind of thing, before, after


@table("sign_ins", "id account_id at ip user_agent outcome")
def sign_ins(world: World, chance: Chance) -> Iterator[Row]:
    """Every attempt to sign in."""
    for number, account in _times(world, chance, 30):
        outcome = "ok" if chance.happens(0.93) else "wrong password"
        yield number, account.id, chance.moment(400), chance.ip(), chance.pick(USER_AGENTS), outcome


@table("sessions", "id account_id token started_at ends_at")
def sessions(world: World, chance: Chance) -> Iterator[Row]:
    """Open sessions."""
    for _, account in _times(world, chance, 1.5):
        started_at = chance.moment(30)
        yield chance.uuid(), account.id, chance.token("sess_"), started_at, world.as_of


@table("api_tokens", "id account_id label token_hash scopes last_used_at")
def api_tokens(world: World, chance: Chance) -> Iterator[Row]:
    """Keys for programs."""
    number = 0
    for account in world.accounts:
        if not account.person.has_a_part and not chance.happens(0.3):
            continue
        number += 1
        scopes = ["read", "write"][: chance.between(1, 2)]
        yield (
            number,
            account.id,
            f"key {number}",
            chance.token("sha256$"),
            scopes,
            chance.moment(90) if chance.happens(0.7) else None,
        )


@table("password_history", "account_id changed_at password_hash")
def password_history(world: World, chance: Chance) -> Iterator[Row]:
    """Former passwords, as hashes."""
    for account in world.accounts:
        for changed_at in sorted({chance.moment(1200) for _ in range(chance.between(1, 3))}):
            yield account.id, changed_at, chance.token("pbkdf2$")


@table("devices", "id account_id model system push_token first_seen_at")
def devices(world: World, chance: Chance) -> Iterator[Row]:
    """Devices that get push messages."""
    for device in world.devices:
        yield (
            device.id,
            device.account.id,
            device.model,
            device.system,
            chance.token("push_"),
            chance.moment(700),
        )


@table("fraud_checks", "id account_id provider checked_at score answer")
def fraud_checks(world: World, chance: Chance) -> Iterator[Row]:
    """What the identity and fraud service answered."""
    for number, account in _times(world, chance, 3):
        answer = {
            "ip": chance.ip(),
            "country": account.person.locale.country,
            "rules": [chance.between(100, 130)],
        }
        yield (
            number,
            account.id,
            "Checkmark ID",
            chance.moment(500),
            f"{chance.random():.4f}",
            json.dumps(answer),
        )


@table("audit_log", "id account_id at action object_type object_id before after ip")
def audit_log(world: World, chance: Chance) -> Iterator[Row]:
    """Who did what; a change of profile holds the old and the new value."""
    for number, account in _times(world, chance, 28):
        action, kind, before, after = (_profile_change if chance.happens(0.1) else _action)(account, chance)
        yield (
            number,
            account.id,
            chance.moment(400),
            action,
            kind,
            str(chance.between(1, 99_999)),
            before,
            after,
            chance.ip(),
        )


def _action(account: Account, chance: Chance) -> Change:
    action, kind = chance.pick(ACTIONS)
    after = json.dumps({"source": "web", "tab": chance.between(1, 9)}) if chance.happens(0.5) else None
    return action, kind, None, after


def _profile_change(account: Account, chance: Chance) -> Change:
    person = account.person
    before = {"email": person.email, "name": person.name, "job_title": chance.pick(JOB_TITLES)}
    after = {**before, "phone": person.phone, "job_title": chance.pick(JOB_TITLES)}
    return (
        "profile.changed",
        "profile",
        json.dumps(before, ensure_ascii=False),
        json.dumps(after, ensure_ascii=False),
    )


def _times(world: World, chance: Chance, mean: float) -> Iterator[tuple[int, Account]]:
    """Each account about that many times, scaled by how active it is, with a running number."""
    number = 0
    for account in world.accounts:
        for _ in range(chance.count(mean * account.activity)):
            number += 1
            yield number, account
