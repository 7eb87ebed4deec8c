"""How an API is asked to change what it holds: for each right the call that does it, and the one that tells."""

from typing import Annotated, Any

from pydantic import Field

from fulfillment.datamaps.api_question import ApiVerdict, Path, Question
from fulfillment.datamaps.descriptions import BLANK, Description, Text

Statuses = Annotated[tuple[int, ...], Field(min_length=1)]


class Told(Description):
    """How to ask whether a change became final: a look at `path`.

    It did when the answer has one of the statuses `gone`, or holds each value that `holds` names by its path.
    """

    path: Path
    gone: tuple[int, ...] = ()
    holds: dict[Text, Any] = Field(default_factory=dict)

    @property
    def blanks(self) -> tuple[str, ...]:
        """What the path wants filled in."""
        return tuple(dict.fromkeys(BLANK.findall(self.path)))


class Verb(Question):
    """One call for each record. `expects` are the statuses that mean done, `already` that it was so before.

    `told` says how to ask afterwards; without it the record is looked for again, which tells only of erasure.
    `reads` is what a search shows of a record that was changed, by the map's names of its fields; where it is not
    said, what `told` holds is looked for. `slow` is for a system that promises to do it later: a look right
    afterwards proves nothing. `then` is a second call for the same record, where one alone does not finish it; both
    are made again when an answer is missing.
    """

    method: Annotated[str, Field(pattern="^(POST|PUT|PATCH|DELETE)$")] = "POST"  # type: ignore[assignment]
    expects: Statuses = (200, 201, 202, 204)
    already: tuple[int, ...] = ()
    told: Told | None = None
    reads: dict[Text, Any] = Field(default_factory=dict)
    verdict: ApiVerdict | None = None
    slow: bool = False
    then: "Verb | None" = None

    @property
    def shown(self) -> dict[str, Any]:
        """What a record shows afterwards; empty where the map does not say."""
        return self.reads or (dict(self.told.holds) if self.told else {})


class Correcting(Verb):
    """Corrects one field of a record: {change.field} stands for its name, {change.right} for what it shall say.

    `fields` are the map's names of those that can be corrected so.
    """

    fields: tuple[Text, ...] = Field(min_length=1)


class EndpointChanges(Description):
    """What this API can change in a collection. What is not said is done by a person.

    `goes_with` names the collection whose erasure takes these records along, as the vendor describes it.
    """

    erase: Verb | None = None
    goes_with: Text | None = None
    correct: Correcting | None = None
    restrict: Verb | None = None
    lift: Verb | None = None
    suppress: dict[Text, Verb] = Field(default_factory=dict)
