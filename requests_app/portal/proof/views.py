"""The doors to showing who one is: choose a way, give a proof, sign in at the company, take it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.identity import oidc
from requests_app.identity.base import Given, Method, methods
from requests_app.identity.follow_up import ask_instead
from requests_app.identity.give import give_proof, take_back_proof
from requests_app.identity.sign_in import accept_sign_in
from requests_app.identity.time_left import lapses_on
from requests_app.identity.ways import asked_of, waits_for_more, way
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.proof import story
from requests_app.portal.views import for_opened_request

BEGUN_KEY = "portal_sign_in"


@for_portal_session
@require_safe
@for_opened_request
def choose(request: HttpRequest, subject_request: SubjectRequest, _now: datetime) -> HttpResponse:
    """What is needed, why, and the ways to choose from."""
    if not waits_for_more(subject_request):
        return redirect("portal:status")
    return _choose_page(request, subject_request)


@for_portal_session
@require_http_methods(["GET", "HEAD", "POST"])
@for_opened_request
def give(request: HttpRequest, subject_request: SubjectRequest, now: datetime, key: str) -> HttpResponse:
    """One way: its form, and what happens with what is given."""
    if not waits_for_more(subject_request):
        return redirect("portal:status")
    try:
        method = way(subject_request, key).method
    except DomainError as refused:
        return _choose_page(request, subject_request, refused)
    if method.given is Given.ELSEWHERE:
        return render(request, "portal/proof/sign_in.html", {"method": method})
    asked = asked_of(subject_request, method)
    if request.method != "POST":
        form = method.person_form(subject_request, asked)
        return _give_page(request, subject_request, method, form)
    form = method.person_form(subject_request, asked, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _give_page(request, subject_request, method, form, status=422)
    try:
        material = method.material(form)
        give_proof(
            subject_request_id=subject_request.pk, key=key, material=material, by=_by(subject_request), at=now
        )
    except DomainError as refused:
        form.add_error("file" if "file" in form.fields else None, refused.sentence)
        return _give_page(request, subject_request, method, form, status=refused.status)
    messages.success(request, _("Thank you. We look at it, and write to you."))
    return redirect("portal:status")


@for_portal_session
@require_POST
@for_opened_request
def take_back(
    request: HttpRequest, subject_request: SubjectRequest, now: datetime, verification_id: UUID
) -> HttpResponse:
    """The person takes a proof back; what they gave is deleted at once."""
    try:
        take_back_proof(
            subject_request_id=subject_request.pk,
            verification_id=verification_id,
            by=_by(subject_request),
            at=now,
        )
    except DomainError as refused:
        return _choose_page(request, subject_request, refused)
    return redirect("portal:proof")


@for_portal_session
@require_POST
@for_opened_request
def sign_in(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Go to the company's sign-in, by a page: the policy of our pages lets no form lead to another site."""
    try:
        way(subject_request, "signed_in_account")
        address, begun = oidc.begin(reference=subject_request.reference, redirect_uri=_back(), at=now)
    except DomainError as refused:
        return _choose_page(request, subject_request, refused)
    request.session[BEGUN_KEY] = begun.kept()
    return render(request, "portal/proof/going.html", {"address": address})


@for_portal_session
@require_safe
@for_opened_request
def signed_in(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Back from the sign-in. The state in the address is good once, in this session, for this request."""
    kept = request.session.pop(BEGUN_KEY, None)
    if not waits_for_more(subject_request):
        return redirect("portal:status")
    try:
        begun = _begun(kept, subject_request)
        address = oidc.verified_address(request.GET.dict(), begun=begun, redirect_uri=_back(), at=now)
        accept_sign_in(
            subject_request_id=subject_request.pk, address=address, by=_by(subject_request), at=now
        )
    except DomainError as refused:
        return _choose_page(request, subject_request, refused)
    return redirect("portal:status")


@for_portal_session
@require_POST
@for_opened_request
def instead(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Ask for what needs no proof, in place of a request that lapsed."""
    try:
        opened = ask_instead(subject_request_id=subject_request.pk, by=_by(subject_request), at=now)
    except DomainError:
        return redirect("portal:status")
    said = _("Done: your request %(reference)s is on its way, and needs no proof.")
    messages.success(request, said % {"reference": opened.reference})
    return redirect("portal:status")


def _choose_page(
    request: HttpRequest, subject_request: SubjectRequest, refused: DomainError | None = None
) -> HttpResponse:
    labels = {each.key: each.label for each in methods()}
    context = {
        "subject_request": subject_request,
        "whys": story.whys(subject_request),
        "choices": story.choices(subject_request),
        "given": story.given(subject_request, labels),
        "lapses_on": lapses_on(subject_request),
        "refused": refused,
    }
    return render(request, "portal/proof/choose.html", context, status=refused.status if refused else 200)


def _give_page(
    request: HttpRequest,
    subject_request: SubjectRequest,
    method: Method,
    form: forms.Form,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"subject_request": subject_request, "method": method, "form": form}
    return render(request, "portal/proof/give.html", context, status=status)


def _begun(kept: Any, subject_request: SubjectRequest) -> oidc.Begun:
    """What this session began, for the request that it has open. Raises SignInRefused."""
    if not isinstance(kept, dict) or kept.get("reference") != subject_request.reference:
        raise oidc.SignInRefused
    return oidc.Begun(**kept)


def _back() -> str:
    return str(settings.PUBLIC_URL + reverse("portal:signed-in"))


def _by(subject_request: SubjectRequest) -> Actor:
    return Actor.subject(subject_request.reference)
