"""The ways from what we know of a person to each collection of a map, in an order that can be followed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

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
    """One collection and every way into it; a row belongs to the person when any of them leads to it.

    An entrance is a look ahead: by rows that hold an identity a person's own row is found, and by that one all rows
    of the collection, in a later step. What an entrance finds leads on and is given by that later step.
    """

    collection: str
    seeds: tuple[Seed, ...]
    links: tuple[Link, ...]
    is_entrance: bool = False


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
    # Starts at the rows of the parent that hold an identity, found ahead of all its rows.
    from_entrance: bool = False

    def turned(self) -> "_Edge":
        return _Edge(self.child, self.parent, (self.pair[1], self.pair[0]), both_ways=True)

    @property
    def start(self) -> str:
        """What must be found before: the parent, or its entrance."""
        return _entrance_of(self.parent) if self.from_entrance else self.parent


def traverse(data_map: DataMap, kinds: Iterable[str] | None = None) -> Traversal:
    """The steps that search this map by the given kinds of identity, or by all that it knows."""
    wanted = None if kinds is None else frozenset(kinds)
    seeds = {each.name: _seeds(data_map, each, wanted) for each in data_map.collections}
    edges = _with_entrances(data_map, seeds, tuple(dict.fromkeys(_edges(data_map))))
    entrances = {edge.start: edge.parent for edge in edges if edge.from_entrance}
    distance = _distances({name for name, found in seeds.items() if found} | entrances.keys(), edges)
    order = {each.name: number for number, each in enumerate(data_map.collections)}
    rank = {name: (far, order[entrances.get(name, name)]) for name, far in distance.items()}
    usable = [edge for edge in edges if edge.start in rank]
    forward = [edge for edge in usable if not edge.both_ways or rank[edge.parent] < rank[edge.child]]
    names, kept, circles = _in_order(rank, forward)
    steps = tuple(
        Step(entrances[name], seeds[entrances[name]], (), is_entrance=True)
        if name in entrances
        else Step(name, seeds[name], _links(data_map.by_name[name], kept))
        for name in names
    )
    return Traversal(steps, tuple(name for name in order if name not in rank), circles)


def _entrance_of(name: str) -> str:
    # No collection is called so.
    return f"\0{name}"


def _with_entrances(
    data_map: DataMap, seeds: Mapping[str, tuple[Seed, ...]], edges: tuple[_Edge, ...]
) -> tuple[_Edge, ...]:
    """What a field refers to there and back again begins at an entrance, so that it closes no circle.

    Several addresses of one person stand in a table of their own: the one that is known leads to the person, and the
    person to the others.
    """
    begun = {edge for edge in _there_and_back(data_map) if seeds[edge.parent]}
    return tuple(replace(edge, from_entrance=True) if edge in begun else edge for edge in edges)


def _there_and_back(data_map: DataMap) -> Iterator[_Edge]:
    """The ways out of the fields that name another one twice: its values come from ours, and ours from its."""
    for collection in () if data_map.api else data_map.collections:
        edges = set(_declared_edges(data_map, collection))
        for edge in edges:
            back = _Edge(edge.child, edge.parent, (edge.pair[1], edge.pair[0]))
            if edge.parent == collection.name != edge.child and back in edges:
                yield edge


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
            near = distance.get(edge.start)
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
        blocked = {edge.child for edge in kept if edge.start in waiting}
        ready = [name for name in waiting if name not in blocked]
        if not ready:
            ready = waiting[:1]
            cut = [edge for edge in kept if edge.child == ready[0] and edge.start in waiting]
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
