"""A Parquet file written anew without the person, or with other values; all other rows stay as they are."""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.file_changes.writing import NewVersion
from fulfillment.connectors.trail import Sieve

# By the number of a row in its file: the new values of some of its columns.
NewValues = Mapping[int, Mapping[str, Any]]


def rewrite_groups(
    filesystem: AbstractFileSystem, path: str, new: NewVersion, *, name: str, sieve: Sieve, edits: RowEdits
) -> None:
    """Group by group, with the file's own types, metadata and compression. Raises Fatal."""
    _written(filesystem, path, new, name, lambda table, _first: _edited(table, sieve, edits))


def rewrite_values(
    filesystem: AbstractFileSystem, path: str, new: NewVersion, *, name: str, values: NewValues
) -> None:
    """The same with new values in single rows, which are counted from 1. Raises Fatal."""
    _written(filesystem, path, new, name, lambda table, first: _with_values(table, first, values))


def _written(
    filesystem: AbstractFileSystem,
    path: str,
    new: NewVersion,
    name: str,
    edited: Callable[[pa.Table, int], pa.Table],
) -> None:
    with filesystem.open(path, "rb") as source, new.opened() as out:
        try:
            old = pq.ParquetFile(source)
            packed = old.metadata.row_group(0).column(0).compression if old.num_row_groups else "SNAPPY"
            first = 1
            with pq.ParquetWriter(out, old.schema_arrow, compression=packed) as writer:
                for number in range(old.num_row_groups):
                    group = old.read_row_group(number)
                    writer.write_table(edited(group, first))
                    first += group.num_rows
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            raise Fatal(f"{name} cannot be written anew with the values its map wants.") from None


def _with_values(table: pa.Table, first: int, values: NewValues) -> pa.Table:
    """Column by column: what is not named, and every other value of what is, stays the very same."""
    wanted = {number - first: each for number, each in values.items() if 0 <= number - first < table.num_rows}
    for name in dict.fromkeys(column for each in wanted.values() for column in each):
        at, kind = table.schema.get_field_index(name), table.schema.field(name)
        rows = [row for row, each in wanted.items() if name in each]
        written = pa.array([wanted[row][name] for row in rows], type=kind.type)
        places = list(range(table.num_rows))
        for place, row in enumerate(rows):
            places[row] = table.num_rows + place
        column = pa.chunked_array([*table.column(at).chunks, written], type=kind.type)
        table = table.set_column(at, kind, column.unify_dictionaries().take(places))
    return table


def _edited(table: pa.Table, sieve: Sieve, edits: RowEdits) -> pa.Table:
    """Only the person's rows pass through Python; all others stay as the file has them, in their order."""
    tops = dict.fromkeys(each.partition(".")[0] for each in sieve.fields)
    known = table.select([name for name in tops if name in table.column_names]).to_pylist()
    mine = [number for number, row in enumerate(known) if sieve.holds(row)]
    if not mine:
        return table
    edited = [
        (number, edits.edit(row)) for number, row in zip(mine, table.take(mine).to_pylist(), strict=True)
    ]
    new = [(number, row) for number, row in edited if row is not None]
    others = [number for number in range(table.num_rows) if number not in set(mine)]
    written = pa.Table.from_pylist([row for _, row in new], schema=table.schema)
    places = {number: place for place, number in enumerate((*others, *(number for number, _ in new)))}
    return pa.concat_tables([table.take(others), written]).take([places[number] for number in sorted(places)])
