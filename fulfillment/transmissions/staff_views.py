"""The doors for staff: what waits for them, the services of a case, and one of them with its facts and its decision."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.bundles.download import open_bundle_of
from fulfillment.transmissions.decide import (
    approve_service,
    look_at_host,
    note_seen,
    refuse_service,
    send_again,
    why_not_approved,
)
from fulfillment.transmissions.forms import RefuseForm
from fulfillment.transmissions.models import Transmission
from fulfillment.transmissions.package import sent_bytes, sent_parts
from fulfillment.transmissions.selectors import for_a_person, transmissions_of, waits_for_a_person
from fulfillment.transmissions.states import TROUBLED, TransmissionState
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show every transmission that waits for a person."""
    return render(request, "transmissions/waiting.html", {"listed": for_a_person()})


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_safe
def of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the services that were named for a case."""
    subject_request = case_or_404(reference)
    listed = transmissions_of(subject_request)
    context = case_context(request, subject_request, tab="transmissions", listed=listed)
    return render(request, "transmissions/of_case.html", context)


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, transmission_id: UUID) -> HttpResponse:
    """Show one with all that is known of it; what is sent here is a refusal with its reason."""
    found = _found_or_404(transmission_id)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: refuse_service(
            transmission_id=found.pk, reason=form.cleaned_data["reason"], by=by, at=timezone.now()
        ),
        _("Refused. The person is told by mail."),
    )
    if status is None:
        return redirect("sending:one", found.pk)
    return render(request, "transmissions/one.html", _context(request, found, form), status=status)


@for_staff_who_may(Permission.RELEASE)
@require_POST
def look(request: HttpRequest, transmission_id: UUID) -> HttpResponse:
    """Look at the certificate of the host."""
    return _act(request, transmission_id, look_at_host, _("The certificate was looked at."))


@for_staff_who_may(Permission.RELEASE)
@require_POST
def approve(request: HttpRequest, transmission_id: UUID) -> HttpResponse:
    """Let the copy go there."""
    return _act(request, transmission_id, approve_service, _("Approved. It is being sent."))


@for_staff_who_may(Permission.RELEASE)
@require_POST
def again(request: HttpRequest, transmission_id: UUID) -> HttpResponse:
    """Have it sent once more."""
    return _act(request, transmission_id, send_again, _("It is offered and sent once more."))


@for_staff_who_may(Permission.SEE_FINDINGS)
@require_POST
def seen(request: HttpRequest, transmission_id: UUID) -> HttpResponse:
    """Leave it at how it ended."""
    return _act(request, transmission_id, note_seen, _("Written down."))


def _act(request: HttpRequest, transmission_id: UUID, act: Callable[..., object], done: str) -> HttpResponse:
    found = _found_or_404(transmission_id)
    by = Actor.staff(staff_member(request))
    tell(request, lambda: act(transmission_id=found.pk, by=by, at=timezone.now()), done)
    return redirect("sending:one", found.pk)


def _context(request: HttpRequest, found: Transmission, form: RefuseForm) -> dict[str, Any]:
    now, member = timezone.now(), staff_member(request)
    by, subject_request = Actor.staff(member), case_or_404(found.subject_request.reference)
    found.subject_request = subject_request
    sending = getattr(found, "sending", None)
    bundle = sending.bundle if sending else open_bundle_of(subject_request, at=now)
    is_asked = found.state == TransmissionState.ASKED
    return case_context(
        request,
        subject_request,
        tab="transmissions",
        found=found,
        endpoint=found.endpoint if found.endpoint_sealed else None,
        sending=sending,
        form=form,
        is_asked=is_asked,
        is_troubled=found.state in TROUBLED,
        waits=waits_for_a_person(found),
        may_decide=member.may(Permission.RELEASE),
        cannot=why_not_approved(found, by, at=now) if is_asked else None,
        bundle=bundle,
        files=sent_parts(bundle) if bundle else [],
        bytes=sent_bytes(bundle) if bundle else 0,
    )


def _found_or_404(transmission_id: UUID) -> Transmission:
    rows = Transmission.objects.select_related("subject_request", "sending__bundle", "decided_by", "seen_by")
    found = rows.filter(pk=transmission_id).first()
    if found is None:
        raise Http404("There is no such transmission.")
    return found
