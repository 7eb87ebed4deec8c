"""The person's pages: name a service, read what goes where, confirm with a fresh code, take it back, see the proof."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from fulfillment.bundles.download import open_bundle_of
from fulfillment.transmissions.ask import confirm_service, name_service, transmission_of, withdraw_service
from fulfillment.transmissions.errors import NoSuchTransmission
from fulfillment.transmissions.forms import ServiceForm
from fulfillment.transmissions.models import Transmission
from fulfillment.transmissions.offered import is_about_moving, why_not_offered
from fulfillment.transmissions.package import sent_bytes, sent_parts
from fulfillment.transmissions.selectors import transmissions_of
from fulfillment.transmissions.states import TransmissionState
from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.components.masking import masked_address
from requests_app.errors import DomainError
from requests_app.identity.codes import issue_code
from requests_app.identity.models import Purpose
from requests_app.lifecycle.models import SubjectRequest
from requests_app.policy.company import COMPANY
from requests_app.portal.forms import CodeForm
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def services(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Show what was named, and take down another one."""
    if not is_about_moving(subject_request):
        return redirect("portal:status")
    form = ServiceForm(request.POST if request.method == "POST" else None)
    status, by = 422, Actor.subject(subject_request.reference)
    if request.method == "POST" and form.is_valid():
        try:
            found = name_service(subject_request_id=subject_request.pk, by=by, at=now, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("address", refusal.sentence)
            status = refusal.status
        else:
            issue_code(subject_request=subject_request, purpose=Purpose.TRANSMISSION, by=by, at=now)
            return redirect("transmissions:service", found.pk)
    context = {
        "subject_request": subject_request,
        "form": form,
        "listed": transmissions_of(subject_request),
        "not_offered": why_not_offered(subject_request, at=now),
        "is_released": open_bundle_of(subject_request, at=now) is not None,
    }
    return render(request, "transmissions/services.html", context, status=status if form.errors else 200)


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def service(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, transmission_id: UUID
) -> HttpResponse:
    """Show one service, what goes there and how it stands; the code confirms it."""
    found = _found_or_404(subject_request, transmission_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422
    if request.method == "POST" and form.is_valid():
        by, code = Actor.subject(subject_request.reference), form.cleaned_data["code"]
        try:
            confirm_service(transmission=found, code=code, by=by, at=now)
        except DomainError as refusal:
            form.add_error("code", refusal.sentence)
            status = refusal.status
        else:
            return redirect("transmissions:service", found.pk)
    return _show(request, found, form, status if form.errors else 200, now)


@for_portal_session
@require_POST
@for_opened_request
def send_code(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, transmission_id: UUID
) -> HttpResponse:
    """Mail another code for what was named."""
    found = _found_or_404(subject_request, transmission_id)
    if found.state == TransmissionState.NAMED:
        by = Actor.subject(subject_request.reference)
        issue_code(subject_request=subject_request, purpose=Purpose.TRANSMISSION, by=by, at=now)
    return redirect("transmissions:service", found.pk)


@for_portal_session
@require_POST
@for_opened_request
def withdraw(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, transmission_id: UUID
) -> HttpResponse:
    """Take it back, while that is possible."""
    found = _found_or_404(subject_request, transmission_id)
    try:
        withdraw_service(transmission=found, by=Actor.subject(subject_request.reference), at=now)
    except DomainError as refusal:
        form = CodeForm(None)
        return _show(request, found, form, refusal.status, now, refusal=refusal.sentence)
    return redirect("transmissions:service", found.pk)


def _show(
    request: HttpRequest,
    found: Transmission,
    form: CodeForm,
    status: int,
    now: datetime,
    *,
    refusal: str = "",
) -> HttpResponse:
    subject_request = found.subject_request
    sending = getattr(found, "sending", None)
    bundle = sending.bundle if sending else open_bundle_of(subject_request, at=now)
    context = {
        "subject_request": subject_request,
        "found": found,
        "endpoint": found.endpoint if found.endpoint_sealed else None,
        "sending": sending,
        "form": form,
        "refusal": refusal,
        "address": masked_address(subject_request.contact_address),
        "must_confirm": found.state == TransmissionState.NAMED,
        "is_received": found.state == TransmissionState.RECEIVED,
        "parts": sent_parts(bundle) if bundle else [],
        "bytes": sent_bytes(bundle) if bundle else 0,
        "may_have_left": bool(sending and sending.begun_at and not sending.sent_at) and not found.is_open,
        "may_download": open_bundle_of(subject_request, at=now) is not None,
        "company": COMPANY,
    }
    return render(request, "transmissions/service.html", context, status=status)


def _found_or_404(subject_request: SubjectRequest, transmission_id: UUID) -> Transmission:
    try:
        return transmission_of(subject_request.pk, transmission_id)
    except NoSuchTransmission as refusal:
        raise Http404(refusal.sentence) from refusal
