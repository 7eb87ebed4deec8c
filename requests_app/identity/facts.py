"""The facts that a person can be asked for, read once from `facts.yaml`."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

FILE = Path(__file__).with_name("facts.yaml")
FEWEST, MOST = 2, 3


class Fact(BaseModel):
    """Something to ask. Only a `secret` one, which outsiders cannot know, is ever asked and scores."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    secret: bool
    label: str
    hint: str = ""


@cache
def facts() -> dict[str, Fact]:
    """Every fact by its key, in the file's order."""
    found = TypeAdapter(list[Fact]).validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return {each.key: each for each in found}


def askable() -> list[Fact]:
    """The facts that outsiders cannot know."""
    return [each for each in facts().values() if each.secret]


def score(matched: set[str]) -> int:
    """How many points a match of these facts is worth: what others may know scores nothing."""
    return len(matched & {each.key for each in askable()})
