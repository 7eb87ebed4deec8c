"""Law files, read and validated when first asked for, and which of them protect a person."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from requests_app.errors import BadInput
from requests_app.jurisdictions.base import Jurisdiction
from requests_app.jurisdictions.vocabulary import RightCode

FOLDER = Path(__file__).parent
LAWS = FOLDER / "laws"
DEFAULT = "default"
PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class UnknownRegime(BadInput):
    """There is no law file of this key."""

    code = "unknown_regime"


class UnknownPlace(BadInput):
    """A place is not written as an ISO 3166 code."""

    code = "unknown_place"


class UnknownRight(BadInput):
    """A right is not one that any law knows."""

    code = "unknown_right"


class RightNotGranted(BadInput):
    """The law does not grant this right, or not yet."""

    code = "right_not_granted"


class LawFileInvalid(Exception):
    """A law file breaks the contract; the message names the file and the key."""


def regimes() -> tuple[str, ...]:
    """Return the key of every law file, in alphabetical order."""
    return tuple(sorted(path.stem for path in LAWS.glob("*.yaml")))


@cache
def jurisdiction(key: str) -> Jurisdiction:
    """Return what one law says. Raises UnknownRegime, LawFileInvalid."""
    # The key comes from people, so it is looked up in the folder's list and never joined to a path unseen.
    if key not in regimes():
        raise UnknownRegime(f"There is no law called “{key}”. There are: {', '.join(regimes())}.")
    return read_law(LAWS / f"{key}.yaml")


def read_law(path: Path) -> Jurisdiction:
    """Read and validate one law file. Raises LawFileInvalid."""
    content = _parse(path)
    try:
        law = Jurisdiction.model_validate(_with_words(content))
    except ValidationError as invalid:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in invalid.errors()
        )
        raise LawFileInvalid(f"{path.name}: {faults}") from invalid
    if law.key != path.stem:
        raise LawFileInvalid(f"{path.name}: key: is “{law.key}”, but the file is named “{path.stem}”")
    return law


def jurisdictions_for(place: str | None, right: str, on: date | datetime) -> tuple[Jurisdiction, ...]:
    """Return the laws under which a person at a place exercises a right on a day; several may apply.

    A moment counts as the day that each law has then.

    Where no law in force there grants the right, the company's own policy serves, if it grants it.
    Raises UnknownPlace, UnknownRight, RightNotGranted.
    """
    wanted = right_code(right)
    granting = tuple(law for law in laws_of(place) if law.grants(wanted, on))
    if granting:
        return granting
    policy = jurisdiction(DEFAULT)
    if not policy.grants(wanted, on):
        raise RightNotGranted(
            f"Neither a law nor our policy grants the right “{wanted}” there on {on:%Y-%m-%d}."
        )
    return (policy,)


def laws_of(place: str | None) -> tuple[Jurisdiction, ...]:
    """Return the laws whose territory holds a place, narrower ones first, in force or not."""
    if place is None:
        return ()
    country = checked_place(place).partition("-")[0]
    keys = dict.fromkeys((*_territories().get(place, ()), *_territories().get(country, ())))
    return tuple(jurisdiction(key) for key in keys)


def checked_place(place: str) -> str:
    """Return a place written as ISO 3166-1 (DE) or 3166-2 (DE-BE). Raises UnknownPlace."""
    if not PLACE.fullmatch(place):
        raise UnknownPlace("A place is a code of ISO 3166, such as DE or DE-BE; this one is not.")
    return place


def right_code(value: str) -> RightCode:
    """Return a right by its code. Raises UnknownRight."""
    try:
        return RightCode(value)
    except ValueError:
        raise UnknownRight(
            f"There is no right called “{value}”. There are: {', '.join(RightCode)}."
        ) from None


@cache
def _territories() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key in regimes():
        for territory in jurisdiction(key).territories:
            found[territory] = (*found.get(territory, ()), key)
    return found


@cache
def _words() -> Mapping[str, Mapping[str, object]]:
    """Return the words for each reason of refusal, and the rights that a reason alone concerns."""
    content: dict[str, dict[str, object]] = _parse(FOLDER / "refusals.yaml")
    return content


def _with_words(content: dict[str, Any]) -> dict[str, Any]:
    """Give each reason the words that all laws share; a law file may say it in its own."""
    reasons = content.get("refusals")
    if not isinstance(reasons, list):
        return content
    return content | {"refusals": [{**_words().get(each.get("code", ""), {}), **each} for each in reasons]}


def _parse(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as broken:
        raise LawFileInvalid(f"{path.name}: is not YAML: {broken}") from broken
    if not isinstance(content, dict):
        raise LawFileInvalid(f"{path.name}: holds no mapping")
    return content
