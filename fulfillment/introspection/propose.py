"""Look at a live database and propose its data map."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

import yaml
from sqlalchemy import Connection

from fulfillment.connectors.sql import SqlConnector
from fulfillment.introspection.bystanders import with_bystanders
from fulfillment.introspection.document import dataset_of
from fulfillment.introspection.findings import Findings
from fulfillment.introspection.inside_json import Inside, Paths, paths_of
from fulfillment.introspection.judge import judge
from fulfillment.introspection.own_addresses import have_an_address, own_addresses
from fulfillment.introspection.own_numbers import with_own_numbers
from fulfillment.introspection.people import Addresses, walk
from fulfillment.introspection.read_schema import read_schema
from fulfillment.introspection.references import References
from fulfillment.introspection.samples import overlap, sample_tables
from fulfillment.introspection.schema import Table
from fulfillment.introspection.staff import served_by
from fulfillment.introspection.tables import views_of
from fulfillment.introspection.typed_pairs import typed_links
from fulfillment.introspection.value_links import value_links

# A look must not weigh on the source: each statement is small, and given up after so long.
STATEMENT_SECONDS = 5
# A file is read by our own process, whose work is limited as a whole.
FILE_SECONDS = 120
PURPOSE = "look"

Progress = Callable[[str, int, int], None]


def no_progress(_step: str, _done: int, _of: int) -> None:
    """For callers that show none."""


def propose_map(
    connector: SqlConnector,
    *,
    key: str,
    label: str,
    sample: int,
    at: datetime,
    schemas: Sequence[str] = (),
    progress: Progress = no_progress,
) -> str:
    """The text of a map for this database, from one read-only snapshot of it. Raises ConnectorError.

    Nothing of it is in force: every guess stands in it with how sure it is and why.
    """
    limits = {"statement_timeout_seconds": STATEMENT_SECONDS if connector.kind != "sqlite" else FILE_SECONDS}
    brief = type(connector)(connector.settings.model_copy(update=limits))
    with brief.snapshot(label, purpose=PURPOSE) as connection:
        found = look(
            connection, key=key, label=label, sample=sample, at=at, schemas=schemas, progress=progress
        )
    return written(found)


def look(
    connection: Connection,
    *,
    key: str,
    label: str,
    sample: int,
    at: datetime,
    schemas: Sequence[str] = (),
    progress: Progress = no_progress,
) -> Findings:
    """Everything that can be found out about the database at the other end of a connection."""
    progress("tables", 0, 0)
    schema = read_schema(connection, schemas)
    views = views_of(schema)
    count, sampled = len(schema.tables), partial(progress, "samples")
    samples = sample_tables(connection, schema, sample, progress=lambda done: sampled(done, count))
    nested = {each.name: paths_of(each, samples) for each in schema.tables}
    verdicts = with_own_numbers(judge(schema, views, samples, nested, year=at.year), views)
    progress("references", 0, count)

    def standing(values: Sequence[str], table: Table, name: str) -> tuple[int, int] | None:
        return overlap(connection, values, table, name)

    named = References(schema, views, samples, standing, _may_refer(nested)).find()
    taken = frozenset((link.child, name) for link in named for name in link.columns)
    every = (
        *named,
        *value_links(schema, views, samples, standing, taken),
        *typed_links(schema, views, samples),
    )
    links = with_bystanders(served_by(every, views), views)
    seeds = [
        name for name, judged in verdicts.items() if any(each.leads_to_person for each in judged.values())
    ]
    personal = {name: sum(each.is_personal for each in judged.values()) for name, judged in verdicts.items()}
    addresses = Addresses(have_an_address(verdicts), own_addresses(views, verdicts))
    way = walk(views, links, seeds, personal, addresses)
    progress("references", count, count)
    return Findings(key, label, schema, views, verdicts, links, way, samples.unread, nested)


def _may_refer(nested: Mapping[str, Inside]) -> Mapping[str, Paths]:
    """What inside JSON may refer to another table, by table."""
    return {name: each.may_refer for name, each in nested.items()}


def written(found: Findings) -> str:
    """The proposal as the text of a map."""
    return yaml.dump(
        {"dataset": [dataset_of(found)]},
        Dumper=yaml.CSafeDumper,
        sort_keys=False,
        allow_unicode=True,
        width=160,
        default_flow_style=None,
    )


def key_from(name: str) -> str:
    """A name of a database as the key of a source: small letters, digits and _."""
    return re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "source"
