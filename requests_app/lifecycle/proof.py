"""Which proof of identity a request demands: a table by right, sensitivity and law, and the lesser answers of laws."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

from requests_app.lifecycle.models import AnswerScope, IdentityLevel, SubjectRequest

TABLE = Path(__file__).with_name("proof_levels.yaml")


def _level(value: Any) -> Any:
    return IdentityLevel[value.upper()] if isinstance(value, str) else value


Level = Annotated[IdentityLevel, BeforeValidator(_level)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LesserAnswer(_Strict):
    """What a law gives where the full proof never came: a narrower answer at a level, or another right offered."""

    scope: AnswerScope | None = None
    level: Level = IdentityLevel.NONE
    right: str = ""


class Row(_Strict):
    """The proof one right demands, for usual and for sensitive data."""

    usual: Level
    sensitive: Level
    lesser: LesserAnswer | None = None
    cite: str = ""


class Table(_Strict):
    """The company's rows, and what single laws demand instead."""

    company: dict[str, Row]
    laws: dict[str, dict[str, Row]]


@cache
def table() -> Table:
    """Return the table as the file has it."""
    return Table.model_validate(yaml.safe_load(TABLE.read_text(encoding="utf-8")))


def row_for(right: str, regime: str) -> Row:
    """Return the row that counts for a right under a law."""
    found = table()
    return found.laws.get(regime, {}).get(right) or found.company[right]


def demanded(subject_request: SubjectRequest) -> IdentityLevel:
    """Return the level without which nothing is done for this request; narrower answers need less.

    A reasoned doubt raises it above the table's (Art. 12(6) GDPR), but not for the lesser answer, which is what a law
    gives where more was not proven.
    """
    row = row_for(subject_request.right, subject_request.regime)
    if row.lesser and row.lesser.scope == subject_request.answer_scope:
        return row.lesser.level
    by_table = row.sensitive if subject_request.is_sensitive else row.usual
    return max(by_table, IdentityLevel(subject_request.doubt_level))


def lesser_answer(subject_request: SubjectRequest) -> LesserAnswer | None:
    """Return what the law gives this request where its full proof falls short, or None."""
    return row_for(subject_request.right, subject_request.regime).lesser
