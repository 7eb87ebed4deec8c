"""What a field can hold, as far as its map says: by the source's own word for its type, else by fideslang's."""

import re
from enum import StrEnum

from fulfillment.datamaps.datamap import DataField


class Kind(StrEnum):
    """What values of a field are."""

    DATE = "a date"
    NUMBER = "a number"
    TEXT = "text"
    BOOLEAN = "a yes or no"
    UUID = "a UUID"
    STRUCTURE = "an object"
    BYTES = "bytes"
    OTHER = "something else"


# In this order: “interval” is no integer, and “timestamp” no time of day.
_OWN_WORDS: tuple[tuple[str, Kind], ...] = (
    (r"\w+range", Kind.OTHER),
    (r"date|datetime|timestamp|smalldatetime", Kind.DATE),
    (r"interval|time\b|year\b|point|inet|cidr|macaddr", Kind.OTHER),
    (
        r"(tiny|small|medium|big)?int|(small|big)?serial|numeric|decimal|number|real|double|float|money",
        Kind.NUMBER,
    ),
    (r"bool", Kind.BOOLEAN),
    (r"n?(var)?char|character|(tiny|medium|long|ci|n)?text|n?clob|string|enum", Kind.TEXT),
    (r"uuid|uniqueidentifier", Kind.UUID),
    (r"json|object|struct|map\b|variant", Kind.STRUCTURE),
    (r"bytea|(tiny|medium|long)?blob|(var)?binary", Kind.BYTES),
)
_FIDESLANG = {
    "string": Kind.TEXT,
    "integer": Kind.NUMBER,
    "float": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "object": Kind.STRUCTURE,
}


def kind_of(field: DataField) -> Kind | None:
    """What the field holds, or each of its elements where it holds a list; None where nobody can tell."""
    word = (field.type_name or "").strip().lower()
    for pattern, kind in _OWN_WORDS:
        if re.match(rf"(?:{pattern})", word):
            return kind
    if word:
        return None
    return _FIDESLANG.get((field.data_type or "").removesuffix("[]"))


def holds_a_list(field: DataField) -> bool:
    """Whether it holds several values."""
    return (field.data_type or "").endswith("[]") or (field.type_name or "").rstrip().endswith("[]")
