"""Tables about work: who is on which project, hours, exports."""

import json
from collections.abc import Iterator

from omne_dsar.demo.company.chance import Chance
from omne_dsar.demo.company.phrases import NOTES
from omne_dsar.demo.company.tables.base import Row, table
from omne_dsar.demo.company.world import World


@table("project_members", "project_id employee_id duty since")
def project_members(world: World, chance: Chance) -> Iterator[Row]:
    """Who works on what."""
    for employee in world.employees:
        for turn in range(chance.between(1, 3)):
            yield (
                employee.company.id * 10 + turn,
                employee.id,
                chance.pick(("lead", "member", "guest")),
                chance.day(700),
            )


@table("timesheets", "id employee_id project_id worked_on minutes note")
def timesheets(world: World, chance: Chance) -> Iterator[Row]:
    """Hours worked."""
    number = 0
    for employee in world.employees:
        for _ in range(chance.count(45 * min(employee.account.activity, 40))):
            number += 1
            note = world.fill(chance.pick(NOTES), chance)
            yield (
                number,
                employee.id,
                employee.company.id * 10,
                chance.day(400),
                chance.between(1, 16) * 30,
                note,
            )


@table("data_exports", "id account_id requested_at format row_count filter")
def data_exports(world: World, chance: Chance) -> Iterator[Row]:
    """What people took out of the ERP."""
    number = 0
    for account in world.accounts:
        for _ in range(chance.count(0.7 * account.activity)):
            number += 1
            chosen = json.dumps(
                {"table": chance.pick(("orders", "invoices", "stock")), "year": chance.between(2023, 2026)}
            )
            yield (
                number,
                account.id,
                chance.moment(500),
                chance.pick(("csv", "xlsx")),
                chance.between(1, 90_000),
                chosen,
            )
