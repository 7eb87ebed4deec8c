"""A Parquet file written anew without the person, or with other values; all other rows stay as they are."""

import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem

from fulfillment.connectors.errors import Fatal
from fulfillment.connectors.file_changes.row_edits import RowEdits
from fulfillment.connectors.trail import Sieve


def rewrite_groups(
    filesystem: AbstractFileSystem, path: str, new: str, *, name: str, sieve: Sieve, edits: RowEdits
) -> None:
    """Group by group, with the file's own types, metadata and compression. Raises Fatal."""
    with filesystem.open(path, "rb") as source, filesystem.open(new, "wb") as out:
        try:
            old = pq.ParquetFile(source)
            schema = old.schema_arrow
            packed = old.metadata.row_group(0).column(0).compression if old.num_row_groups else "SNAPPY"
            with pq.ParquetWriter(out, schema, compression=packed) as writer:
                for number in range(old.num_row_groups):
                    writer.write_table(_edited(old.read_row_group(number), sieve, edits))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            raise Fatal(f"{name} cannot be written anew with the values its map wants.") from None


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
