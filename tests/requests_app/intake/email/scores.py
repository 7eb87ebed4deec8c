"""How well letters are understood, by share, style, language and right.

`python -m tests.requests_app.intake.email.scores` measures the letters the words were chosen by, `--aside` those kept
aside, `--later` those written when the words were finished, `--all` all; `--missed` shows what was missed.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from requests_app.intake.email.language import language_of
from requests_app.intake.email.understanding.understand import LooksLikeRequest, Understanding, understand
from requests_app.intake.email.understanding.vocabulary import Circumstance
from tests.requests_app.intake.email.letters import CIRCUMSTANCES, ORDINARY, Letter, letters


@dataclass(slots=True)
class Scores:
    """What was right, of how many, by what was counted."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    right: Counter[tuple[str, str]] = field(default_factory=Counter)
    confused: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def count(self, letter: Letter, group: str, *, is_right: bool, got: str) -> None:
        """Count one letter under its group, its language and what it asks for."""
        style = letter.style if letter.style not in ("", CIRCUMSTANCES) else "earlier"
        keys = [("all", group), ("language", f"{letter.language} {group}")]
        if group == "requests":
            keys += [("style", style), ("right", letter.expected)]
            keys += [("language", f"{letter.language} {style}")]
        if group == CIRCUMSTANCES:
            keys.append(("circumstance", letter.expected))
        for key in keys:
            self.asked[key] += 1
            self.right[key] += is_right
        if not is_right:
            self.confused[f"{letter.expected} → {got}"] += 1
            self.missed.append(f"{letter.language} {group} {letter.expected} → {got}: {letter.text[:300]}")


def read(letter: Letter) -> Understanding:
    """Read one letter as a mail is read."""
    language = language_of(f"{letter.text}\n{letter.subject}")
    return understand(letter.subject, letter.text, language=language)


def measure(chosen: Sequence[Letter]) -> Scores:
    """Read letters and count what was understood."""
    scores = Scores()
    for letter in chosen:
        started = time.process_time()
        found = read(letter)
        scores.milliseconds.append((time.process_time() - started) * 1000)
        got = ", ".join([*found.rights[:2], found.looks_like_request.value])
        told = ", ".join(found.circumstances)
        scores.count(letter, "language", is_right=found.language == letter.language, got=found.language)
        if letter.style == CIRCUMSTANCES:
            scores.count(letter, CIRCUMSTANCES, is_right=letter.expected in found.circumstances, got=told)
            continue
        if letter.expected == ORDINARY:
            is_right = found.looks_like_request != LooksLikeRequest.YES
            scores.count(letter, ORDINARY, is_right=is_right, got=got)
            scores.asked["all", "ordinary set aside"] += 1
            scores.right["all", "ordinary set aside"] += found.looks_like_request == LooksLikeRequest.NO
            continue
        scores.count(letter, "requests", is_right=found.rights[:1] == (letter.expected,), got=got)
        is_kept = found.looks_like_request != LooksLikeRequest.NO
        scores.count(letter, "not set aside", is_right=is_kept, got="no")
        untold = set(found.circumstances) - {Circumstance.SEVERAL}
        scores.count(letter, "no circumstance", is_right=not untold, got=told)
    return scores


def _share(name: str) -> list[Letter]:
    every = [*letters(), *letters(circumstances=True)]
    return [
        each
        for each in every
        if name == "all"
        or (name == "later" and each.is_later)
        or (name == "aside" and each.was_kept_aside)
        or (name == "open" and not each.is_later and not each.was_kept_aside)
    ]


def main() -> None:
    """Print the scores of one share."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("aside", "later", "all"):
        parser.add_argument(f"--{name}", dest="share", action="store_const", const=name, default="open")
    parser.add_argument("--missed", action="store_true")
    chosen = parser.parse_args()
    share = _share(chosen.share)
    measure(share)
    scores = measure(share)
    sys.stdout.write("\n".join(_lines(chosen.share, scores, len(share))) + "\n")
    if chosen.missed:
        sys.stdout.write("\n".join(scores.missed) + "\n")


def _lines(share: str, scores: Scores, letters_read: int) -> Iterator[str]:
    yield f"{share}: {letters_read} letters"
    for key in sorted(scores.asked):
        right, asked = scores.right[key], scores.asked[key]
        yield f"{key[0]:13} {key[1]:28} {right:5} of {asked:5}  {100 * right / asked:5.1f} %"
    times = sorted(scores.milliseconds)
    yield f"milliseconds a letter: median {times[len(times) // 2]:.2f}, worst {times[-1]:.2f}"


if __name__ == "__main__":
    main()
