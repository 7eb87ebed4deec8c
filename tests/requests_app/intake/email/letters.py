"""The letters of `tests/data/emails`: what each asks for, in which language, and whether it was kept aside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

FOLDER = Path(__file__).parents[3] / "data" / "emails"
SUBJECT = "Subject: "
ORDINARY = "ordinary"
CIRCUMSTANCES = "circumstances"
STYLES = ("formal", "informal")
# Written as people write before anybody looked at the words; those of `later` and `last` when the words were finished,
# to see what they miss, and then learned from, so never counted as kept aside.
BROAD = "broad"
LATER = "later"
LAST = "last"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with the answer its author had in mind; `expected` is a right, `ordinary` or a circumstance."""

    language: str
    expected: str
    subject: str
    text: str
    style: str = ""
    is_later: bool = False

    @property
    def was_kept_aside(self) -> bool:
        """A third of the letters, chosen by their bytes, is not looked at while the words are chosen."""
        return not self.is_later and crc32(self.text.encode()) % 3 == 0


def letters(*, circumstances: bool = False) -> Iterator[Letter]:
    """Yield every letter, or those that tell of a circumstance."""
    for each in _every_letter():
        if (each.style == CIRCUMSTANCES) == circumstances:
            yield each


def _every_letter() -> Iterator[Letter]:
    for language, by_right in _read(FOLDER / f"{LATER}.yaml").items():
        yield from _by_right(language, by_right, is_later=True)
    for path in sorted(path for path in FOLDER.glob("*.yaml") if path.stem != LATER):
        yield from _by_right(path.stem, _read(path))
    for folder in (BROAD, LAST):
        for path in sorted((FOLDER / folder).glob("*.yaml")):
            yield from _by_style(path.stem, _read(path), is_later=folder == LAST)


def _by_style(language: str, content: Mapping[str, Any], *, is_later: bool) -> Iterator[Letter]:
    for style in STYLES:
        yield from _by_right(language, content.get(style, {}), style=style, is_later=is_later)
    rest = {key: content[key] for key in (ORDINARY, CIRCUMSTANCES) if key in content}
    yield from _by_right(language, rest, is_later=is_later)


def _by_right(
    language: str, by_right: Mapping[str, Sequence[Any]], *, style: str = "", is_later: bool = False
) -> Iterator[Letter]:
    for expected, texts in by_right.items():
        for each in texts:
            if expected == CIRCUMSTANCES:
                for told, text in each.items():
                    yield _letter(language, told, text, CIRCUMSTANCES, is_later)
            else:
                yield _letter(language, expected, each, style, is_later)


def _letter(language: str, expected: str, text: str, style: str, is_later: bool) -> Letter:
    head, blank, rest = text.partition("\n\n")
    if head.startswith(SUBJECT) and blank:
        return Letter(language, expected, head.removeprefix(SUBJECT), rest, style, is_later)
    return Letter(language, expected, "", text, style, is_later)


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))
