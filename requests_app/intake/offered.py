"""Which rights people at a place are offered: those of the law there, and those that the policy gives everybody."""

from datetime import date

from requests_app.jurisdictions.load import RightNotGranted, jurisdictions_for, laws_of
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.rights.base import Right

# Where another law than an American one binds, what these do is an objection to marketing or a consent taken back.
ONLY_BY_LAW = frozenset({"opt_out_sale_share", "limit_sensitive"})


def rights_offered(place: str | None, on: date) -> list[Right]:
    """Return the rights that a person at a place is offered, in the order of the form."""
    return [right for right in RIGHTS.values() if right.is_offered and _is_granted(right.code, place, on)]


def _is_granted(code: str, place: str | None, on: date) -> bool:
    binding = [law for law in laws_of(place) if law.binds_on(on)]
    try:
        granting = jurisdictions_for(place, code, on)
    except RightNotGranted:
        return False
    return code not in ONLY_BY_LAW or not binding or any(law in binding for law in granting)
