"""Where a figure comes from: its citation, and whether a page was read that states it."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class LawModel(BaseModel):
    """A part of a law file: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CheckStatus(StrEnum):
    """How far a figure can be relied on."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    POLICY = "policy"


class Check(LawModel):
    """Whether a figure was seen on a page, and where."""

    status: CheckStatus
    where: str = ""

    @property
    def verified(self) -> bool:
        """Whether the figure was read on the page named."""
        return self.status is CheckStatus.VERIFIED


def read_check(value: object) -> object:
    """Read `verified: <address>`, `unverified`, `unverified: <remark>` or `policy`."""
    if not isinstance(value, str):
        return value
    status, _, where = value.partition(":")
    if status == CheckStatus.VERIFIED and not where.strip():
        raise ValueError("says verified, but not on which page")
    return {"status": status.strip(), "where": where.strip()}


def as_sequence(value: object) -> object:
    """Let a law file write one thing where a list of things may stand."""
    return value if isinstance(value, list | tuple) else (value,)


CheckField = Annotated[Check, BeforeValidator(read_check)]
UNVERIFIED = Check(status=CheckStatus.UNVERIFIED)


class Sourced(LawModel):
    """Anything a law says, with its citation, whether it was verified, and what the page leaves open."""

    cite: str = ""
    check: CheckField = UNVERIFIED
    also_checked: tuple[CheckField, ...] = ()
    notes: tuple[str, ...] = ()
