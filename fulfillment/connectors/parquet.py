"""Reading the person's rows out of a Parquet file: filtered while decoding, never the whole file at once."""

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from fsspec import AbstractFileSystem
from pyarrow.fs import FSSpecHandler, PyFileSystem

from fulfillment.connectors.errors import Fatal, NotConfigured
from fulfillment.connectors.trail import Condition, Sieve

ROWS_AT_ONCE = 16_384


class ParquetFile:
    """One file; `name` is how people know it. Raises Fatal when it is no Parquet file."""

    def __init__(self, filesystem: AbstractFileSystem, path: str, name: str) -> None:
        self._name = name
        try:
            self._file = ds.dataset(
                path, format="parquet", filesystem=PyFileSystem(FSSpecHandler(filesystem))
            )
        except pa.ArrowInvalid:
            raise Fatal(f"{name} is damaged, or not a Parquet file.") from None
        self.columns: tuple[str, ...] = tuple(self._file.schema.names)

    def rows(self, sieve: Sieve) -> Iterator[list[dict[str, Any]]]:
        """The mapped columns of the rows that the sieve lets through, part by part."""
        schema = self._file.schema
        wanted = [
            each.name for each in sieve.collection.returned_fields if self._has(each.name, each.optional)
        ]
        scanner = self._file.scanner(
            columns={name: _readable(schema.field(name)) for name in wanted},
            filter=_prefilter(schema, sieve),
            batch_size=ROWS_AT_ONCE,
            batch_readahead=1,
            fragment_readahead=1,
        )
        try:
            for part in scanner.to_batches():
                yield [row for row in part.to_pylist() if sieve.holds(row)]
        except (pa.ArrowInvalid, OSError):
            raise Fatal(f"{self._name} is damaged, or not a Parquet file.") from None

    def every_row(self) -> Iterator[list[dict[str, Any]]]:
        """Every column of every row, part by part, whoever they are about."""
        schema = self._file.schema
        scanner = self._file.scanner(
            columns={name: _readable(schema.field(name)) for name in schema.names},
            batch_size=ROWS_AT_ONCE,
            batch_readahead=1,
            fragment_readahead=1,
        )
        try:
            for part in scanner.to_batches():
                yield part.to_pylist()
        except (pa.ArrowInvalid, OSError):
            raise Fatal(f"{self._name} is damaged, or not a Parquet file.") from None

    def _has(self, column: str, optional: bool) -> bool:
        if column not in self.columns and not optional:
            raise NotConfigured(f"The map names the column {column}, which {self._name} does not have.")
        return column in self.columns


def _readable(field: pa.Field) -> pc.Expression:
    """A column as Python can hold it: times finer than a microsecond have no other form than text."""
    finer = getattr(field.type, "unit", None) == "ns"
    return pc.field(field.name).cast(pa.string()) if finer else pc.field(field.name)


def _prefilter(schema: pa.Schema, sieve: Sieve) -> pc.Expression | None:
    """A filter for the decoder that lets through no less than the sieve; None where it cannot be told."""
    parts = [_condition(schema, condition) for condition in sieve.conditions]
    known = [part for part in parts if part is not None]
    return reduce(or_, known) if known and len(known) == len(parts) else None


def _condition(schema: pa.Schema, condition: Condition) -> pc.Expression | None:
    name, kind = condition.fields[0], condition.kinds[0]
    if len(condition.fields) > 1 or name not in schema.names:
        return None
    values = sorted(wanted for (wanted,) in condition.wanted)
    stored = schema.field(name).type
    if pa.types.is_string(stored) or pa.types.is_large_string(stored):
        if kind == "phone_number" or not all(value.isascii() for value in values):
            return None
        if not kind:
            return pc.field(name).isin(pa.array(values, stored))
        column = pc.utf8_lower(pc.utf8_trim_whitespace(pc.field(name)))
        return column.isin(pa.array([value.lower() for value in values], stored))
    if pa.types.is_integer(stored):
        return pc.field(name).cast(pa.string()).isin(pa.array(values, pa.string()))
    return None
