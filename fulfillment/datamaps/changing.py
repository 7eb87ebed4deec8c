"""What a map says of changes: how its rows are erased, restricted, and no longer used for a purpose."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints, model_validator

from fulfillment.datamaps.descriptions import Description, Text
from requests_app.deadlines.calendar import add_months

Strategy = Literal["clear", "constant", "random", "hash", "keep_domain", "generalise_date", "redact", "keep"]
Erasing = Literal["delete", "mask", "keep"]

# One number and one unit is what laws of retention print: ten years, eighteen months, ninety days.
_LENGTH = r"^P[1-9][0-9]{0,3}[YMWD]$"
# What has a domain that is worth keeping: a name, one @, a host. The rest of anything else may be the secret itself.
ADDRESS = r"^[^@\s]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
_MONTHS = {"Y": 12, "M": 1}
_DAYS = {"W": 7, "D": 1}


class Masking(Description):
    """How the value of a field is taken away where its row stays.

    `clear` leaves nothing (NULL); `constant` writes `value`; `random` characters that mean nothing; `hash` a keyed
    hash, the same for the same value, so that rows which belonged together still do; `keep_domain` a keyed hash
    before the domain of an address, and the hash alone for what is no address; `generalise_date` the first day of the
    `unit`; `redact` takes only the person's identifiers out of words or JSON that may be somebody else's; `keep`
    leaves the value as it is.
    """

    strategy: Strategy = Field(alias="with")
    value: JsonValue = None
    unit: Literal["month", "year"] = "year"

    @model_validator(mode="after")
    def _fits_its_strategy(self) -> Self:
        if (self.strategy == "constant") != ("value" in self.model_fields_set):
            raise ValueError("“value” goes with the strategy constant, and constant needs it")
        return self


def _spelled_out(written: Any) -> Any:
    return {"with": written} if isinstance(written, str) else written


# Written as a bare word where nothing more is to be said: `erase: hash`.
MaskingRule = Annotated[Masking, BeforeValidator(_spelled_out)]


class Flag(Description):
    """Fields set while processing is restricted, and what they are when the restriction is lifted."""

    set: dict[str, JsonValue] = Field(min_length=1)
    lift: dict[str, JsonValue] = Field(min_length=1)

    @model_validator(mode="after")
    def _lifts_what_it_sets(self) -> Self:
        if self.set.keys() != self.lift.keys():
            raise ValueError("“set” and “lift” must name the same fields")
        return self


class Period(Description):
    """How long each row must be kept: `length` (P10Y, P18M, P90D) after the day in the field `counted_from`.

    With `end_of_year` the count begins when that year is over, as tax laws have it.
    """

    length: Annotated[str, StringConstraints(pattern=_LENGTH)]
    counted_from: Text
    end_of_year: bool = False

    @property
    def months(self) -> int:
        """The length in calendar months; nought where it is given in days."""
        return int(self.length[1:-1]) * _MONTHS.get(self.length[-1], 0)

    @property
    def days(self) -> int:
        """The length in days; nought where it is given in months."""
        return int(self.length[1:-1]) * _DAYS.get(self.length[-1], 0)

    def last_day(self, counted_from: date) -> date:
        """The last day on which a row of this date must be kept."""
        start = date(counted_from.year, 12, 31) if self.end_of_year else counted_from
        return add_months(start, self.months) + timedelta(days=self.days)


class CollectionChanges(Description):
    """How a collection changes. What is not said here no connector does: a person is asked to, out loud.

    `erase` says whether the person's rows go, stay with their fields masked as each field says, or stay as they are.
    `suppress` says by purpose of the policy (or by the code of an opt-out right) which fields are set to what.
    """

    erase: Erasing | None = None
    restrict: Flag | None = None
    suppress: dict[str, Annotated[dict[str, JsonValue], Field(min_length=1)]] = Field(default_factory=dict)
