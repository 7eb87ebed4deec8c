"""What a change task says is to be done: codes, labels and counts; the words around them are for the page."""

from pydantic import BaseModel, ConfigDict


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToChange(_Value):
    """A collection of the source; `rows` is how many records were found, where that is known.

    `why` says why a person does it, where the source could not.
    """

    name: str
    label: str
    rows: int | None = None
    why: str = ""


class ToKeep(_Value):
    """A collection that stays, with the ground of the law and the rule of the data map."""

    name: str
    label: str
    rows: int
    why: str
    rule: str = ""


class ToCorrect(_Value):
    """A field, what it says, and what it shall say."""

    field: str
    wrong: str = ""
    right: str


class ToTakeOut(_Value):
    """Records of others in one table with words about the person, as traces that a person accepted."""

    table: str
    traces: tuple[str, ...]

    @property
    def rows(self) -> int:
        """How many records."""
        return len(self.traces)


class Instructions(_Value):
    """The whole of a task.

    `purposes` and `recipients` are keys of the policy, `wish` the person's own words, `unsearched` why nothing is
    known of what the source holds.
    """

    collections: tuple[ToChange, ...] = ()
    keep: tuple[ToKeep, ...] = ()
    words: tuple[ToTakeOut, ...] = ()
    fields: tuple[ToCorrect, ...] = ()
    purposes: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    wish: str = ""
    unsearched: str = ""

    @property
    def is_something_to_do(self) -> bool:
        """Whether a source is named anything that it could do."""
        return bool(self.collections or self.words)

    @property
    def rows(self) -> int:
        """How many records were found that are to change."""
        return sum(each.rows or 0 for each in self.collections)
