"""The doors of what a person is known by: the list, one more, and a person's word on each."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.identities.add import enter_identity
from fulfillment.identities.decide import OPEN_IN
from fulfillment.identities.models import KnownIdentity
from fulfillment.identities.selectors import identities_of
from fulfillment.runs.known_by.forms import AcceptForm, AddForm, RefuseForm
from fulfillment.runs.known_by.shown import identity_rows, reaches
from fulfillment.runs.rounds import accept_and_search, refuse_and_search, search_is_of_all_that_is_known
from fulfillment.sources.selectors import searchable_sources
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.record import record
from requests_app.lifecycle.attempt import Attempt
from requests_app.lifecycle.models import SubjectRequest
from requests_app.review.case import case_context, case_or_404
from requests_app.review.reveal import is_revealed
from requests_app.review.tell import submit
from requests_app.roles import Permission

METHODS = ["GET", "HEAD", "POST"]


@for_staff_who_may(Permission.SEE_CASES)
@require_safe
def known_by(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what the person is known by, and which source that reaches."""
    return render(request, "known_by/list.html", _list(request, case_or_404(reference), AddForm()))


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Put one more on the list; nothing is asked by it yet."""
    subject_request, form = case_or_404(reference), AddForm(request.POST)
    key, by = subject_request.pk, Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: enter_identity(subject_request_id=key, by=by, at=timezone.now(), **form.cleaned_data),
        _("It is on the list. Accept it once you know that it is theirs."),
    )
    if status is None:
        return redirect("known_by:list", reference)
    return render(request, "known_by/list.html", _list(request, subject_request, form), status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(METHODS)
def accept(request: HttpRequest, reference: str, identity_id: UUID) -> HttpResponse:
    """Take a person's word that an identity is theirs."""
    row = _identity_or_404(reference, identity_id)
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"evidence": row.evidence})
    done = _("Accepted. Sources are asked by it from now on.")
    return _decide(request, row, form, accept_and_search, done, is_acceptance=True)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(METHODS)
def refuse(request: HttpRequest, reference: str, identity_id: UUID) -> HttpResponse:
    """Take a person's word that an identity is not to be used."""
    row = _identity_or_404(reference, identity_id)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    done = _("Refused. No source is asked by it.")
    return _decide(request, row, form, refuse_and_search, done, is_acceptance=False)


def _list(request: HttpRequest, subject_request: SubjectRequest, form: AddForm) -> dict[str, object]:
    member, now = staff_member(request), timezone.now()
    identities, sources = identities_of(subject_request), searchable_sources()
    is_open = member.may(Permission.WORK_CASES) and subject_request.state in OPEN_IN
    openly = is_revealed(subject_request, session=request.session, at=now)
    if openly and identities and request.method == "GET":
        facts = {"count": len(identities)}
        record(event="identity.shown", target=subject_request, by=Actor.staff(member), at=now, facts=facts)
    return case_context(
        request,
        subject_request,
        tab="known_by",
        known=identity_rows(identities, sources, is_open=is_open, openly=openly),
        reached=reaches(identities, sources),
        form=form if is_open else None,
        stale=search_is_of_all_that_is_known(Attempt(subject_request, Actor.staff(member))),
    )


def _decide(
    request: HttpRequest,
    row: KnownIdentity,
    form: AcceptForm | RefuseForm,
    act: Callable[..., object],
    done: str,
    *,
    is_acceptance: bool,
) -> HttpResponse:
    """Show one identity with the form, and take the word on it that was sent."""
    by, key = Actor.staff(staff_member(request)), row.pk
    status = submit(
        request,
        form,
        lambda: act(identity_id=key, by=by, at=timezone.now(), **form.cleaned_data),
        done,
    )
    if status is None:
        return redirect("known_by:list", row.subject_request.reference)
    subject_request = row.subject_request
    openly = is_revealed(subject_request, session=request.session, at=timezone.now())
    shown = identity_rows([row], searchable_sources(), is_open=True, openly=openly)[0]
    context = case_context(
        request, subject_request, tab="known_by", shown=shown, form=form, is_acceptance=is_acceptance
    )
    return render(request, "known_by/decide.html", context, status=status)


def _identity_or_404(reference: str, identity_id: UUID) -> KnownIdentity:
    subject_request = case_or_404(reference)
    for row in identities_of(subject_request):
        if row.pk == identity_id:
            row.subject_request = subject_request
            return row
    raise Http404("This is not on the list of the request.")
