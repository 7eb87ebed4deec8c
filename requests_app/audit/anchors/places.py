"""Where anchors are left: each place is a member of this family; a place beyond this app registers itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from requests_app.audit.anchors import by_mail, shelf
from requests_app.audit.anchors.statement import Statement


@dataclass(frozen=True)
class Place:
    """A place: whether the settings name it, and how a statement is left there.

    `leave` returns what the place gives in return, and may be called again with the same statement. It raises
    PlaceAway where a later try may help, and PlaceRefuses where none does.
    """

    name: str
    is_configured: Callable[[], bool]
    leave: Callable[[Statement], bytes]


def register_place(place: Place) -> None:
    """Add a place; called once, at start-up."""
    _places[place.name] = place


def places() -> Mapping[str, Place]:
    """Every place by name."""
    return dict(_places)


def _leave_file(statement: Statement) -> bytes:
    shelf.keep(statement)
    return b""


_places: dict[str, Place] = {}
register_place(Place("file", lambda: True, _leave_file))
register_place(Place("mail", by_mail.is_configured, by_mail.leave))
