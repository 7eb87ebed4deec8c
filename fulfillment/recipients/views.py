"""The doors of the recipients: who has data from us and how they are told, each with its history."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fulfillment.recipients.forms import RecipientForm, shown_in_form
from fulfillment.recipients.models import Recipient
from fulfillment.recipients.save import add_recipient, change_recipient
from fulfillment.recipients.secrets_kept import secrets_in_force
from fulfillment.recipients.selectors import recipients as all_recipients
from requests_app.accounts.permissions import for_staff_who_may, staff_member
from requests_app.audit.actors import Actor
from requests_app.audit.selectors import history_of
from requests_app.errors import DomainError
from requests_app.policy.company import COMPANY
from requests_app.review.tell import submit
from requests_app.review.words import staff_names
from requests_app.roles import Permission


@for_staff_who_may(Permission.SEE_SOURCES)
@require_safe
def recipients(request: HttpRequest) -> HttpResponse:
    """Show every recipient that was set up, and of which kinds of the policy nobody is."""
    listed = list(all_recipients())
    known = {each.disclosed_as for each in listed if each.enabled}
    labels = {each.key: each.label for each in COMPANY.recipients}
    context = {
        "listed": [(each, labels.get(each.disclosed_as, each.disclosed_as)) for each in listed],
        "missing": [label for key, label in labels.items() if key not in known],
        "may_manage": staff_member(request).may(Permission.MANAGE_SOURCES),
    }
    return render(request, "recipients/recipients.html", context)


@for_staff_who_may(Permission.MANAGE_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a recipient up."""
    form = RecipientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by, now = Actor.staff(staff_member(request)), timezone.now()
        try:
            added = add_recipient(details=form.details, by=by, at=now)
        except DomainError as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("%(name)s is told from now on.") % {"name": added.label})
            return redirect("recipients:recipient", added.key)
    return _form_page(request, form, None, status=422 if form.errors else 200)


@for_staff_who_may(Permission.SEE_SOURCES)
@require_http_methods(["GET", "HEAD", "POST"])
def recipient(request: HttpRequest, key: str) -> HttpResponse:
    """Show one recipient with its history, and change it."""
    found = Recipient.objects.filter(key=key).first()
    if found is None:
        raise Http404("There is no such recipient.")
    sent = request.POST if request.method == "POST" else None
    form, by = RecipientForm(sent, initial=shown_in_form(found)), Actor.staff(staff_member(request))
    status = submit(
        request,
        form,
        lambda: change_recipient(key=key, details=form.details, by=by, at=timezone.now()),
        _("Written down."),
    )
    if status is None:
        return redirect("recipients:recipient", key)
    return _form_page(request, form, found, status=status)


def _form_page(
    request: HttpRequest, form: RecipientForm, found: Recipient | None, *, status: int
) -> HttpResponse:
    history = list(history_of(found, limit=50)) if found else []
    names = staff_names({each.actor_key for each in history if each.actor_kind == "staff"})
    context = {
        "recipient": found,
        "form": form,
        "may_manage": staff_member(request).may(Permission.MANAGE_SOURCES),
        "history": [(each, names.get(each.actor_key, each.actor_key)) for each in history],
        "secret_count": len(secrets_in_force(found.secrets_sealed, at=timezone.now())) if found else 0,
    }
    return render(request, "recipients/recipient.html", context, status=status)
