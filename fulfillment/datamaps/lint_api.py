"""What is wrong with how a map asks an API: blanks that nothing fills, calls that could not say whose a record is."""

from collections.abc import Iterator

from fulfillment.datamaps.api_changes import Verb
from fulfillment.datamaps.api_description import Endpoint
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.descriptions import BLANK
from fulfillment.datamaps.document import Document, Path
from fulfillment.datamaps.errors import Problem, Severity


def api_problems(data_map: DataMap, document: Document, place: Path) -> Iterator[Problem]:
    """Every problem of the calls of a map whose collections are known."""
    for name, endpoint in (data_map.api.collections if data_map.api else {}).items():
        here: Path = (*place, "meta", "omne", "api", "collections", name)
        if name in data_map.by_name:
            for sentence in _wrong(data_map, name, endpoint):
                yield Problem(Severity.ERROR, document.line(*here), sentence)
        if "{" in BLANK.sub("", endpoint.path) or "}" in BLANK.sub("", endpoint.path):
            sentence = f"the address of {name} has an unpaired brace."
            yield Problem(Severity.ERROR, document.line(*here, "path"), sentence)


def _wrong(data_map: DataMap, name: str, endpoint: Endpoint) -> Iterator[str]:
    for wanted in endpoint.blanks:
        if not wanted.startswith(("identity.", "settings.")) and data_map.find_field(wanted) is None:
            yield f"the address of {name} wants {{{wanted}}}, which is neither identity, setting nor field."
    yield from _wrong_list(data_map, name, endpoint)
    known = any(each.identity for each in data_map.by_name[name].every_field())
    if endpoint.others == "leave_out" and not known:
        yield f"{name} leaves others out, but no field of it says whose a record is."
    for operation, verb in _verbs(endpoint):
        for wanted in _wanted(verb):
            if not _is_given(data_map, name, wanted, operation):
                yield f"the call to {operation} {name} wants {{{wanted}}}, which a record of it does not give."
    yield from _unknown_fields(data_map, name, endpoint)
    changes = endpoint.changes
    if changes.goes_with is not None and changes.goes_with not in data_map.by_name:
        yield f"{name} goes with {changes.goes_with}, which is no collection of this map."


def _unknown_fields(data_map: DataMap, name: str, endpoint: Endpoint) -> Iterator[str]:
    known = data_map.by_name[name].by_name
    correct = endpoint.changes.correct
    for field in correct.fields if correct else ():
        if field not in known:
            yield f"the call to correct {name} speaks of {field}, which is no field of it."
    for operation, verb in _verbs(endpoint):
        for field in verb.reads:
            if field not in known:
                yield f"the call to {operation} {name} is read back by {field}, which is no field of it."


def _wrong_list(data_map: DataMap, name: str, endpoint: Endpoint) -> Iterator[str]:
    """What lists every record knows of nobody; it may lead from one collection to another."""
    for wanted in endpoint.every.blanks if endpoint.every else ():
        if wanted.startswith("identity."):
            yield f"“every” of {name} wants {{{wanted}}}, but what lists all its records asks for nobody."
        elif not wanted.startswith("settings.") and data_map.find_field(wanted) is None:
            yield f"“every” of {name} wants {{{wanted}}}, which is neither setting nor field."


def _verbs(endpoint: Endpoint) -> Iterator[tuple[str, Verb]]:
    changes = endpoint.changes
    named = {
        "erase": changes.erase,
        "correct": changes.correct,
        "restrict": changes.restrict,
        "lift": changes.lift,
    }
    yield from ((operation, verb) for operation, verb in named.items() if verb is not None)
    yield from (("suppress", verb) for verb in changes.suppress.values())


def _wanted(verb: Verb) -> Iterator[str]:
    yield from verb.blanks
    yield from verb.told.blanks if verb.told else ()
    if verb.then is not None:
        yield from _wanted(verb.then)


def _is_given(data_map: DataMap, name: str, wanted: str, operation: str) -> bool:
    if wanted in {"change.field", "change.right"}:
        return operation == "correct"
    if wanted.startswith(("identity.", "settings.")):
        return True
    found = data_map.find_field(wanted)
    own_call = data_map.api.collections[name].blanks if data_map.api else ()
    return found is not None and (found[0].name == name or wanted in own_call)
