"""What a vendor's GraphQL schema has against a query: fields, arguments and the types of its variables."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\$?[A-Za-z_]\w*|[{}():!]")
_ROOTS = {"query": "QueryRoot", "mutation": "Mutation"}


def unlike_schema(text: str, spec: Mapping[str, Any]) -> str:
    """The first thing in a query that the excerpt of the schema does not have; nothing when it has everything.

    `definitions` are the types with their fields, `arguments` the types of arguments by `Type.field`.
    """
    query = _Query(_TOKEN.findall(text), spec, {})
    kind, _name = query.take(), query.take()
    if query.sees("("):
        query.variables.update(query.declared())
    return next(query.selection(_ROOTS[kind]), "")


@dataclass
class _Query:
    tokens: list[str]
    spec: Mapping[str, Any]
    variables: dict[str, str]

    def take(self) -> str:
        return self.tokens.pop(0)

    def sees(self, token: str) -> bool:
        if self.tokens[:1] != [token]:
            return False
        self.take()
        return True

    def declared(self) -> Iterator[tuple[str, str]]:
        while not self.sees(")"):
            name, _colon, kind = self.take(), self.take(), self.take()
            yield name, kind + ("!" if self.sees("!") else "")

    def selection(self, kind: str) -> Iterator[str]:
        if not self.sees("{"):
            yield f"{kind} is asked for without its fields"
        while not self.sees("}"):
            field = self.take()
            schema = self.spec["definitions"][kind]["properties"].get(field)
            if schema is None:
                yield f"{kind} has no field {field}"
            yield from self.arguments(f"{kind}.{field}")
            below = re.search(r"#/definitions/(\w+)", str(schema))
            if below:
                yield from self.selection(below[1])

    def arguments(self, field: str) -> Iterator[str]:
        known = self.spec["arguments"].get(field, {})
        given = dict(self.declared_arguments()) if self.sees("(") else {}
        for name, variable in given.items():
            kind = self.variables.get(variable, "")
            if name not in known or kind.rstrip("!") != known[name].rstrip("!"):
                yield f"{field} takes no {name} of {kind}"
            elif known[name].endswith("!") and not kind.endswith("!"):
                yield f"{field} wants {name} to be said"
        yield from (
            f"{field} lacks {name}" for name, kind in known.items() if kind[-1] == "!" and name not in given
        )

    def declared_arguments(self) -> Iterator[tuple[str, str]]:
        while not self.sees(")"):
            name, _colon, variable = self.take(), self.take(), self.take()
            yield name, variable
