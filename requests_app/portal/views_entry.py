"""The ways in: the link in a message, reference and code, a new code; and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from requests_app.accounts.permissions import open_to_all
from requests_app.errors import DomainError
from requests_app.identity.confirm import confirm_by_token, enter_portal, look_at_link, send_new_code
from requests_app.identity.errors import AlreadyConfirmed, LinkExpired, LinkNotValid
from requests_app.portal.forms import EnterForm, ReferenceForm
from requests_app.portal.sessions import leave_portal, open_portal


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Reference and code open the person's pages."""
    if request.method != "POST":
        return render(request, "portal/enter.html", {"form": EnterForm()})
    form = EnterForm(request.POST)
    status = 422
    if form.is_valid():
        now = timezone.now()
        try:
            subject_request = enter_portal(**form.cleaned_data, at=now)
        except DomainError as refusal:
            form.add_error("code", refusal.sentence)
            status = refusal.status
        else:
            open_portal(request, reference=subject_request.reference, at=now)
            return redirect("portal:status")
    return render(request, "portal/enter.html", {"form": form}, status=status)


@open_to_all
@never_cache
@require_POST
def new_code(request: HttpRequest) -> HttpResponse:
    """A new code goes to the address of the request; what is shown does not say whether there is one."""
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/new_code.html", {"form": form}, status=422)
    send_new_code(reference=form.cleaned_data["reference"], at=timezone.now())
    return redirect("portal:code-sent")


@open_to_all
@require_safe
def code_sent(request: HttpRequest) -> HttpResponse:
    """The same words for every reference."""
    return render(request, "portal/code_sent.html")


@open_to_all
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: looking at it changes nothing, its button confirms."""
    try:
        if request.method == "POST":
            confirm_by_token(token=token, at=timezone.now())
            return redirect("portal:confirm", token)
        subject_request = look_at_link(token=token, at=timezone.now())
    except AlreadyConfirmed as confirmed:
        return render(request, "portal/confirmed.html", {"needs_more": confirmed.needs_more})
    except (LinkExpired, LinkNotValid) as refusal:
        context = {"form": ReferenceForm(), "refusal": refusal}
        return render(request, "portal/link_refused.html", context, status=refusal.status)
    return render(request, "portal/confirm.html", {"subject_request": subject_request})


@open_to_all
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the person's pages on this computer at once."""
    leave_portal(request)
    return redirect("intake:start")
