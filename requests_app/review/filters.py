"""What a view of the queue shows, as it stands in the address: no name or mail address is part of it."""

import re
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from requests_app.accounts.models import StaffMember
from requests_app.encryption.blind_index import INDEX_LENGTH, blind_indexes
from requests_app.lifecycle.errors import UnknownReference
from requests_app.lifecycle.known_rights import RIGHTS
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.references import read_reference
from requests_app.lifecycle.states import RequestState

ME, NOBODY = "me", "nobody"
# While keys are rotated, an address has an index by each of them.
_INDEXES = re.compile(rf"[0-9a-f]{{{INDEX_LENGTH}}}(?:\.[0-9a-f]{{{INDEX_LENGTH}}}){{0,3}}")
_LONGEST = 4 * (INDEX_LENGTH + 1)


@dataclass(frozen=True)
class QueueFilter:
    """The choices of the filter bar; an empty value leaves everything in.

    `person` is the blind index of a mail address: the address itself would stay in histories and logs.
    """

    reference: str = ""
    person: str = ""
    right: str = ""
    state: str = ""
    regime: str = ""
    assignee: str = ""

    @property
    def is_active(self) -> bool:
        """Say whether anything is left out."""
        return any(asdict(self).values())

    def as_query(self, **more: str) -> str:
        """Return the choices as the query part of an address."""
        return urlencode({name: value for name, value in {**more, **asdict(self)}.items() if value})

    def without(self, name: str) -> "QueueFilter":
        """Return the same choices but for one."""
        return replace(self, **{name: ""})


def read_filter(query: QueryDict) -> QueueFilter:
    """Read the choices from an address; what makes no sense counts as not chosen."""
    given = {field.name: query.get(field.name, "")[:_LONGEST].strip() for field in fields(QueueFilter)}
    known = {"right": set(RIGHTS), "state": set(RequestState.values)}
    for name, values in known.items():
        given[name] = given[name] if given[name] in values else ""
    given["person"] = given["person"] if _INDEXES.fullmatch(given["person"]) else ""
    return QueueFilter(**given)


def understood(words: str) -> dict[str, str]:
    """Turn what was typed in the search box into the choice it means; empty for nothing."""
    words = words.strip()
    if not words:
        return {}
    if "@" in words:
        return {"person": ".".join(blind_indexes("email", words))}
    try:
        return {"reference": read_reference(words)}
    except UnknownReference:
        # Shown back in the page: only what could be part of a reference is kept.
        return {"reference": re.sub(r"[^0-9A-Za-z-]", "", words)[:12].upper() or "?"}


def filtered(
    requests: QuerySet[SubjectRequest], chosen: QueueFilter, member: StaffMember
) -> QuerySet[SubjectRequest]:
    """Narrow a queue down to what was chosen."""
    narrowed = {
        "reference": Q(reference=chosen.reference),
        "person": Q(subject_email_index__in=chosen.person.split(".")),
        "right": Q(right=chosen.right),
        "state": Q(state=chosen.state),
        "regime": Q(regime=chosen.regime),
        "assignee": _assigned_to(chosen.assignee, member),
    }
    for name, value in asdict(chosen).items():
        if value:
            requests = requests.filter(narrowed[name])
    return requests


def _assigned_to(assignee: str, member: StaffMember) -> Q:
    if assignee == ME:
        return Q(assignee=member)
    return Q(assignee=None)


def words_for(chosen: QueueFilter, regimes: dict[str, str]) -> list[tuple[str, str]]:
    """Return each active choice as its name and the words of its chip."""
    words = {
        "reference": _("Reference %(reference)s") % {"reference": chosen.reference},
        "person": _("One mail address"),
        "right": str(RIGHTS[chosen.right].short_label) if chosen.right else "",
        "state": str(RequestState(chosen.state).label) if chosen.state else "",
        "regime": regimes.get(chosen.regime, chosen.regime),
        "assignee": _("Assigned to me") if chosen.assignee == ME else _("Assigned to no one"),
    }
    return [(name, words[name]) for name, value in asdict(chosen).items() if value]
