"""The ways from what we know of a person to each collection of a map, in an order that can be followed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fulfillment.datamaps.datamap import Collection, DataMap, When


@dataclass(frozen=True, slots=True)
class Seed:
    """A field that holds an identity: rows are found by the person's own value of that kind."""

    field: str
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    """Rows are found by values of rows found before: pairs of (field of the parent, field of ours).

    Only rows of ours of which `own_when` holds, by rows of the parent of which `their_when` does.
    """

    parent: str
    pairs: tuple[tuple[str, str], ...]
    own_when: When = ()
    their_when: When = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One collection and every way into it; a row belongs to the person when any of them leads to it."""

    collection: str
    seeds: tuple[Seed, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Traversal:
    """Steps, parents before children; collections no way leads to; links left out as they close a circle."""

    steps: tuple[Step, ...]
    unreachable: tuple[str, ...]
    circles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    parent: str
    child: str
    pair: tuple[str, str]
    both_ways: bool = False
    own_when: When = ()
    their_when: When = ()

    def turned(self) -> "_Edge":
        return _Edge(self.child, self.parent, (self.pair[1], self.pair[0]), both_ways=True)


def traverse(data_map: DataMap, kinds: Iterable[str] | None = None) -> Traversal:
    """The steps that search this map by the given kinds of identity, or by all that it knows."""
    wanted = None if kinds is None else frozenset(kinds)
    seeds = {each.name: _seeds(data_map, each, wanted) for each in data_map.collections}
    edges = tuple(dict.fromkeys(_edges(data_map)))
    distance = _distances({name for name, found in seeds.items() if found}, edges)
    order = {each.name: number for number, each in enumerate(data_map.collections)}
    rank = {name: (far, order[name]) for name, far in distance.items()}
    usable = [edge for edge in edges if edge.parent in rank]
    forward = [edge for edge in usable if not edge.both_ways or rank[edge.parent] < rank[edge.child]]
    names, kept, circles = _in_order(rank, forward)
    steps = tuple(Step(name, seeds[name], _links(data_map.by_name[name], kept)) for name in names)
    return Traversal(steps, tuple(name for name in order if name not in rank), circles)


def _seeds(data_map: DataMap, collection: Collection, kinds: frozenset[str] | None) -> tuple[Seed, ...]:
    found = [Seed(each.name, each.identity) for each in collection.every_field() if each.identity]
    if data_map.api and (endpoint := data_map.api.collections.get(collection.name)):
        asked = [name.removeprefix("identity.") for name in endpoint.blanks if name.startswith("identity.")]
        found = [Seed("", kind) for kind in asked]
    return tuple(seed for seed in found if kinds is None or seed.kind in kinds)


def _edges(data_map: DataMap) -> Iterator[_Edge]:
    for collection in data_map.collections:
        if data_map.api:
            yield from _asked_edges(data_map, collection)
        else:
            yield from _declared_edges(data_map, collection)


def _asked_edges(data_map: DataMap, collection: Collection) -> Iterator[_Edge]:
    """In an API a collection is reached from another by what its path and query want filled in."""
    endpoint = data_map.api.collections.get(collection.name) if data_map.api else None
    for name in endpoint.blanks if endpoint else ():
        found = data_map.find_field(name)
        if found is not None:
            yield _Edge(found[0].name, collection.name, (found[1].name, name))


def _declared_edges(data_map: DataMap, collection: Collection) -> Iterator[_Edge]:
    for own in collection.every_field():
        for reference in own.references:
            found = data_map.find_field(reference.target) if reference.dataset == data_map.key else None
            if found is None:
                continue
            other, field = found[0].name, found[1].name
            inward = _Edge(
                other,
                collection.name,
                (field, own.name),
                reference.direction is None,
                own_when=reference.when,
            )
            if reference.direction != "to":
                yield inward
            if reference.direction == "to":
                yield _Edge(collection.name, other, (own.name, field), their_when=reference.when)
            elif reference.direction is None:
                yield inward.turned()


def _distances(seeded: set[str], edges: tuple[_Edge, ...]) -> dict[str, int]:
    """How many links lie between an identity and each collection that can be reached."""
    distance = dict.fromkeys(seeded, 0)
    reached = True
    while reached:
        reached = False
        for edge in edges:
            near = distance.get(edge.parent)
            if near is not None and near + 1 < distance.get(edge.child, len(edges) + 2):
                distance[edge.child] = near + 1
                reached = True
    return distance


def _in_order(
    rank: dict[str, tuple[int, int]], edges: list[_Edge]
) -> tuple[list[str], list[_Edge], tuple[tuple[str, str], ...]]:
    """Parents before children; where a circle leaves no order, the nearest goes first, its way in is cut."""
    names: list[str] = []
    circles = [(edge.parent, edge.child) for edge in edges if edge.parent == edge.child]
    kept = [edge for edge in edges if edge.parent != edge.child]
    waiting = sorted(rank, key=lambda name: rank[name])
    while waiting:
        blocked = {edge.child for edge in kept if edge.parent in waiting}
        ready = [name for name in waiting if name not in blocked]
        if not ready:
            ready = waiting[:1]
            cut = [edge for edge in kept if edge.child == ready[0] and edge.parent in waiting]
            circles += [(edge.parent, edge.child) for edge in cut]
            kept = [edge for edge in kept if edge not in cut]
        names.append(ready[0])
        waiting.remove(ready[0])
    return names, kept, tuple(dict.fromkeys(circles))


def _links(collection: Collection, edges: list[_Edge]) -> tuple[Link, ...]:
    """The links into a collection; fields that refer together make one link with several pairs."""
    mine = [edge for edge in edges if edge.child == collection.name]
    links: list[Link] = []
    for group in collection.together:
        for parent in dict.fromkeys(edge.parent for edge in mine):
            plain = [
                edge for edge in mine if edge.parent == parent and not (edge.own_when or edge.their_when)
            ]
            pairs = tuple(edge.pair for edge in plain if edge.pair[1] in group)
            if {own for _, own in pairs} == set(group):
                links.append(Link(parent, pairs))
                mine = [edge for edge in mine if edge not in plain or edge.pair not in pairs]
    single = (Link(edge.parent, (edge.pair,), edge.own_when, edge.their_when) for edge in mine)
    return (*links, *single)
