"""A row of MariaDB or MySQL as one JSON text, written piece by piece so that nothing of it is lost."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, func, literal, literal_column
from sqlalchemy.dialects import mysql

from fulfillment.connectors.rows import json_line
from fulfillment.connectors.sql_dialect import ColumnShape, Family

Value = ColumnElement[Any]

_SHAPES = ("point", "linestring", "polygon")
_GEOMETRIES = (
    "geometry",
    "geometrycollection",
    "geomcollection",
    *_SHAPES,
    *(f"multi{each}" for each in _SHAPES),
)
# The server joins no more pieces at once than its stack allows.
_AT_ONCE = 200


def unicode_text(value: Value) -> Value:
    """A text in UTF-8, whatever its column is written in."""
    return func.convert(value.op("USING")(literal_column("utf8mb4")))


def json_text(columns: Iterable[tuple[ColumnShape, Value]]) -> Value:
    """The columns as one JSON object.

    A piece longer than the server's max_allowed_packet is NULL, and so is then the whole: a row is given
    entirely, or seen to be missing.
    """
    pieces: list[Any] = []
    for shape, value in columns:
        name = json_line({shape.name: None}).decode().removeprefix("{").removesuffix("null}")
        written = case((value.is_(None), literal("null")), else_=_written(value, shape))
        pieces += [literal(("," if pieces else "{") + name), written]
    parts = [func.concat(*pieces[start : start + _AT_ONCE]) for start in range(0, len(pieces), _AT_ONCE)]
    return func.concat(*parts, "}") if parts else literal("{}")


def _written(value: Value, shape: ColumnShape) -> Value:
    writer = _BY_FAMILY.get(shape.family) or _BY_TYPE.get(shape.type_name.partition("(")[0], _quoted)
    return writer(value, shape)


def _quoted(value: Value, shape: ColumnShape) -> Value:
    return func.json_quote(unicode_text(cast(value, mysql.CHAR)))


def _text(value: Value, shape: ColumnShape) -> Value:
    return func.json_quote(unicode_text(value))


def _integer(value: Value, shape: ColumnShape) -> Value:
    # Not as they are shown: ZEROFILL would begin a number with zeros, which JSON has no word for.
    kind = mysql.INTEGER(unsigned=True) if "unsigned" in shape.type_name else mysql.INTEGER()
    return cast(cast(value, kind), mysql.CHAR)


def _bits(value: Value, shape: ColumnShape) -> Value:
    return cast(value + 0, mysql.CHAR)


def _float(value: Value, shape: ColumnShape) -> Value:
    # A FLOAT is shown with six digits; as a DOUBLE it is shown with all it has.
    return cast(cast(value, mysql.DOUBLE), mysql.CHAR)


def _moment(value: Value, shape: ColumnShape) -> Value:
    return func.json_quote(unicode_text(func.replace(cast(value, mysql.CHAR), " ", "T")))


def _moment_in_utc(value: Value, shape: ColumnShape) -> Value:
    written = func.replace(cast(value, mysql.CHAR), " ", "T")
    return func.json_quote(unicode_text(func.concat(written, "+00:00")))


def _shape_on_earth(value: Value, shape: ColumnShape) -> Value:
    system = case((func.st_srid(value) == 0, ""), else_=func.concat("SRID=", func.st_srid(value), ";"))
    return func.json_quote(unicode_text(func.concat(system, func.st_astext(value))))


def _base64(value: Value, shape: ColumnShape) -> Value:
    return func.concat('{"$base64":"', func.replace(func.to_base64(value), "\n", ""), '"}')


def _document(value: Value, shape: ColumnShape) -> Value:
    """As it is, on one line; checks can be switched off while rows are written, so it is looked at again."""
    written = unicode_text(cast(value, mysql.CHAR) if shape.type_name == "json" else value)
    on_one_line = func.replace(func.replace(written, "\n", " "), "\r", " ")
    return case((and_(func.json_valid(written) == 1), on_one_line), else_=func.json_quote(written))


_Writer = Callable[[Value, ColumnShape], Value]
_BY_FAMILY: dict[Family, _Writer] = {
    Family.TEXT: _text,
    Family.INTEGER: _integer,
    Family.BYTES: _base64,
    Family.JSON: _document,
}
_BY_TYPE: dict[str, _Writer] = {
    "bit": _bits,
    "year": _bits,
    "float": _float,
    "double": _float,
    "datetime": _moment,
    "timestamp": _moment_in_utc,
    **dict.fromkeys(_GEOMETRIES, _shape_on_earth),
}
