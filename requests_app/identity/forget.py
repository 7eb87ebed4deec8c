"""Evidence goes: at the decision where its method says so, when its request closes, and at latest on its day."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.correspondence.links import portal_link
from requests_app.correspondence.notices import Notice
from requests_app.correspondence.write import write_message
from requests_app.encryption.doomed import doom
from requests_app.identity.models import Evidence, ProofState, Verification
from requests_app.identity.time_left import lapses_on
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState

SYSTEM = Actor.system("identity")
UNDECIDED = (ProofState.ASKED, ProofState.GIVEN)


def forget_evidence(verification: Verification, *, at: datetime, by: Actor = SYSTEM) -> int:
    """Delete what was given for one proof. Returns how many pieces went."""
    found = list(verification.evidence.select_for_update().filter(deleted_at=None))
    for each in found:
        _delete(each, at=at)
    if found:
        facts = {"method": verification.method}
        record(event="evidence.deleted", target=verification.subject_request, by=by, at=at, facts=facts)
    return len(found)


def forget_due_evidence(*, at: datetime) -> int:
    """Delete all evidence whose day has come. Returns how many proofs were concerned; safe to run twice."""
    count = 0
    for key in due_evidence(at=at).values_list("verification_id", flat=True).distinct():
        with transaction.atomic():
            verification = Verification.objects.select_for_update().get(pk=key)
            if verification.state == ProofState.GIVEN:
                _end_unseen(verification, at=at)
            count += bool(forget_evidence(verification, at=at))
    return count


def due_evidence(*, at: datetime) -> QuerySet[Evidence]:
    """All evidence whose day has come."""
    return Evidence.objects.filter(deleted_at=None, delete_on__lte=at.date())


def close_proofs(subject_request: SubjectRequest, *, at: datetime) -> None:
    """Nothing is proven any more for a request that is closed: open proofs end, all evidence goes."""
    for verification in subject_request.verifications.select_for_update():
        if verification.state in UNDECIDED:
            verification.state = ProofState.WITHDRAWN
            verification.save(update_fields=["state"])
        forget_evidence(verification, at=at)


def _end_unseen(verification: Verification, *, at: datetime) -> None:
    """Nobody looked in time: the person is told that it was our delay, and can give it again."""
    verification.state, verification.decided_at = ProofState.WITHDRAWN, at
    verification.save(update_fields=["state", "decided_at"])
    subject_request = verification.subject_request
    if subject_request.state != RequestState.AWAITING_IDENTITY:
        return
    with translation.override(subject_request.language):
        why = _(
            "Nobody looked at it in time, and we delete what you gave us after some days. That was our delay: please "
            "give it once more."
        )
    context = {"portal_url": portal_link(), "lapses_on": lapses_on(subject_request), "why": why}
    write_message(Notice.PROOF_REJECTED, subject_request=subject_request, at=at, context=context)


def _delete(evidence: Evidence, *, at: datetime) -> None:
    """Without its wrapped key the file is unreadable from this moment; the file itself goes once that is certain."""
    name = evidence.store_name
    evidence.answers, evidence.store_name, evidence.wrapped_key = {}, "", b""
    evidence.media_type, evidence.size, evidence.deleted_at = "", 0, at
    evidence.save()
    doom([name])
