"""The doors to who asks: the tab, one proof and its evidence, what the staff say about it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.identity.base import method
from requests_app.identity.decide import (
    accept_verification,
    file_chunks,
    look_at_evidence,
    reject_verification,
)
from requests_app.identity.models import Evidence, Verification
from requests_app.identity.uploads import PDF
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.case import case_context, case_or_404
from requests_app.review.history import happenings
from requests_app.review.proof import shown
from requests_app.review.proof.forms import PointsForm, RejectForm, ShownForm
from requests_app.review.proof.seen import is_shown, show_evidence
from requests_app.roles import Permission

TOLD = ("code.", "proof.", "evidence.", "request.identity", "request.proof", "request.more_proof")
ALSO_TOLD = ("request.marked", "request.lessened", "request.lapsed")


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def identity(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how sure we are who asks, what the table wants, and every proof."""
    subject_request = case_or_404(reference)
    acts = shown.acts_on(subject_request, staff_member(request))
    context = case_context(
        request,
        subject_request,
        tab="identity",
        demand=shown.demand_of(subject_request),
        proofs=shown.proof_lines(subject_request),
        acts=acts,
        effect=shown.sensitive_effect(subject_request),
        lapses_on=shown.lapse_day(subject_request),
        points_form=PointsForm() if acts.choose_points else None,
        shown_form=ShownForm(initial={"key": acts.note_paper}) if acts.note_paper else None,
        history=[line for line in happenings(subject_request) if line.event.startswith((*TOLD, *ALSO_TOLD))],
    )
    return render(request, "review/proof/identity.html", context)


@for_staff_who_may(Permission.WORK_CASES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, reference: str, verification_id: UUID) -> HttpResponse:
    """Compare what was given, and accept or reject it."""
    subject_request = case_or_404(reference)
    verification = _verification(subject_request, verification_id)
    sent = request.POST if request.method == "POST" else None
    if sent is None or not is_shown(verification.pk, session=request.session, at=timezone.now()):
        return _proof_page(request, subject_request, verification)
    by, now = Actor.staff(staff_member(request)), timezone.now()
    try:
        if "reject" in sent:
            form = RejectForm(sent)
            if not form.is_valid():
                return _proof_page(request, subject_request, verification, reject=form, status=422)
            reason = form.cleaned_data["reason"]
            reject_verification(
                subject_request_id=subject_request.pk,
                verification_id=verification.pk,
                reason=reason,
                by=by,
                at=now,
            )
            messages.success(request, _("Rejected; the person is told why."))
        else:
            accept_verification(
                subject_request_id=subject_request.pk,
                verification_id=verification.pk,
                marks=sent,
                by=by,
                at=now,
            )
            messages.success(request, _("Accepted."))
    except DomainError as refused:
        return _proof_page(request, subject_request, verification, refused=refused, status=refused.status)
    return redirect("review:identity", subject_request.reference)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def look(request: HttpRequest, reference: str, verification_id: UUID) -> HttpResponse:
    """Show what was given for ten minutes, and record it."""
    subject_request, now = case_or_404(reference), timezone.now()
    by = Actor.staff(staff_member(request))
    try:
        verification = look_at_evidence(
            subject_request_id=subject_request.pk, verification_id=verification_id, by=by, at=now
        )
    except DomainError as refused:
        messages.error(request, refused.sentence)
        return redirect("review:identity", subject_request.reference)
    show_evidence(verification.pk, session=request.session, at=now)
    return redirect("review:proof", subject_request.reference, verification.pk)


@for_staff_who_may(Permission.WORK_CASES)
@never_cache
@require_safe
def evidence_file(request: HttpRequest, reference: str, verification_id: UUID) -> HttpResponseBase:
    """Hand out the file that was given, to a session that asked for it; it can run nothing here."""
    verification = _verification(case_or_404(reference), verification_id)
    evidence = _kept(verification)
    shown_now = is_shown(verification.pk, session=request.session, at=timezone.now())
    if not shown_now or evidence is None or not evidence.store_name:
        raise Http404("There is no such file.")
    ending = evidence.media_type.partition("/")[2]
    answer = StreamingHttpResponse(file_chunks(evidence), content_type=evidence.media_type)
    # Said here: a FileResponse says it only of a file, and this is a stream.
    how = "attachment" if evidence.media_type == PDF else "inline"
    answer["Content-Disposition"] = f'{how}; filename="proof.{ending}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _verification(subject_request: SubjectRequest, verification_id: UUID) -> Verification:
    found: Verification | None = subject_request.verifications.filter(pk=verification_id).first()
    if found is None:
        raise Http404("There is no such proof in this request.")
    return found


def _kept(verification: Verification) -> Evidence | None:
    found: Evidence | None = verification.evidence.filter(deleted_at=None).last()
    return found


def _proof_page(
    request: HttpRequest,
    subject_request: SubjectRequest,
    verification: Verification,
    *,
    reject: RejectForm | None = None,
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = _kept(verification)
    can_see = kept is not None and is_shown(verification.pk, session=request.session, at=timezone.now())
    way = method(verification.method)
    answers = kept.answers if kept is not None and can_see else {}
    marks = request.POST if refused is not None and "reject" not in request.POST else None
    line = next(each for each in shown.proof_lines(subject_request) if each.id == str(verification.pk))
    context = case_context(
        request,
        subject_request,
        tab="identity",
        proof=line,
        verification=verification,
        evidence=kept,
        can_see=can_see,
        is_picture=kept is not None and kept.media_type.startswith("image/"),
        answers=shown.answers_in_words(verification, answers) if can_see else [],
        form=way.staff_form(answers, data=marks) if can_see and line.is_open else None,
        reject=reject or RejectForm(),
        refused=refused,
    )
    return render(request, "review/proof/proof.html", context, status=status)
