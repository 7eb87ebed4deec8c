"""Laws that are passed and not in force yet: named for staff and counsel, used for nothing."""

from datetime import date
from functools import cache

import yaml
from pydantic import Field, TypeAdapter

from requests_app.jurisdictions.load import FOLDER
from requests_app.jurisdictions.sources import Sourced


class ComingLaw(Sourced):
    """A law with its first day; what it says is written down in a law file before that day."""

    key: str
    name: str
    place: str = Field(pattern=r"^[A-Z]{2}-[A-Z]{2}$")
    since: date


@cache
def coming_laws() -> tuple[ComingLaw, ...]:
    """Return the laws to come, the earliest first."""
    content = yaml.safe_load((FOLDER / "coming.yaml").read_text(encoding="utf-8"))
    found = TypeAdapter(list[ComingLaw]).validate_python(content)
    return tuple(sorted(found, key=lambda law: (law.since, law.name)))
