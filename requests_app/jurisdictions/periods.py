"""A period of a law: how many of which unit, who set it, and since when."""

from datetime import date
from typing import Self

from pydantic import Field, PositiveInt, model_validator

from requests_app.jurisdictions.sources import Sourced
from requests_app.jurisdictions.vocabulary import Basis, ExtensionKind, Unit


class Period(Sourced):
    """So many days, business days or months, counted from `counts_from`."""

    number: PositiveInt
    unit: Unit
    basis: Basis = Basis.LAW
    since: date | None = None
    counts_from: str = ""
    # For answers to an appeal: how many more of the unit a notice in time adds.
    extension: PositiveInt | None = None
    # Where the wording can be read a day shorter: how much earlier the product aims.
    aim_days_before: int = Field(default=0, ge=0)


class Extension(Sourced):
    """The further time that a law gives for a reason told in time."""

    kind: ExtensionKind
    number: PositiveInt | None = None
    unit: Unit | None = None
    times: PositiveInt | None = None
    notice: str = ""
    counts_from: str = ""
    grounds: str = ""

    @model_validator(mode="after")
    def _fixed_time_has_a_number(self) -> Self:
        if (self.kind is ExtensionKind.FIXED) != (self.number is not None and self.unit is not None):
            raise ValueError("`number` and `unit` belong to a fixed extension, and only there")
        return self
