"""What every staff page knows: the rail of the person who is signed in."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from requests_app.accounts.models import StaffMember
from requests_app.review.navigation import links_for


@dataclass(frozen=True)
class RailEntry:
    """One link as the template draws it; `head` is set where a new section begins."""

    label: str
    icon: str
    url: str
    is_current: bool
    count: int | None
    head: str


def desk(request: HttpRequest) -> dict[str, object]:
    """Template context for staff pages: `rail`, worked out only when a page draws it."""
    user = getattr(request, "user", None)
    if not isinstance(user, StaffMember):
        return {}
    return {"rail": SimpleLazyObject(lambda: _entries(request.path, user))}


def _entries(path: str, member: StaffMember) -> list[RailEntry]:
    entries = []
    section = ""
    for link in links_for(member):
        count = link.count(member) if link.count else None
        if link.only_while_open and not count:
            continue
        url = reverse(link.url_name)
        head = str(link.section) if str(link.section) != section else ""
        section = str(link.section)
        # A case belongs to the queue: the reader has not gone anywhere else.
        is_current = path.startswith(url) or (link.key == "queue" and path.startswith("/staff/requests/"))
        entries.append(RailEntry(str(link.label), link.icon, url, is_current, count, head))
    return entries
