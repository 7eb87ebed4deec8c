"""The ways an API hands out long lists, each with an end that can be seen."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from fulfillment.datamaps.descriptions import Description, Text

Place = Literal["query", "body"]


class NoPaging(Description):
    """All records come in one answer; `more` names a value that would say otherwise, which is an error."""

    kind: Literal["none"] = "none"
    more: Text | None = None


class _Sized(Description):
    """`param` says where to go on and `size_param` how much is wanted, in the query or the body."""

    param: Text
    place: Place = Field(default="query", alias="in")
    size_param: Text | None = None
    size: int | None = Field(default=None, ge=1, le=10_000)
    more: Text | None = None


class _Numbered(_Sized):
    @model_validator(mode="after")
    def _an_end_can_be_seen(self) -> Self:
        if self.more is None and self.size is None:
            raise ValueError(f"paging by {self.param} needs “more” or “size”, or its end cannot be seen")
        return self


class PagePaging(_Numbered):
    """Numbered pages; `more` names the value of the answer that is set while there is a next page."""

    kind: Literal["page"]
    first: int = 1


class OffsetPaging(_Numbered):
    """Records are skipped by number: each question skips what has come."""

    kind: Literal["offset"]


class CursorPaging(_Sized):
    """The answer names where to go on (`next`), or the last record does (`last`, one of its fields).

    With `last` the end is seen by `more`, or by a page that is not full.
    """

    kind: Literal["cursor"]
    next: Text | None = None
    last: Text | None = None

    @model_validator(mode="after")
    def _an_end_can_be_seen(self) -> Self:
        if (self.next is None) == (self.last is None):
            raise ValueError("paging by cursor needs either “next” or “last”")
        if self.last is not None and self.more is None and self.size is None:
            raise ValueError("paging by “last” needs “more” or “size”, or its end cannot be seen")
        return self


class NextPaging(Description):
    """The answer holds the address of its next page, under the name `next`; `more` may say that none follows."""

    kind: Literal["next"]
    next: Text
    more: Text | None = None


class LinkPaging(Description):
    """The next page stands in the Link header with rel="next" (RFC 8288)."""

    kind: Literal["link"]


Paging = Annotated[
    NoPaging | PagePaging | OffsetPaging | CursorPaging | NextPaging | LinkPaging,
    Field(discriminator="kind"),
]
