"""What is wrong with a map beyond its shape: names that lead nowhere, unreachable parts, missing words."""

from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches

from fulfillment.datamaps.datamap import Collection, DataField, DataMap
from fulfillment.datamaps.document import Document, Path
from fulfillment.datamaps.errors import Problem, Severity
from fulfillment.datamaps.fides import DATA_CATEGORIES
from fulfillment.datamaps.lint_api import api_problems
from fulfillment.datamaps.lint_changes import changes_of
from fulfillment.datamaps.lint_types import types_of
from fulfillment.datamaps.lint_words import words_of
from fulfillment.datamaps.traversal import traverse

# The rights under which a source changes single rows, which it must be able to name.
CHANGING_RIGHTS = frozenset({"correction", "deletion", "restriction"})


def lint(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    """Every problem of a map whose shape is right; `place` is where the Dataset stands in the document."""
    for collection in data_map.collections:
        yield from _doubled(collection)
        yield from _words(collection)
        for field in collection.every_field():
            yield from _categories(field)
            yield from _references(data_map, field)
            yield from _typed(data_map, collection, field)
            yield from _through_lists(data_map, collection, field)
            yield from _secret_in_use(collection, field)
        yield from _together(collection)
        yield from _no_key_for_changes(collection)
        yield from changes_of(data_map, collection)
        yield from types_of(data_map, collection)
        yield from _proposals(collection)
    yield from _additions(data_map, document, place)
    yield from words_of(data_map, document, place)
    yield from _unmapped(data_map, document, place)
    yield from _endpoints(data_map, document, place)
    yield from _ways(data_map)


def _error(line: int, sentence: str) -> Problem:
    return Problem(Severity.ERROR, line, sentence)


def _warning(line: int, sentence: str) -> Problem:
    return Problem(Severity.WARNING, line, sentence)


def _doubled(collection: Collection) -> Iterator[Problem]:
    """Fields inside others; fideslang sees to those at the top."""
    names = Counter(each.name for each in collection.every_field())
    for name, count in names.items():
        if count > 1:
            yield _error(collection.by_name[name].line, f"{collection.name} has the field {name} twice.")


def _words(collection: Collection) -> Iterator[Problem]:
    if not collection.policy:
        yield _warning(collection.line, f"{collection.name} names no category of the privacy policy.")
    if not collection.purposes or not collection.legal_basis or not collection.retention:
        yield _warning(
            collection.line,
            f"{collection.name} lacks purposes, legal basis or retention; the letter needs them.",
        )
    if not collection.fields:
        yield _error(collection.line, f"{collection.name} has no fields.")


def _categories(field: DataField) -> Iterator[Problem]:
    for category in field.categories:
        if category not in DATA_CATEGORIES:
            near = get_close_matches(category, DATA_CATEGORIES, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield _error(field.line, f"{field.name}: fideslang has no data category “{category}”.{hint}")


def _references(data_map: DataMap, field: DataField) -> Iterator[Problem]:
    for reference in field.references:
        if reference.dataset != data_map.key:
            yield _warning(
                reference.line,
                f"{field.name} refers to the source {reference.dataset}; a search stays in its own source.",
            )
        elif data_map.find_field(reference.target) is None:
            yield _error(
                reference.line, f"{field.name} refers to {reference.target}, which this map does not have."
            )


def _typed(data_map: DataMap, collection: Collection, field: DataField) -> Iterator[Problem]:
    """What must stand beside a reference stands in the same record, and can be read."""
    for reference in field.references:
        for name, _values in reference.when:
            beside = collection.by_name.get(name)
            what = f"“when” of {collection.name}.{field.name}"
            if beside is None:
                yield _error(reference.line, f"{what} names {name}, which is no field of {collection.name}.")
            elif beside.secret or name == field.name:
                why = "a secret, which is never read" if beside.secret else "the reference itself"
                yield _error(reference.line, f"{what} names {name}, which is {why}.")
        if reference.when and data_map.api:
            yield _error(
                reference.line,
                f"{collection.name}.{field.name}: an API is asked by its paths, so “when” has no effect there.",
            )


def _through_lists(data_map: DataMap, collection: Collection, field: DataField) -> Iterator[Problem]:
    """A database looks into lists inside JSON for identities; what they refer to is not joined."""
    parts = field.name.split(".")
    above = {".".join(parts[:number]) for number in range(1, len(parts) + ("." in field.name))}
    inside = "." in field.name and bool(above & collection.lists)
    if inside and field.references and not (data_map.api or data_map.files):
        yield _warning(
            field.references[0].line,
            f"{collection.name}.{field.name} lies in a list: a database finds people by it, and follows no reference.",
        )


def _references_nothing(data_map: DataMap, field: DataField) -> bool:
    own = (reference for reference in field.references if reference.dataset == data_map.key)
    return any(data_map.find_field(reference.target) is None for reference in own)


def _secret_in_use(collection: Collection, field: DataField) -> Iterator[Problem]:
    nested = "." in field.name
    if field.secret and (field.identity or field.primary_key or nested):
        why = "lies inside another field" if nested else "is needed to find rows"
        yield _error(field.line, f"{collection.name}.{field.name} {why} and cannot be kept back as a secret.")


def _together(collection: Collection) -> Iterator[Problem]:
    for name in (name for group in collection.together for name in group):
        if name not in collection.by_name:
            yield _error(
                collection.line, f"“together” of {collection.name} names {name}, which is no field of it."
            )


def _no_key_for_changes(collection: Collection) -> Iterator[Problem]:
    granted = [right for right in collection.rights if right in CHANGING_RIGHTS]
    if granted and not collection.primary_key:
        yield _warning(
            collection.line,
            f"{collection.name} names no primary key: for {granted[0].replace('_', ' ')} its rows could not be "
            "told apart.",
        )


def _additions(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    """Names under meta.omne that the Dataset itself does not have, or has; collections it gives no label."""
    omne = (data_map.document.get("meta") or {}).get("omne") or {}
    written = omne.get("collections") or {}
    for name, collection in data_map.by_name.items():
        if not (written.get(name) or {}).get("label"):
            yield _warning(collection.line, f"{name} has no label; people will read its technical name.")
    for name, about in written.items():
        here: Path = (*place, "meta", "omne", "collections", name)
        if name not in data_map.by_name:
            yield _error(
                document.line(*here), f"meta.omne speaks of {name}, which is no collection of this map."
            )
            continue
        for field in (about or {}).get("fields") or {}:
            if field not in data_map.by_name[name].by_name:
                line = document.line(*here, "fields", field)
                yield _error(line, f"meta.omne speaks of {name}.{field}, which is no field of this map.")


def _proposals(collection: Collection) -> Iterator[Problem]:
    """Guesses that are part of the map, and that nobody has looked at."""
    listed = [*collection.proposed, *(part for each in collection.every_field() for part in each.proposed)]
    count = sum(not part.kept_out for part in listed)
    if count:
        yield _warning(
            collection.line, f"{collection.name} holds {count} proposals that nobody has confirmed."
        )


def _unmapped(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    for name in data_map.unmapped:
        if name in data_map.by_name or data_map.find_field(name) is not None:
            line = document.line(*place, "meta", "omne", "unmapped", name)
            yield _error(line, f"“unmapped” leaves {name} out, which this map has.")


def _endpoints(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    """In an API or files every collection is described, no other is, and blanks lead somewhere."""
    for part, described in (("api", data_map.api), ("files", data_map.files)):
        if described is None:
            continue
        here: Path = (*place, "meta", "omne", part, "collections")
        for name in described.collections.keys() - data_map.by_name.keys():
            yield _error(
                document.line(*here, name), f"meta.omne.{part} speaks of {name}, which is no collection."
            )
        for name in data_map.by_name.keys() - described.collections.keys():
            yield _error(document.line(*here), f"meta.omne.{part} does not say where {name} is read.")
    for name, pattern in data_map.files.collections.items() if data_map.files else ():
        for kind in sorted(set(pattern.blanks) - data_map.identity_kinds):
            line = document.line(*place, "meta", "omne", "files", "collections", name)
            yield _error(line, f"the files of {name} are named by {kind}, which is no identity of this map.")
    yield from api_problems(data_map, document, place)


def _ways(data_map: DataMap) -> Iterator[Problem]:
    traversal = traverse(data_map)
    # A reference into nothing is told by itself; what it cuts off would only hide it.
    cut_off = any(
        _references_nothing(data_map, field) for each in data_map.collections for field in each.every_field()
    )
    for name in () if cut_off else traversal.unreachable:
        line = data_map.by_name[name].line
        yield _error(line, f"no way leads from an identity to {name}: a search could never look there.")
    for parent, child in traversal.circles:
        line = data_map.by_name[child].line
        yield _warning(
            line, f"the references make a circle; the way from {parent} back to {child} is not followed."
        )
