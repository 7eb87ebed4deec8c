"""The doors of the retention page: what goes when, and holds that keep a record beyond its day."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.errors import DomainError
from requests_app.lifecycle.selectors import by_reference
from requests_app.lifecycle.standing_holds import Lasting, hold_family
from requests_app.retention.hold import hold_record
from requests_app.review.retention.forms import DayForm, HoldForm, LookForm
from requests_app.review.retention.shown import last_runs, shown_for, shown_hold, shown_holds
from requests_app.review.tell import submit, tell
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_AUDIT)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Show the kinds of kept things, what would go now or on a day that is asked for, and what is held."""
    form = DayForm(request.GET if "day" in request.GET else None)
    day = form.cleaned_data["day"] if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "shown": shown_for(day, now=timezone.now()),
        "is_ahead": day is not None,
        "runs": last_runs(),
        "holds": shown_holds(now=timezone.now()),
        "may_hold": staff_member(request).may(Permission.WORK_CASES),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "retention/retention.html", context, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Keep the record of a request beyond its day."""
    form, status = HoldForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                hold_record(
                    subject_request_id=by_reference(form.cleaned_data["reference"]).pk,
                    why=form.cleaned_data["why"],
                    lasting=_lasting(form),
                    by=Actor.staff(staff_member(request)),
                    at=timezone.now(),
                )
            except DomainError as refused:
                form.add_error(None, refused.sentence)
                status = refused.status
            else:
                messages.success(request, _("The record is kept while the hold stands."))
                return redirect("review:retention")
    return render(request, "retention/hold.html", {"form": form}, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def look_again(request: HttpRequest, family: str, hold_id: UUID) -> HttpResponse:
    """Look at a hold: why it stands, and how long it goes on standing."""
    now = timezone.now()
    shown = shown_hold(family, hold_id, now=now)
    if shown is None:
        raise Http404("There is no such hold any more.")
    lasting = shown.hold.lasting
    form = LookForm(request.POST if request.method == "POST" else None, initial={"until": lasting.until})
    by = Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: hold_family(family).prolong(hold_id=hold_id, lasting=_lasting(form), by=by, at=now),
        _("The hold stands."),
    )
    if status is None:
        return redirect("review:retention")
    return render(request, "retention/look.html", {"form": form, "shown": shown}, status=status)


@for_staff_who_may(Permission.WORK_CASES)
@require_POST
def lift(request: HttpRequest, family: str, hold_id: UUID) -> HttpResponse:
    """End a hold: the record of its request goes on its day."""
    by, now = Actor.staff(staff_member(request)), timezone.now()
    if shown_hold(family, hold_id, now=now) is None:
        raise Http404("There is no such hold any more.")
    tell(
        request,
        lambda: hold_family(family).lift(hold_id=hold_id, by=by, at=now),
        _("The hold is lifted. What it kept goes on its day."),
    )
    return redirect("review:retention")


def _lasting(form: HoldForm | LookForm) -> Lasting:
    return Lasting(form.cleaned_data["until"], form.cleaned_data["look_again_on"])
