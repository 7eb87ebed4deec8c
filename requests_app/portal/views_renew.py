"""The button with which a person asks again for a copy that was erased before they fetched it."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from requests_app.accounts.permissions import for_portal_session
from requests_app.audit.actors import Actor
from requests_app.decisions.renew import NothingToRenew, renew_copy
from requests_app.lifecycle.models import SubjectRequest
from requests_app.portal.views import for_opened_request


@for_portal_session
@require_POST
@for_opened_request
def renew(request: HttpRequest, subject_request: SubjectRequest, now: datetime) -> HttpResponse:
    """Ask for a new copy; a second press finds the request that the first one opened."""
    by = Actor.subject(subject_request.reference)
    try:
        opened = renew_copy(subject_request_id=subject_request.pk, by=by, at=now)
    except NothingToRenew:
        return redirect("portal:status")
    said = _("Done: your new request is %(reference)s. We write to you when it is answered.")
    messages.success(request, said % {"reference": opened.reference})
    return redirect("portal:status")
