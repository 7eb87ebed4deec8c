"""The letters of `tests/data/emails`: what each asks for, in which language, and whether it was kept aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import yaml
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "tests" / "data" / "emails"
SUBJECT = "Subject: "
# Written when the words were finished, to see what they miss; then learned from, so never counted as kept aside.
LATER = "later"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with the answer its author had in mind; `expected` is a right, `ordinary` or a circumstance."""

    language: str
    expected: str
    subject: str
    text: str
    is_later: bool = False

    @property
    def was_kept_aside(self) -> bool:
        """A third of the letters, chosen by their bytes, is not looked at while the words are chosen."""
        return not self.is_later and crc32(self.text.encode()) % 3 == 0


def letters(*, circumstances: bool = False) -> Iterator[Letter]:
    """Yield every letter, or those that tell of a circumstance."""
    if not circumstances:
        yield from _later_letters()
    for path in sorted(path for path in FOLDER.glob("*.yaml") if path.stem != LATER):
        content = yaml.safe_load(path.read_text("utf-8"))
        told = content.pop("circumstances")
        if circumstances:
            for each in told:
                for expected, text in each.items():
                    yield _letter(path.stem, expected, text)
            continue
        for expected, texts in content.items():
            for text in texts:
                yield _letter(path.stem, expected, text)


def _later_letters() -> Iterator[Letter]:
    content = yaml.safe_load((FOLDER / f"{LATER}.yaml").read_text("utf-8"))
    for language, by_right in content.items():
        for expected, texts in by_right.items():
            for text in texts:
                yield Letter(language, expected, "", text, is_later=True)


def _letter(language: str, expected: str, text: str) -> Letter:
    head, blank, rest = text.partition("\n\n")
    if head.startswith(SUBJECT) and blank:
        return Letter(language, expected, head.removeprefix(SUBJECT), rest)
    return Letter(language, expected, "", text)
