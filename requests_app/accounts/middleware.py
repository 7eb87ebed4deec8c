"""Refuses a view that declares no access, keeps staff out without a second factor, and shows them office time."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.accounts.permissions import Access, Audience
from requests_app.accounts.sessions import FACTOR_SET_UP_KEY
from requests_app.accounts.signing_in import WHILE_SETTING_UP, access_of_sign_in_page
from requests_app.policy.company import COMPANY

log = logging.getLogger(__name__)


def access_of(view: Callable[..., Any], url_name: str | None) -> Access | None:
    """Return what a view declares, or what is declared for it in the list of sign-in pages."""
    access = getattr(view, "access", None)
    if isinstance(access, Access):
        return access
    return access_of_sign_in_page(url_name) if view.__module__.startswith("allauth.") else None


class DeclaredAccessMiddleware:
    """Deny by default: a view that forgot to say who it is for answers nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if access_of(view, match.url_name if match else None) is None:
            log.error(
                "view without a declared access", extra={"view": getattr(view, "__qualname__", repr(view))}
            )
            raise PermissionDenied
        return None


class OfficeTimeMiddleware:
    """Show the staff every moment in the time zone of the office; the person's pages are in that of their law."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(timezone.get_current_timezone()):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        access = access_of(view, match.url_name if match else None)
        if access is not None and access.audience is Audience.STAFF:
            timezone.activate(COMPANY.zone)
        return None


class SecondFactorMiddleware:
    """Send a member of staff without a second factor to the page where they get one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        url_name = request.resolver_match.url_name if request.resolver_match else None
        access = access_of(view, url_name)
        if (
            access is None
            or access.audience is not Audience.STAFF
            or not isinstance(request.user, StaffMember)
        ):
            return None
        if not request.headers.get("HX-Request"):
            # A page that polls by itself is not use: left open overnight, it must not keep the session alive.
            request.session.set_expiry(settings.STAFF_SESSION_SECONDS)
        if second_factor_shown(request, request.user):
            return None
        if not _has_second_factor(request.user):
            return None if url_name in WHILE_SETTING_UP else redirect("mfa_index")
        # The account got its factor in another session; this one must show it before it goes on.
        return redirect("account_logout")


def second_factor_shown(request: HttpRequest, member: StaffMember) -> bool:
    """Say whether this session has shown, or has just set up, a second factor of this person."""
    if request.session.get(FACTOR_SET_UP_KEY) == str(member.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, member))


def _has_second_factor(member: StaffMember) -> bool:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=member.pk, type__in=kinds).exists())
