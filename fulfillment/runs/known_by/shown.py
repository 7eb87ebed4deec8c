"""What a person is known by as the page draws it: masked, with its evidence and what it reaches."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.states import IdentityState
from fulfillment.sources.models import DataSource
from requests_app.components.masking import DOTS, masked_address

STATE_LOOKS = {
    IdentityState.PROPOSED: ("ring-half", "warn"),
    IdentityState.ACCEPTED: ("check", "good"),
    IdentityState.REFUSED: ("minus", ""),
}
SHOWN = 2
LONG_ENOUGH = 5


@dataclass(frozen=True)
class IdentityRow:
    """One identity of the list."""

    row: KnownIdentity
    kind: str
    value: str
    found: str
    doubt: str
    state: str
    icon: str
    tone: str
    decided: str
    reaches: tuple[str, ...]
    may_accept: bool
    may_refuse: bool


@dataclass(frozen=True)
class Reach:
    """One source: which kinds it is asked by, and which it lacks."""

    label: str
    asked_by: str
    lacks: str
    is_reached: bool


def identity_rows(
    identities: Iterable[KnownIdentity], sources: Iterable[DataSource], *, is_open: bool, openly: bool
) -> list[IdentityRow]:
    """The list, what waits for a person first. Values are shown in part unless `openly`."""
    sources = list(sources)
    order = list(IdentityState)
    ordered = sorted(identities, key=lambda each: order.index(IdentityState(each.state)))
    return [_row(each, sources, is_open=is_open, openly=openly) for each in ordered]


def reaches(identities: Iterable[KnownIdentity], sources: Iterable[DataSource]) -> list[Reach]:
    """Each source with what it is asked by now, and what would reach more of it."""
    usable = {each.kind for each in identities if each.is_accepted and not each.is_shared}
    found = []
    for source in sources:
        kinds = source.map_in_force.data_map.identity_kinds
        found.append(
            Reach(source.label, _spoken(kinds & usable), _spoken(kinds - usable), bool(kinds & usable))
        )
    return found


def masked(kind: str, value: str) -> str:
    """Enough of a value for its owner to know it."""
    if "@" in value:
        return masked_address(value)
    return f"{DOTS}{value[-SHOWN:]}" if len(value) >= LONG_ENOUGH else DOTS


def _row(row: KnownIdentity, sources: list[DataSource], *, is_open: bool, openly: bool) -> IdentityRow:
    icon, tone = STATE_LOOKS[IdentityState(row.state)]
    value = row.value
    return IdentityRow(
        row=row,
        kind=row.kind.replace("_", " "),
        value=value if openly else masked(row.kind, value),
        found=str(row.get_found_display()),
        doubt=str(row.get_doubt_display()) if row.doubt else "",
        state=_("Accepted, shared with others")
        if row.is_accepted and row.is_shared
        else str(row.get_state_display()),
        icon=icon,
        tone=tone,
        decided=_decided(row),
        reaches=tuple(
            each.label for each in sources if row.kind in each.map_in_force.data_map.identity_kinds
        ),
        may_accept=is_open and not row.is_accepted,
        may_refuse=is_open and row.state != IdentityState.REFUSED,
    )


def _decided(row: KnownIdentity) -> str:
    if row.decided_at is None:
        return ""
    by = row.decided_by.display_name if row.decided_by else pgettext("decided by nobody", "by itself")
    return f"{by}, {date_format(localtime(row.decided_at), 'j M, H:i')}"


def _spoken(kinds: Iterable[str]) -> str:
    return ", ".join(kind.replace("_", " ") for kind in sorted(kinds))
