"""The languages in which words may be written, and the few words of our letterhead in those we know."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info
from pydantic import TypeAdapter

from requests_app.errors import BadInput

_FRAMES = Path(__file__).parent / "frames.yaml"


@dataclass(frozen=True)
class Frame:
    """What our layout itself says around a letter.

    `page` holds {page} and {pages}, `cut` ends what is too long, `comma` stands between the company and its office.
    """

    office: str
    date: str
    reference: str
    received: str
    due: str
    secure: str
    page: str
    cut: str
    comma: str = ", "


def frame_of(language: str) -> Frame:
    """The words of the letterhead; English where nobody wrote them in a language."""
    frames = _frames()
    return frames.get(language) or frames.get(language.split("-")[0]) or frames["en"]


def languages() -> list[tuple[str, str]]:
    """Every language that letters can be written in, with its own name, those of our letterhead first."""
    known = sorted(LANG_INFO, key=lambda code: (code not in _frames(), name_of(code).casefold()))
    return [(code, name_of(code)) for code in known if "name" in LANG_INFO[code]]


def name_of(code: str) -> str:
    """A language in its own words, or its code when nobody here knows it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def is_rtl(code: str) -> bool:
    """Whether a language is written from right to left."""
    try:
        return bool(get_language_info(code)["bidi"])
    except KeyError:
        return False


def require_language(code: str) -> None:
    """Raises BadInput for a code that names no language."""
    if code not in dict(languages()):
        raise BadInput("This is no language that we know.")


@cache
def _frames() -> dict[str, Frame]:
    return TypeAdapter(dict[str, Frame]).validate_python(yaml.safe_load(_FRAMES.read_text(encoding="utf-8")))
