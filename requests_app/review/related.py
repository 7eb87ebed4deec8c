"""The other requests that a case worker should know of: a panel, and a word where one may be asked for twice."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.related import possible_duplicates, related_to
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.review.next_step import url_of


@dataclass(frozen=True)
class RelatedRow:
    """One line of the panel."""

    reference: str
    url: str
    right: str | Promise
    state: str
    relation: str | Promise


def related_rows(subject_request: SubjectRequest) -> list[RelatedRow]:
    """Return the lines of the panel, the nearest relation first."""
    return [
        RelatedRow(
            each.subject_request.reference,
            reverse("review:case", args=[each.subject_request.reference]),
            right(each.subject_request.right).short_label,
            str(each.subject_request.get_state_display()),
            each.relation.label,
        )
        for each in related_to(subject_request)
    ]


@dataclass(frozen=True)
class DuplicateHint:
    """The word that a request may be asked for twice; `join_url` is empty for whoever may not join them now."""

    lead: str
    text: str
    join_url: str


def duplicate_hint(subject_request: SubjectRequest, member: StaffMember) -> DuplicateHint | None:
    """Return the hint, or None. A duplicate is never joined by itself, and hinders nothing."""
    others = possible_duplicates(subject_request)
    if not others:
        return None
    named = ", ".join(other.reference for other in others)
    by = Actor.staff(member)
    may_join = any(
        each.move is Move.JOIN and each.allowed for each in moves_available_to(subject_request, by)
    )
    return DuplicateHint(
        _("Possible duplicate of %(references)s.") % {"references": named},
        _("The same address asks for the same there. Look at both before you decide."),
        url_of(Move.JOIN, subject_request) if may_join else "",
    )
