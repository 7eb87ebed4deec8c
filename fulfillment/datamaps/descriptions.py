"""What the parts of a map's additions are made of, and how files are read: `files`, validated."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

BLANK = re.compile(r"\{([^{}]*)\}")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Description(BaseModel):
    """A part of a map; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, populate_by_name=True)


class FilePattern(Description):
    """Which files hold a collection, and how they are written."""

    glob: Annotated[str, StringConstraints(pattern=r"^[^/\\]", min_length=1)]
    format: Literal["jsonl", "csv", "parquet"]
    delimiter: Literal[",", ";", "\t", "|"] = ","

    @model_validator(mode="after")
    def _stays_below_the_root(self) -> Self:
        if ".." in self.glob.split("/") or "\0" in self.glob or "://" in self.glob:
            raise ValueError("a glob stays below the source's root: no “..”, no address")
        return self


class FilesDescription(Description):
    """A source made of files."""

    collections: dict[str, FilePattern]
