"""The files of `words/`, read and validated when first asked for."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from requests_app.intake.email.understanding.matching import Finder
from requests_app.intake.email.understanding.spelling import Speller
from requests_app.intake.email.understanding.vocabulary import Laws, Rules, Words

FOLDER = Path(__file__).parent.parent / "words"
NOT_A_LANGUAGE = {"rules", "laws", "languages"}
LAW = "law:"
Model = TypeVar("Model", bound=BaseModel)


class WordsInvalid(Exception):
    """A file of words breaks its contract; the message names the file and the key."""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages whose letters are understood, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem not in NOT_A_LANGUAGE))


@cache
def words(language: str) -> Words:
    """Return the words of one language. Raises WordsInvalid."""
    found = read_file(FOLDER / f"{language}.yaml", Words)
    if found.language != language:
        raise WordsInvalid(
            f"{language}.yaml: language: is “{found.language}”, but the file is named otherwise"
        )
    return found


@cache
def rules() -> Rules:
    """Return the rules of every right. Raises WordsInvalid."""
    return read_file(FOLDER / "rules.yaml", Rules)


@cache
def laws() -> Laws:
    """Return the laws people cite. Raises WordsInvalid."""
    return read_file(FOLDER / "laws.yaml", Laws)


@cache
def finder(language: str) -> Finder:
    """Return what finds the ideas of one language in text."""
    return Finder({idea.value: patterns for idea, patterns in words(language).ideas.items()})


@cache
def speller(language: str) -> Speller:
    """Return what puts slips of the finger right in one language."""
    return Speller(finder(language).words("exact"), finder(language).words("prefix"))


@cache
def law_finder() -> Finder:
    """Return what finds the names of laws, and the words for an article, in any language."""
    names: Mapping[str, tuple[str, ...]] = {LAW + law.key: law.names for law in laws().laws}
    return Finder({**names, "before_number": laws().before_number, "after_number": laws().after_number})


def read_file(path: Path, model: type[Model]) -> Model:
    """Read and validate one file. Raises WordsInvalid."""
    content = _parse(path)
    try:
        return model.model_validate(content)
    except ValidationError as invalid:
        faults = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'file'}: {each['msg']}" for each in invalid.errors()
        )
        raise WordsInvalid(f"{path.name}: {faults}") from invalid


def _parse(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as broken:
        raise WordsInvalid(f"{path.name}: cannot be read: {broken}") from broken
    if not isinstance(content, dict):
        raise WordsInvalid(f"{path.name}: holds no mapping")
    return content
