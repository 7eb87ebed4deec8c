"""The requests that belong beside one: what came with it, what points to it, what the same address asked for."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from requests_app.lifecycle.known_rights import as_machine
from requests_app.lifecycle.models import Link, SubjectRequest
from requests_app.lifecycle.states import CLOSED

AT_MOST = 20


class Relation(models.TextChoices):
    """How another request stands to this one; the nearest first."""

    APPEALED = "appealed", _("This is an appeal against it")
    APPEAL = "appeal", _("An appeal against this request")
    FOLLOWS = "follows", _("This follows from it")
    FOLLOWED = "followed", _("Follows from this request")
    ANSWERED_WITH = "answered_with", _("This is answered with it")
    ANSWERS = "answers", _("Is answered with this request")
    TOGETHER = "together", _("Came together with this request")
    MAYBE_THE_SAME = "maybe_the_same", _("Perhaps the same request")
    SAME_ADDRESS = "same_address", _("Same address")


POINTS_TO = {
    Link.APPEAL: Relation.APPEALED,
    Link.FOLLOW_UP: Relation.FOLLOWS,
    Link.DUPLICATE: Relation.ANSWERED_WITH,
}
POINTS_HERE = {
    Link.APPEAL: Relation.APPEAL,
    Link.FOLLOW_UP: Relation.FOLLOWED,
    Link.DUPLICATE: Relation.ANSWERS,
}


@dataclass(frozen=True)
class Related:
    """Another request, and how it stands to this one."""

    subject_request: SubjectRequest
    relation: Relation


def related_to(subject_request: SubjectRequest) -> list[Related]:
    """Return the requests beside this one, the nearest relation first, then the newest."""
    found = SubjectRequest.objects.exclude(purged_at__isnull=False).filter(
        Q(subject_email_index__in=subject_request.address_indexes)
        | Q(submission_id=subject_request.submission_id)
        | Q(pk=subject_request.linked_to_id)
        | Q(linked_to_id=subject_request.pk)
    )
    others = found.exclude(pk=subject_request.pk).order_by("-received_at", "reference")[:AT_MOST]
    related = [Related(as_machine(other), _relation(subject_request, other)) for other in others]
    nearest = list(Relation)
    return sorted(related, key=lambda each: nearest.index(each.relation))


def possible_duplicates(subject_request: SubjectRequest) -> list[SubjectRequest]:
    """Return other open requests of the same address for the same right, oldest first; nothing is joined by itself."""
    if subject_request.state in CLOSED:
        return []
    found = SubjectRequest.objects.filter(
        subject_email_index__in=subject_request.address_indexes, right=subject_request.right
    ).exclude(state__in=CLOSED)
    # An objection to marketing and one to something else, told apart at the door, are not the same.
    others = found.exclude(submission_id=subject_request.submission_id)
    return list(others.order_by("received_at", "reference")[:AT_MOST])


def _relation(this: SubjectRequest, other: SubjectRequest) -> Relation:
    if this.linked_to_id == other.pk:
        return POINTS_TO[Link(this.link)]
    if other.linked_to_id == this.pk:
        return POINTS_HERE[Link(other.link)]
    if other.submission_id == this.submission_id:
        return Relation.TOGETHER
    same_right = other.right == this.right
    if same_right and other.state not in CLOSED and this.state not in CLOSED:
        return Relation.MAYBE_THE_SAME
    return Relation.SAME_ADDRESS
