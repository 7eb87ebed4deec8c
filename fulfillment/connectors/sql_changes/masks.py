"""What takes the place of a text, and what a text is compared with, as expressions of the database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_

from fulfillment.connectors.sql_changes.dialect import ChangeDialect
from fulfillment.connectors.sql_dialect import SqlDialect
from fulfillment.datamaps.changing import ADDRESS, Masking

HASH_LENGTH = 64
# Fewer digits of a hash and two people could share one.
SHORTEST_HASH = 16
_RANDOM_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Masks:
    """The texts of one order; `secret` keys its hashes."""

    secret: bytes
    sql: SqlDialect
    dialect: ChangeDialect

    def text(
        self, masking: Masking, value: ColumnElement[Any], length: int = HASH_LENGTH
    ) -> ColumnElement[Any]:
        """For the strategies that write a text; all others count as a hash."""
        match masking.strategy:
            case "keep_domain":
                return self._with_its_domain(value, min(length, HASH_LENGTH))
            case "random":
                return self.dialect.random_text(min(length, _RANDOM_LENGTH))
            case _:
                return self._hash(value, min(length, HASH_LENGTH))

    def says(self, text: ColumnElement[Any], wrong: str) -> ColumnElement[bool]:
        """Whether a text reads as the person wrote it, blank edges aside; nothing written means an empty one."""
        trimmed = func.trim(text)
        if not wrong.strip():
            return or_(text.is_(None), trimmed == "")
        known, given = self.sql.exact(trimmed), self.sql.constants(wrong.strip(), True)
        return and_(*(mine == other for mine, other in zip(known, given, strict=True)))

    def _hash(self, value: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
        return func.substr(self.dialect.keyed_hash(value, self.secret), 1, digits)

    def _with_its_domain(self, value: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
        """What is no address has no domain: all of it would be somebody's."""
        written = func.trim(cast(value, Text))
        address = self.dialect.joined(self._hash(value, SHORTEST_HASH), "@", self.dialect.domain(written))
        return case((written.regexp_match(ADDRESS), address), else_=self._hash(value, digits))
