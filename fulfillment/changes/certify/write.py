"""Write a certificate: once when a change is carried out, and anew when staff ask for it with what came since."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from fulfillment.changes.certificate import Certificate, certificate_of
from fulfillment.changes.certify.carried_out import made_for
from fulfillment.changes.certify.deletion import deletion_facts
from fulfillment.changes.certify.kinds import Extent, key_of
from fulfillment.changes.certify.others import change_facts, is_whole
from fulfillment.changes.finish import KIND_OF
from fulfillment.changes.models import ChangeKind, ChangeState
from fulfillment.changes.read_backs.shown import told_looks
from requests_app.audit.actors import Actor
from requests_app.decisions.ending import ending_of
from requests_app.errors import DomainError, NotPermitted
from requests_app.letters.blocks import Block
from requests_app.letters.compose import said_in
from requests_app.letters.kinds import kind_of
from requests_app.letters.models import Letter
from requests_app.letters.wordings import words_in_use
from requests_app.letters.write import write_letter
from requests_app.lifecycle.clock import zone_of
from requests_app.lifecycle.known_rights import right
from requests_app.lifecycle.models import Outcome, SubjectRequest
from requests_app.lifecycle.perform import locked
from requests_app.lifecycle.rights.base import Operation
from requests_app.lifecycle.states import RequestState
from requests_app.policy.company import COMPANY
from requests_app.roles import Permission, permissions_of

_DONE = frozenset({RequestState.COMPLETED})
# A restriction is certified while it holds: once it is lifted there is nothing left to certify.
CERTIFIED = {
    ChangeKind.ERASE: _DONE,
    ChangeKind.CORRECT: _DONE,
    ChangeKind.SUPPRESS: _DONE,
    ChangeKind.RESTRICT: frozenset({RequestState.IN_FORCE, RequestState.LIFTING_ANNOUNCED}),
}
SYSTEM = Actor.system("certificates")


class NothingToCertify(DomainError):
    """Nothing was carried out for a request."""

    code = "nothing_to_certify"


def may_be_certified(subject_request: SubjectRequest) -> bool:
    """Whether there is something that a certificate can be about."""
    change = _change_of(subject_request)
    if change is None or subject_request.state not in CERTIFIED[change]:
        return False
    return any(
        task.state in (ChangeState.DONE, ChangeState.COULD_NOT) for task in made_for(subject_request, change)
    )


def certify_anew(*, subject_request_id: UUID, by: Actor, at: datetime) -> Letter:
    """Write a further certificate with what is known now. Raises NotPermitted, NothingToCertify."""
    if Permission.WORK_CASES not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow this.")
    with transaction.atomic():
        letter = write_certificate(subject_request=locked(subject_request_id), at=at, by=by)
    if letter is None:
        raise NothingToCertify("Nothing was carried out for this request, so there is nothing to certify.")
    return letter


def write_certificate(*, subject_request: SubjectRequest, at: datetime, by: Actor = SYSTEM) -> Letter | None:
    """Write the certificate of what was carried out, in the transaction of the step; None where nothing was."""
    change = _change_of(subject_request)
    if change is None or not may_be_certified(subject_request):
        return None
    with translation.override(subject_request.language), timezone.override(zone_of(subject_request)):
        extent, facts = _facts(subject_request, change)
        kind = kind_of(key_of(change, extent))
        context = {
            "reference": subject_request.reference,
            "company": COMPANY,
            "facts": facts,
            "ending": ending_of(subject_request),
        }
        wording = words_in_use(kind.key, subject_request.language)
        said = said_in(kind, context, wording=wording)
    return write_letter(kind.key, said, subject_request=subject_request, at=at, is_certificate=True, by=by)


def _change_of(subject_request: SubjectRequest) -> ChangeKind | None:
    """What a request changes in the sources; nothing where people only decide, and answer in words."""
    operation = right(subject_request.right).operation
    return None if operation is Operation.DECIDE else KIND_OF.get(operation)


def _facts(subject_request: SubjectRequest, change: ChangeKind) -> tuple[Extent, tuple[Block, ...]]:
    if right(subject_request.right).operation is Operation.ERASE:
        certificate = certificate_of(subject_request)
        if certificate is not None:
            facts = deletion_facts(certificate, told_looks(subject_request))
            return _extent_of_deletion(subject_request, certificate), facts
    tasks = made_for(subject_request, change)
    facts = change_facts(subject_request, tasks)
    if not any(task.state == ChangeState.DONE for task in tasks):
        return Extent.NOT_DONE, facts
    granted = subject_request.outcome in ("", Outcome.GRANTED)
    return Extent.FULL if granted and is_whole(subject_request, tasks) else Extent.PARTLY, facts


def _extent_of_deletion(subject_request: SubjectRequest, certificate: Certificate) -> Extent:
    """The result of the second search decides; where anything stays, the outcome alone is not believed."""
    if certificate.is_empty and subject_request.outcome == Outcome.NOT_CHANGED:
        return Extent.NOTHING
    if not (certificate.count or certificate.count_emptied or certificate.unseen or certificate.words):
        return Extent.NOT_DONE
    is_partial = certificate.kept or certificate.left or subject_request.outcome == Outcome.PARTLY
    return Extent.PARTLY if is_partial else Extent.FULL
