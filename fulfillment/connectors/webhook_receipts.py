"""What a system says of a change, checked before anything of it is believed: counts and marks, no personal values."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from fulfillment.connectors.changing import ChangeReceipt, How, Kept, Planned, Preflight, ReceiptLine
from fulfillment.connectors.errors import Fatal
from fulfillment.datamaps.datamap import DataMap

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(max_length=200)]
Rows = Annotated[int, Field(ge=0, le=2_000_000_000)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Line(_Said):
    collection: Name
    how: How
    rows: Rows
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{0,128}$")] = ""


class _Kept(_Said):
    collection: Name
    rows: Rows
    why: Sentence
    until: date | None = None
    # Where only these of a masked record's fields stay.
    fields: list[Name] = Field(default_factory=list, max_length=1000)

    def as_kept(self) -> Kept:
        return Kept(self.collection, self.rows, self.why, self.until, tuple(self.fields))


class _Receipt(_Said):
    lines: list[_Line] = Field(max_length=1000)
    kept: list[_Kept] = Field(default_factory=list, max_length=1000)
    # The system's own name of what it did; a personal value does not fit.
    token: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{0,100}$")] = ""


class _Planned(_Said):
    collection: Name
    how: How
    rows: Rows


class _Look(_Said):
    planned: list[_Planned] = Field(max_length=1000)
    kept: list[_Kept] = Field(default_factory=list, max_length=1000)
    problems: list[Sentence] = Field(default_factory=list, max_length=100)
    by_hand: dict[Name, Sentence] = Field(default_factory=dict, max_length=1000)


def receipt_from(said: Any, data_map: DataMap) -> ChangeReceipt:
    """The receipt of a change. Raises Fatal for one that cannot be read."""
    found = _read(_Receipt, said, data_map)
    return ChangeReceipt(
        tuple(ReceiptLine(each.collection, each.how, each.rows, each.digest) for each in found.lines),
        tuple(each.as_kept() for each in found.kept),
        found.token,
    )


def look_from(said: Any, data_map: DataMap) -> Preflight:
    """What a look beforehand showed. Raises Fatal for one that cannot be read."""
    found = _read(_Look, said, data_map)
    return Preflight(
        tuple(Planned(each.collection, each.how, each.rows) for each in found.planned),
        tuple(each.as_kept() for each in found.kept),
        tuple(found.problems),
        dict(found.by_hand),
    )


def _read(model: type[Any], said: Any, data_map: DataMap) -> Any:
    try:
        found = model.model_validate(said)
    except ValidationError:
        raise Fatal(f"{data_map.label} answered a change in a way that cannot be read.") from None
    named = {
        each.collection
        for each in (*getattr(found, "lines", ()), *getattr(found, "planned", ()), *found.kept)
    }
    if not named <= data_map.by_name.keys():
        raise Fatal(f"{data_map.label} answered a change for a collection that its map does not name.")
    # A name is believed only where the map has it: what else stood there could be a value.
    if any(not {*each.fields} <= data_map.collection(each.collection).by_name.keys() for each in found.kept):
        raise Fatal(f"{data_map.label} answered a change with a field that its map does not name.")
    return found
