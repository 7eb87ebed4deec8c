"""One call to an API as a map describes it: method, path, query and body, with blanks to be filled in."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from fulfillment.datamaps.descriptions import BLANK, Description, Text

# In a body only names with a dot are blanks: GraphQL and others have braces of their own.
BODY_BLANK = re.compile(r"\{([A-Za-z_][\w-]*(?:\.[\w-]+)+)\}")
Template = dict[str, Any]
Path = Annotated[str, StringConstraints(pattern=r"^/")]


class ApiVerdict(Description):
    """Where an API that always answers 200 says whether it did what it was asked.

    `ok` names a value that must be true, `errors` one that must be empty; `code` names the error's code, which
    may mean that nobody is there (`nobody`) or that we are to wait (`wait`).
    """

    ok: Text | None = None
    errors: Text | None = None
    code: Text | None = None
    nobody: tuple[str, ...] = ()
    wait: tuple[str, ...] = ()


class Question(Description):
    """One call: method, path and query with blanks, and a body written as JSON or as a form."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: Path
    query: dict[str, str | tuple[str, ...]] = Field(default_factory=dict)
    body: Template | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body is not None and self.form is not None:
            raise ValueError("a call has a body or a form, not both")
        return self

    @property
    def blanks(self) -> tuple[str, ...]:
        """What the call wants filled in, such as `identity.email`, `tickets.id` or `settings.account`."""
        found = [name for text in self._addressed() for name in BLANK.findall(text)]
        found += [name for text in texts_of(self.body) for name in BODY_BLANK.findall(text)]
        return tuple(dict.fromkeys(found))

    def _addressed(self) -> Iterator[str]:
        yield self.path
        for value in self.query.values():
            yield from [value] if isinstance(value, str) else value
        for name, text in (self.form or {}).items():
            yield from (name, text)
        yield from self.headers.values()


def texts_of(template: Any) -> Iterator[str]:
    """Every text inside a body's template, names too."""
    if isinstance(template, str):
        yield template
    elif isinstance(template, dict):
        for name, value in template.items():
            yield from (name, *texts_of(value))
    elif isinstance(template, list):
        for value in template:
            yield from texts_of(value)
