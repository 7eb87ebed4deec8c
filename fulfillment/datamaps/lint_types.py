"""What a map asks of values that cannot be: days of what is no date, nothing in a key, references between strangers."""

from collections.abc import Iterator

from fulfillment.datamaps.datamap import Collection, DataField, DataMap, Reference
from fulfillment.datamaps.errors import Problem, Severity
from fulfillment.datamaps.kinds_of_values import Kind, holds_a_list, kind_of

# What these categories name is never a date, however the source keeps it.
_NEVER_A_DATE = ("user.contact", "user.name", "user.unique_id", "user.authorization", "user.account")
# Databases compare within one of these without a word.
_ALIKE = ({Kind.NUMBER}, {Kind.TEXT, Kind.UUID}, {Kind.DATE}, {Kind.BOOLEAN}, {Kind.BYTES})


def types_of(data_map: DataMap, collection: Collection) -> Iterator[Problem]:
    """Every problem of one collection with what its fields hold."""
    for field in collection.every_field():
        yield from _masking(collection, field)
        for reference in field.references:
            yield from _reference(data_map, collection, field, reference)
    retention = collection.retention
    counted = (
        collection.by_name.get(retention.period.counted_from) if retention and retention.period else None
    )
    if counted is not None and (why := _why_no_date(counted)):
        yield _error(
            counted.line,
            f"{collection.name} is kept from {counted.name}, which is {why} and no date to count from.",
        )


def _error(line: int, sentence: str) -> Problem:
    return Problem(Severity.ERROR, line, sentence)


def _masking(collection: Collection, field: DataField) -> Iterator[Problem]:
    masking, name = field.masking, f"{collection.name}.{field.name}"
    if masking is None:
        return
    if masking.strategy == "generalise_date":
        if why := _why_no_date(field):
            yield _error(field.line, f"{name} is {why}: generalise_date has no date to make less exact.")
        elif kind_of(field) is Kind.TEXT:
            sentence = (
                f"{name} is text: generalise_date reads only dates written year first, where a database can."
            )
            yield Problem(Severity.WARNING, field.line, sentence)
    leaves_nothing = masking.strategy == "clear" or (masking.strategy == "constant" and masking.value is None)
    if leaves_nothing and field.primary_key:
        yield _error(
            field.line, f"{name} is a part of the key, which cannot be cleared; leave it, or erase the row."
        )
    elif leaves_nothing and "not null" in (field.type_name or "").lower():
        yield _error(field.line, f"{name} must not be empty, so it cannot be cleared; choose another way.")


def _why_no_date(field: DataField) -> str:
    """What the field is instead of a date; empty where it is one or may be one."""
    if holds_a_list(field):
        return "a list"
    kind = kind_of(field)
    if kind is Kind.DATE:
        return ""
    if kind not in (None, Kind.TEXT):
        return str(kind)
    named = next((each for each in field.categories if each.startswith(_NEVER_A_DATE)), "")
    if field.identity:
        return f"an identity ({field.identity})"
    return f"of the category {named}" if named else ""


def _reference(
    data_map: DataMap, collection: Collection, field: DataField, reference: Reference
) -> Iterator[Problem]:
    """A database compares the two as they are; beside a type, inside JSON, in files and APIs they are made alike."""
    found = data_map.find_field(reference.target) if reference.dataset == data_map.key else None
    is_compared_as_it_is = not (data_map.api or data_map.files or reference.when or "." in field.name)
    if found is None or not is_compared_as_it_is or "." in found[1].name:
        return
    mine, other = kind_of(field), kind_of(found[1])
    if mine and other and mine is not other and not any({mine, other} <= alike for alike in _ALIKE):
        yield _error(
            reference.line or field.line,
            f"{collection.name}.{field.name} is {mine}, and {reference.target}, to which it refers, is {other}.",
        )
