"""How HTTP and file sources are read: the `api` and `files` parts of a map's additions, validated."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

BLANK = re.compile(r"\{([^{}]*)\}")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Description(BaseModel):
    """A part of a map; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class BearerAuth(Description):
    """A token sent as `Authorization: Bearer`; the token itself is in the source's settings."""

    kind: Literal["bearer"]
    token: Literal["{settings.token}"] = "{settings.token}"  # noqa: S105 - names the setting, holds no secret


class NoAuth(Description):
    """An API that asks for nothing."""

    kind: Literal["none"]


class Rate(Description):
    """How many calls the source allows."""

    per_minute: int = Field(ge=1, le=60_000)


class NoPaging(Description):
    """All records come in one answer."""

    kind: Literal["none"] = "none"


class PagePaging(Description):
    """Numbered pages; `more` names the value of the answer that is set while there is a next page."""

    kind: Literal["page"]
    param: Text
    size_param: Text | None = None
    size: int | None = Field(default=None, ge=1, le=10_000)
    first: int = 1
    more: Text | None = None

    @model_validator(mode="after")
    def _an_end_can_be_seen(self) -> Self:
        if self.more is None and self.size is None:
            raise ValueError("paging by page needs “more” or “size”, or its end cannot be seen")
        return self


class NextPaging(Description):
    """The answer holds the address of its next page, under the name `next`."""

    kind: Literal["next"]
    next: Text


Paging = Annotated[NoPaging | PagePaging | NextPaging, Field(discriminator="kind")]


class Endpoint(Description):
    """Where a collection is read: path and query with blanks, and where the answer has its records."""

    path: Annotated[str, StringConstraints(pattern=r"^/")]
    query: dict[str, str] = Field(default_factory=dict)
    records: Text | None = None
    paging: Paging = NoPaging()
    total: Text | None = None
    missing_is_none: bool = False

    @property
    def blanks(self) -> tuple[str, ...]:
        """What path and query want filled in, such as `identity.email` or `tickets.id`, each once."""
        found = [name for text in (self.path, *self.query.values()) for name in BLANK.findall(text)]
        return tuple(dict.fromkeys(found))


class ApiDescription(Description):
    """An HTTP source."""

    auth: Annotated[BearerAuth | NoAuth, Field(discriminator="kind")]
    rate: Rate | None = None
    timeout_seconds: float = Field(default=20, gt=0, le=300)
    collections: dict[str, Endpoint]


class FilePattern(Description):
    """Which files hold a collection, and how they are written."""

    glob: Annotated[str, StringConstraints(pattern=r"^[^/\\]", min_length=1)]
    format: Literal["jsonl", "parquet"]

    @model_validator(mode="after")
    def _stays_below_the_root(self) -> Self:
        if ".." in self.glob.split("/") or "\0" in self.glob or "://" in self.glob:
            raise ValueError("a glob stays below the source's root: no “..”, no address")
        return self


class FilesDescription(Description):
    """A source made of files."""

    collections: dict[str, FilePattern]
