"""The person's other requests, beside the one that is open: all made for the address that the code went to."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from requests_app.encryption.blind_index import blind_index
from requests_app.errors import NotFound
from requests_app.intake.web.receipt import label_of
from requests_app.lifecycle.known_rights import headline_of
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.related import Relation, related_to

WORDS: dict[Relation, Promise] = {
    Relation.APPEALED: _("What you appealed against"),
    Relation.APPEAL: _("Your appeal against this"),
    Relation.FOLLOWS: _("What this follows from"),
    Relation.FOLLOWED: _("What follows from this"),
    Relation.ANSWERED_WITH: _("Answered together with this one"),
    Relation.ANSWERS: _("Answered together with this one"),
    Relation.TOGETHER: _("Asked for at the same time"),
    Relation.MAYBE_THE_SAME: _("Another one of yours"),
    Relation.SAME_ADDRESS: _("Another one of yours"),
}


class NotBeside(NotFound):
    """The request is not one of those that stand beside the open one."""

    code = "not_beside"

    def __init__(self) -> None:
        super().__init__(
            "This page opens only your own requests. For another one, enter its reference and a code."
        )


@dataclass(frozen=True)
class Beside:
    """Another request of the person, with where it stands."""

    reference: str
    label: str | Promise
    headline: str | Promise
    relation: str | Promise


def beside(subject_request: SubjectRequest) -> list[Beside]:
    """Return the person's other requests, the nearest first."""
    return [
        Beside(other.reference, label_of(other), headline_of(other), WORDS[relation])
        for other, relation in _same_address(subject_request)
    ]


def beside_by_reference(subject_request: SubjectRequest, reference: str) -> SubjectRequest:
    """Return one of them. Raises NotBeside, the same for requests of others and for none."""
    for other, _relation in _same_address(subject_request):
        if other.reference == reference:
            return other
    raise NotBeside


def _same_address(subject_request: SubjectRequest) -> list[tuple[SubjectRequest, Relation]]:
    # The code that opened this page went to one mailbox; it opens nothing of another. Whoever says that they look after
    # a child has codes sent to themselves, and is a stranger to what came from the child's own address.
    mailbox = _mailbox_of(subject_request)
    found = ((each.subject_request, each.relation) for each in related_to(subject_request))
    return [(other, relation) for other, relation in found if _mailbox_of(other) == mailbox]


def _mailbox_of(subject_request: SubjectRequest) -> str:
    return blind_index("email", subject_request.contact_address)
