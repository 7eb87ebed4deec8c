"""What a change task says is to be done: codes, labels and counts; the words around them are for the page."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


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
    """A collection that stays, with the ground of the law and the rule of the data map; with a `key`, one record of it.

    `until` is the last day on which it must be there, where that is known.
    """

    name: str
    label: str
    rows: int
    why: str
    rule: str = ""
    key: dict[str, str] | None = Field(default=None, repr=False)
    until: date | None = None

    @property
    def in_full(self) -> str:
        """The ground and the rule in one line."""
        return f"{self.why} {self.rule}".strip()

    @property
    def key_in_words(self) -> str:
        """Which record it is; empty where it is all of them."""
        return ", ".join(f"{name} {value}" for name, value in (self.key or {}).items())


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
