"""The one filter: the records of a finding as they may leave, whatever format asks for them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from fulfillment.findings.release.edits import Mark, edited
from fulfillment.findings.release.places import leaves_of, read_record, written_record
from fulfillment.findings.release.plan import Plan
from fulfillment.findings.release.tally import Left, Tally

Blocks = Callable[[], Iterable[bytes]]
# Keeps what passed, so that it is worked out once however often it is read.
Keep = Callable[[Iterable[bytes]], Blocks]


@dataclass(frozen=True)
class Released:
    """What of a finding leaves: its records as blocks of JSON lines, how many, what was left out, which files stay."""

    row_count: int
    open_blocks: Blocks = field(repr=False)
    left: tuple[Left, ...] = ()
    files_left_out: frozenset[str] = frozenset()


def as_released(
    plan: Plan,
    blocks: Blocks,
    *,
    row_count: int,
    mark: Mark,
    keep: Keep | None = None,
    file_names: frozenset[str] = frozenset(),
) -> Released:
    """The finding without what the plan leaves out. Where it leaves out nothing, the blocks pass unread.

    With `keep`, the records are gone through once and read again from what it kept; without, once for each reading.
    """
    if plan.is_empty:
        return Released(row_count, blocks)
    first = _Pass(plan, mark, file_names)
    if keep is not None:
        again = keep(first.over(blocks()))
    else:
        for _block in first.over(blocks()):
            pass

        def again() -> Iterable[bytes]:
            return _Pass(plan, mark, file_names).over(blocks())

    return Released(first.released, again, first.tally.result(), frozenset(first.files))


class _Pass:
    """One reading of a finding."""

    def __init__(self, plan: Plan, mark: Mark, file_names: frozenset[str]) -> None:
        self._plan, self._mark, self._file_names = plan, mark, file_names
        self.tally = Tally()
        self.released = 0
        self.files: set[str] = set()

    def over(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        number = 0
        for block in blocks:
            kept = []
            for line in block.split(b"\n"):
                number += 1
                left = self._line(number, line)
                if left is not None:
                    kept.append(left)
            self.released += len(kept)
            if kept:
                yield b"\n".join(kept)

    def _line(self, number: int, line: bytes) -> bytes | None:
        plan = self._plan
        reason = plan.withheld.get(number, "")
        if not (reason or plan.rules or number in plan.covered):
            return line
        if reason and not self._file_names:
            self.tally.withheld(reason)
            return None
        record = read_record(line)
        reason = reason or plan.reason_to_withhold(number, record)
        if reason:
            self.tally.withheld(reason)
            self._without_files(record, reason)
            return None
        return self._edited(number, line, record)

    def _edited(self, number: int, line: bytes, record: dict[str, Any]) -> bytes:
        edits = self._plan.edits(number, record)
        if not edits:
            return line
        without, done = edited(record, edits, self._mark)
        if not done:
            return line
        self.tally.edited(list(record), done)
        # The file holds what was covered in its record; a number of one's own is no reason to keep a paper back.
        hidden = next((each for each in done if not each.shows_rest), None)
        if hidden is not None:
            self._without_files(record, hidden.reason_code)
        return written_record(without)

    def _without_files(self, record: dict[str, Any], reason_code: str) -> None:
        if self._file_names:
            named = {leaf.value for leaf in leaves_of(record) if isinstance(leaf.value, str)}
            new = (named & self._file_names) - self.files
            self.files |= new
            if new:
                self.tally.without_files(reason_code, len(new))
