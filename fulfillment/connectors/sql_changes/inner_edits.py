"""What an order makes of fields inside JSON: masks, corrections and marks as new pieces of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, case, cast

from fulfillment.connectors.changing import Correction
from fulfillment.connectors.sql_changes.json_inside import New
from fulfillment.connectors.sql_changes.json_ways import Piece
from fulfillment.connectors.sql_changes.masks import Masks
from fulfillment.datamaps.changing import Masking

# What is written for a whole list, and not for each of its elements.
WHOLE = frozenset({"clear", "constant"})


@dataclass(frozen=True, slots=True)
class InnerEdits:
    """Writes the new pieces of one order."""

    masks: Masks

    def masked(self, masking: Masking, is_kept: ColumnElement[bool] | None) -> New:
        """A mask, but in rows where the field is kept; what is empty or not there stays so."""

        def new(piece: Piece) -> Piece:
            written = self._mask(masking, piece)
            return written if is_kept is None else case((is_kept, piece), else_=written)

        return new

    def constant(self, value: Any) -> New:
        """The same value everywhere."""
        return lambda _piece: self.masks.dialect.json.constant(value)

    def corrected(self, corrections: Sequence[Correction]) -> New:
        """What was wrong in each of them is put right, as a number or a truth where it was one."""

        def new(piece: Piece) -> Piece:
            cases = [(self.says(each)(piece), self._like(piece, each.right)) for each in corrections]
            return case(*cases, else_=piece)

        return new

    def says(self, correction: Correction) -> Callable[[Piece], ColumnElement[bool]]:
        """Whether a piece reads as the person said."""
        return lambda piece: self.masks.says(self.masks.dialect.json.text(piece), correction.wrong)

    def _mask(self, masking: Masking, piece: Piece) -> Piece:
        ways, dialect = self.masks.dialect.json, self.masks.dialect
        if masking.strategy in WHOLE:
            return ways.constant(masking.value if masking.strategy == "constant" else None)
        text = ways.text(piece)
        if masking.strategy == "generalise_date":
            first = dialect.day(dialect.first_day(dialect.day(text), masking.unit))
            return case((text.is_(None), piece), else_=ways.quoted(cast(first, Text)))
        return case((text.is_(None), piece), else_=ways.quoted(self.masks.text(masking, text)))

    def _like(self, piece: Piece, right: str) -> Piece:
        ways = self.masks.dialect.json
        plain = _plain(right)
        if isinstance(plain, str):
            return ways.constant(plain or None)
        kinds = ways.truths if isinstance(plain, bool) else ways.numbers
        return case((ways.kind(piece).in_(kinds), ways.constant(plain)), else_=ways.constant(right))


def _plain(right: str) -> bool | int | float | str:
    """A number or a truth, where a text reads as one and loses nothing by it."""
    try:
        found = json.loads(right)
    except ValueError:
        return right
    is_plain = isinstance(found, bool | int | float) and json.dumps(found) == right
    return found if is_plain else right
