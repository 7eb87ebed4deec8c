"""Whom a source is asked about."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Identity:
    """Something a person is known by: `email`, `phone_number`, or any kind a data map names."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SubjectQuery:
    """Whom to search for; `reference` is the request's, for the logs of the source."""

    identities: tuple[Identity, ...]
    reference: str

    def values(self, kind: str) -> tuple[str, ...]:
        """The person's values of one kind, without blank edges, each once."""
        found = (each.value.strip() for each in self.identities if each.kind == kind)
        return tuple(dict.fromkeys(value for value in found if value))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which there is at least one value."""
        return frozenset(each.kind for each in self.identities if each.value.strip())
