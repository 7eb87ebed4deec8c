"""What a record with hits is: the person's own, a mention, something shared, or somebody of the same name."""

import re
from collections.abc import Sequence
from enum import StrEnum

from fulfillment.traces.look import Hit
from fulfillment.traces.person import Form


class Kind(StrEnum):
    """What a record has to do with the person."""

    OWN = "own"
    MENTION = "mention"
    SHARED = "shared"
    NAMESAKE = "namesake"


# Whoever stands in such a field did something to the record; it need not be about them. A member of staff who is a
# customer too stands in both.
ACTED = re.compile(
    r"(?:^|_)(?:created|updated|changed|modified|deleted|edited|approved|handled|assigned|assignee|author|actor|"
    r"agent|editor|operator|reviewer|processed|sold|served|entered|signed_off|closed|opened|owner|employee|staff|"
    r"recorded|logged)(?:_|$)"
)


def judge(hits: Sequence[Hit], *, another: frozenset[Form] = frozenset()) -> Kind | None:
    """Judge one record by all that was found in it; None where nothing was.

    A name alone proves nothing, nor does what several accounts share. Two of different forms together do: the name
    beside the household's telephone is this person, and nobody else of the household. `another` are the forms by which
    the record names somebody else: then a telephone, or an address of mail, turns out to be shared.
    """
    if not hits:
        return None
    if not is_proven(hits):
        names_only = all(hit.identifier.form is Form.NAME for hit in hits)
        return Kind.NAMESAKE if names_only else Kind.SHARED
    if _is_anothers(hits, another):
        return Kind.SHARED
    return Kind.OWN if any(_is_own(hit) for hit in hits) else Kind.MENTION


def is_proven(hits: Sequence[Hit]) -> bool:
    """Whether the record means this person."""
    if any(hit.identifier.proves for hit in hits):
        return True
    forms = {hit.identifier.form for hit in hits}
    return Form.NAME in forms and len(forms) > 1


def _is_anothers(hits: Sequence[Hit], another: frozenset[Form]) -> bool:
    """Whether all that leads to the person is something that whoever else is named here uses too."""
    if not another or any(hit.identifier.form in (Form.NAME, Form.WORD) for hit in hits):
        return False
    if Form.NAME in another:
        return any(_is_own(hit) for hit in hits)
    return all(hit.identifier.form in (Form.PHONE, Form.POSTAL) for hit in hits)


def _is_own(hit: Hit) -> bool:
    """It stands as a value of its own, where the record says whom it is about."""
    if not hit.is_whole or hit.identifier.form is Form.NAME:
        return False
    return not any(ACTED.search(name.lower()) for name in (hit.column, hit.key))
