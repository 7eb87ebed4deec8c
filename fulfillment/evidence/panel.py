"""The evidence on the audit page of a case."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from requests_app.accounts.permissions import staff_member
from requests_app.lifecycle.models import SubjectRequest
from requests_app.panels import Context
from requests_app.roles import Permission

TEMPLATE = "evidence/export.html"


def export_panel(request: HttpRequest, subject_request: SubjectRequest) -> Context | None:
    """The button, for those who may press it."""
    if not staff_member(request).may(Permission.EXPORT_EVIDENCE):
        return None
    found: dict[str, Any] = {"action": reverse("evidence:export", args=[subject_request.reference])}
    return found
