"""Where staff begin a new copy for somebody whose own was erased before they fetched it."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.components.forms import PlainForm
from requests_app.decisions.renew import WHY_RENEWED, may_renew, renew_copy, renewed_as
from requests_app.review.case import case_context, case_or_404
from requests_app.review.tell import submit
from requests_app.roles import Permission


class RenewForm(PlainForm):
    """Why; chosen and not typed, as it goes into the log, which holds nothing of people."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=list(WHY_RENEWED.items()),
        error_messages={"required": gettext_lazy("Choose why.")},
    )


@for_staff_who_may(Permission.WORK_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask why, then open the request for the new copy; a second press finds the one that the first opened."""
    subject_request = case_or_404(reference)
    if not may_renew(subject_request):
        raise Http404("No copy of this request was erased unfetched.")
    form = RenewForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        renew_copy(
            subject_request_id=subject_request.pk,
            by=Actor.staff(staff_member(request)),
            at=timezone.now(),
            why=form.cleaned_data["why"],
        )

    done = _("A new copy is begun, as a request of its own with the same proof. The person is told by mail.")
    status = submit(request, form, act, done)
    if status is None:
        opened = renewed_as(subject_request)
        return redirect("review:case", opened.reference if opened else reference)
    already = renewed_as(subject_request)
    context = case_context(request, subject_request, tab="overview", form=form, already=already)
    return render(request, "bundles/renew.html", context, status=status)
