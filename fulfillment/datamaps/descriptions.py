"""What the parts of a map's additions are made of, and how files are read: `files`, validated."""

import re
from collections.abc import Callable, Iterable
from glob import escape
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

BLANK = re.compile(r"\{([^{}]*)\}")
_NAMED_BY = re.compile(r"\{identity\.([a-z][a-z0-9_]*)\}")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Description(BaseModel):
    """A part of a map; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)


class FilePattern(Description):
    """Which files hold a collection, and how they are written.

    A blank such as `{identity.customer_number}` in the glob stands for what a person is known by: then only the files
    of that name, or below that prefix, are opened for them.
    """

    glob: Annotated[str, StringConstraints(pattern=r"^[^/\\]", min_length=1)]
    format: Literal["jsonl", "csv", "parquet"]
    delimiter: Literal[",", ";", "\t", "|"] = ","

    @model_validator(mode="after")
    def _stays_below_the_root(self) -> Self:
        if ".." in self.glob.split("/") or "\0" in self.glob or "://" in self.glob:
            raise ValueError("a glob stays below the source's root: no “..”, no address")
        if "{" in _NAMED_BY.sub("", self.glob):
            raise ValueError("a blank of a glob is an identity, such as {identity.customer_number}")
        return self

    @property
    def blanks(self) -> tuple[str, ...]:
        """The kinds of identities that its files are named by."""
        return tuple(dict.fromkeys(_NAMED_BY.findall(self.glob)))

    @property
    def anybodys(self) -> str:
        """The glob of everybody's files."""
        return _NAMED_BY.sub("*", self.glob)

    def globs_for(self, values_of: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        """The globs of a person's own files; everybody's where nothing is known that they are named by.

        A value that cannot be one part of a path names no file.
        """
        found = [self.glob]
        for kind in self.blanks:
            values = tuple(
                dict.fromkeys(form for value in values_of(kind) for form in (value, value.lower()))
            )
            if not values:
                return (self.anybodys,)
            fit = [each for each in values if each not in (".", "..") and not set(each) & set("/\\\0")]
            blank = f"{{identity.{kind}}}"
            found = [glob.replace(blank, escape(value)) for glob in found for value in fit]
        return tuple(found)


class FilesDescription(Description):
    """A source made of files."""

    collections: dict[str, FilePattern]
