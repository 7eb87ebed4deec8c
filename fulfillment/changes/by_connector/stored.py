"""What a connector said, in the form in which a row keeps it."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from fulfillment.connectors.changing import ChangeReceipt, Kept, Preflight


@dataclass(frozen=True, slots=True)
class Pick:
    """The field of the map that one accepted correction means; `number` counts the corrections of the request."""

    number: int
    collection: str
    name: str
    wrong: str = field(repr=False)
    right: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field that may be meant; `rows` is how many of the person's rows say there what is to be corrected."""

    collection: str
    name: str
    rows: int


Picks = tuple[Pick, ...]
Suggestions = dict[int, tuple[Suggestion, ...]]

_PREFLIGHT: TypeAdapter[Preflight] = TypeAdapter(Preflight)
_RECEIPT: TypeAdapter[ChangeReceipt] = TypeAdapter(ChangeReceipt)
_PICKS: TypeAdapter[Picks] = TypeAdapter(Picks)
_SUGGESTIONS: TypeAdapter[Suggestions] = TypeAdapter(Suggestions)


def stored(value: object) -> Any:
    """A value of these kinds as JSON."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def stored_suggestions(found: Suggestions) -> Any:
    """Suggestions as JSON."""
    return _SUGGESTIONS.dump_python(found, mode="json")


def stored_picks(picks: Picks) -> Any:
    """Picks as JSON."""
    return _PICKS.dump_python(picks, mode="json")


def read_preflight(held: object) -> Preflight:
    """The look beforehand."""
    return _PREFLIGHT.validate_python(held, strict=False)


def read_receipt(held: object) -> ChangeReceipt:
    """The receipt."""
    return _RECEIPT.validate_python(held)


def read_picks(held: object) -> Picks:
    """The picks."""
    return _PICKS.validate_python(held)


def read_suggestions(held: object) -> Suggestions:
    """The suggestions."""
    return _SUGGESTIONS.validate_python(held)


def receipt_in_words(receipt: ChangeReceipt) -> str:
    """A receipt as lines of text: counts and keyed hashes, nothing personal."""
    lines = [
        f"{each.collection}: {each.how} {each.rows}{f', {each.digest}' if each.digest else ''}"
        for each in receipt.lines
    ]
    kept = [_kept_in_words(each) for each in receipt.kept]
    left = [f"{each.collection}: words stay in {each.rows}. {each.why}" for each in receipt.not_taken]
    named = [f"transaction {receipt.token}"] if receipt.token else []
    files = [f"files: {receipt.objects_done} of {len(receipt.objects)} replaced"] if receipt.objects else []
    return "\n".join([*lines, *kept, *left, *named, *files])[:5000]


def _kept_in_words(kept: Kept) -> str:
    what = f"kept {', '.join(kept.fields)} of {kept.rows}" if kept.fields else f"kept {kept.rows}"
    until = f", until {kept.until.isoformat()}" if kept.until else ""
    return f"{kept.collection}: {what}{until}. {kept.why}"
