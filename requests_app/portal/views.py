"""The pages of an opened request: where it stands, taking it back, downloading."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.components.masking import masked_address
from requests_app.decisions.note import may_write
from requests_app.decisions.parts import told_parts
from requests_app.decisions.renew import may_renew, renewed_as
from requests_app.errors import DomainError
from requests_app.identity.codes import check_code, issue_code
from requests_app.identity.follow_up import offered_instead, opened_instead
from requests_app.identity.models import Purpose
from requests_app.letters.selectors import letters_of
from requests_app.lifecycle.clock import day_of, zone_of
from requests_app.lifecycle.known_rights import headline_of, right
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.moves import Move
from requests_app.lifecycle.perform import perform
from requests_app.lifecycle.selectors import moves_available_to
from requests_app.lifecycle.states import RequestState
from requests_app.panels import Slot, panels_in
from requests_app.portal import story
from requests_app.portal.beside import NotBeside, beside, beside_by_reference
from requests_app.portal.forms import CodeForm, WithdrawForm
from requests_app.portal.opened import PortalClosed, opened_request
from requests_app.portal.proof.story import proof_headline
from requests_app.portal.sessions import downloads_open_until, open_portal, unlock_downloads
from requests_app.portal.story_words import withdrawing

# Takes Django's request, the one that is opened, the moment, and what the address names.
OpenedView = Callable[..., HttpResponse]


def for_opened_request(view: OpenedView) -> Callable[..., HttpResponse]:
    """Hand a view the request that this session has opened, in its law's time; when it has closed by itself, say so."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, **named: Any) -> HttpResponse:
        now = timezone.now()
        try:
            subject_request = opened_request(request, at=now)
        except PortalClosed as refusal:
            return render(request, "portal/closed.html", {"refusal": refusal}, status=refusal.status)
        with timezone.override(zone_of(subject_request)):
            return view(request, subject_request, now, **named)

    return opened


@for_portal_session
@require_safe
@for_opened_request
def status(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Where the request stands, by when it is answered and why, and what the person can do."""
    context = {
        "subject_request": subject_request,
        "right": right(subject_request.right),
        "headline": proof_headline(subject_request) or headline_of(subject_request),
        "track": story.track_of(subject_request),
        "date_story": story.date_of(subject_request, today=day_of(subject_request, now)),
        "turn": story.turn_of(subject_request),
        "tasks": story.tasks_of(subject_request),
        "history": story.history(subject_request),
        "letters": story.letters(subject_request),
        "papers": letters_of(subject_request),
        "ending": story.ending_story(subject_request),
        "regulator": story.authority_of(subject_request),
        "may_withdraw": _may_withdraw(subject_request),
        "offered": offered_instead(subject_request),
        "opened_instead": opened_instead(subject_request),
        "may_renew": may_renew(subject_request),
        "renewed_as": renewed_as(subject_request),
        "may_download": story.may_download(subject_request),
        "panels": panels_in(Slot.PORTAL_STATUS, request, subject_request),
        "beside": beside(subject_request),
        "decided": told_parts(subject_request),
        "notes": subject_request.person_notes.all(),
        "may_write": may_write(subject_request),
        "is_announced": subject_request.state == RequestState.LIFTING_ANNOUNCED,
    }
    return render(request, "portal/status.html", context)


@for_portal_session
@require_POST
@for_opened_request
def open_other(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Turn to another request of the same address; the code that opened this one proved that address."""
    try:
        other = beside_by_reference(subject_request, request.POST.get("reference", ""))
    except NotBeside as refusal:
        raise Http404 from refusal
    open_portal(request, reference=other.reference, at=now)
    return redirect("portal:status")


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def withdraw(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Take the request back, after a question."""
    if not _may_withdraw(subject_request):
        return redirect("portal:status")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        perform(
            subject_request_id=subject_request.pk,
            move=Move.WITHDRAW,
            by=Actor.subject(subject_request.reference),
            at=now,
            reason=form.cleaned_data["reason"],
        )
        return redirect("portal:status")
    context = {
        "form": form,
        "subject_request": subject_request,
        "consequence": withdrawing(subject_request.right),
    }
    return render(request, "portal/withdraw.html", context, status=422 if form.errors else 200)


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def download(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """The files, behind a fresh code."""
    if not story.may_download(subject_request):
        return redirect("portal:status")
    form = CodeForm(request.POST if request.method == "POST" else None)
    refused_with = 422
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            check_code(reference=subject_request.reference, code=code, purposes=(Purpose.DOWNLOAD,), at=now)
        except DomainError as refusal:
            form.add_error("code", refusal.sentence)
            refused_with = refusal.status
        else:
            unlock_downloads(request, at=now)
            return redirect("portal:download")
    until = downloads_open_until(request, at=now)
    if until is None:
        context = {"form": form, "address": masked_address(subject_request.contact_address)}
        return render(
            request, "portal/download_code.html", context, status=refused_with if form.errors else 200
        )
    panels = panels_in(Slot.PORTAL_DOWNLOAD, request, subject_request)
    context = {"subject_request": subject_request, "panels": panels, "open_until": until}
    return render(request, "portal/download.html", context)


@for_portal_session
@require_POST
@for_opened_request
def send_download_code(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Mail the code that opens the downloads."""
    if story.may_download(subject_request):
        by = Actor.subject(subject_request.reference)
        issue_code(subject_request=subject_request, purpose=Purpose.DOWNLOAD, by=by, at=now)
    return redirect("portal:download")


def _may_withdraw(subject_request: SubjectRequest) -> bool:
    by = Actor.subject(subject_request.reference)
    return any(
        each.move is Move.WITHDRAW and each.allowed for each in moves_available_to(subject_request, by)
    )
