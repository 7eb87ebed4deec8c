"""What is wrong with what a map says of changes: names that lead nowhere, missing keys, rules without effect."""

from collections.abc import Iterator

from fulfillment.datamaps.datamap import Collection, DataMap
from fulfillment.datamaps.errors import Problem, Severity


def changes_of(data_map: DataMap, collection: Collection) -> Iterator[Problem]:
    """Every problem of one collection's rules of erasing, restricting, suppressing and keeping."""
    yield from _names(collection)
    yield from _erasing(collection)
    yield from _left_to_a_person(data_map, collection)
    yield from _keeping(data_map, collection)
    rules = collection.changes
    if (rules.erase or rules.restrict or rules.suppress) and not collection.primary_key:
        yield _error(
            collection.line,
            f"{collection.name} names no primary key, so it cannot be said which of its rows were changed.",
        )


def _error(line: int, sentence: str) -> Problem:
    return Problem(Severity.ERROR, line, sentence)


def _warning(line: int, sentence: str) -> Problem:
    return Problem(Severity.WARNING, line, sentence)


def _names(collection: Collection) -> Iterator[Problem]:
    rules = collection.changes
    named = {"suppress": [name for each in rules.suppress.values() for name in each]}
    named["restrict"] = list(rules.restrict.set) if rules.restrict else []
    for rule, names in named.items():
        for name in dict.fromkeys(names):
            field = collection.by_name.get(name)
            if field is None:
                yield _error(
                    collection.line, f"“{rule}” of {collection.name} sets {name}, which is no field of it."
                )
            elif field.primary_key:
                yield _error(
                    field.line, f"“{rule}” of {collection.name} would change {name}, a part of its key."
                )


def _erasing(collection: Collection) -> Iterator[Problem]:
    masked = [each for each in collection.every_field() if each.masking]
    changing = [each for each in masked if each.masking and each.masking.strategy != "keep"]
    erase = collection.changes.erase
    if erase == "mask" and not changing:
        yield _error(collection.line, f"{collection.name} is to be masked, but no field of it says how.")
    if erase != "mask" and masked:
        yield _warning(
            masked[0].line,
            f"{collection.name} has fields to mask, which has no effect unless it says “erase: mask”.",
        )


def _left_to_a_person(data_map: DataMap, collection: Collection) -> Iterator[Problem]:
    """Nothing is erased unsaid; in a map that says how others are erased, silence is more likely an oversight."""
    others_do = any(each.changes.erase for each in data_map.collections)
    if others_do and collection.changes.erase is None and "deletion" in collection.rights:
        yield _warning(
            collection.line,
            f"{collection.name} does not say how it is erased; a person will be asked to do it.",
        )


def _keeping(data_map: DataMap, collection: Collection) -> Iterator[Problem]:
    retention = collection.retention
    if retention is None:
        return
    period = retention.period
    if period is not None and period.counted_from not in collection.by_name:
        yield _error(
            collection.line,
            f"{collection.name} is kept from {period.counted_from}, which is no field of it.",
        )
    for name in retention.leans_on:
        if data_map.find_field(name) is None:
            yield _error(collection.line, f"{collection.name} leans on {name}, which this map does not have.")
