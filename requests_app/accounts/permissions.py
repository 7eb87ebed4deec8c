"""What a view asks of its visitor, declared on the view; a view that declares nothing is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from requests_app.accounts.models import StaffMember
from requests_app.roles import Permission, Role, roles_with

# The portal puts the reference of the opened request here after the mailed code; nothing else does.
PORTAL_SESSION_KEY = "portal_reference"
PORTAL_ENTRY = "portal:enter"
# The key of the one task that this session opened by the mailed link and code, or by signing in.
OWNER_SESSION_KEY = "owner_task"

View = TypeVar("View", bound=Callable[..., Any])


class Audience(Enum):
    """Who a view is for."""

    EVERYONE = "everyone"
    PORTAL_SESSION = "a person who opened their request with the mailed code"
    OWNER_SESSION = "somebody who answers for a source and opened their task with link and mailed code"
    STAFF = "staff with one of the roles"
    MACHINE = "another system with its own credentials"


PRIVATE = frozenset({Audience.PORTAL_SESSION, Audience.OWNER_SESSION, Audience.STAFF})


@dataclass(frozen=True)
class Access:
    """The declaration a view carries as `access`, read by the middleware and by the tests."""

    audience: Audience
    roles: frozenset[Role] = field(default_factory=frozenset)


def open_to_all(view: View) -> View:
    """Declare that anybody may see this view: the public form, the health page."""
    return _declared(view, Access(Audience.EVERYONE), _admit_everyone)


def for_machine(view: View) -> View:
    """Declare that the view checks credentials of its own: the REST API."""
    return _declared(view, Access(Audience.MACHINE), _admit_everyone)


def for_portal_session(view: View) -> View:
    """Declare that the view is for the person whose request this session has opened."""
    return _declared(view, Access(Audience.PORTAL_SESSION), _admit_portal_session)


def for_owner_session(view: View) -> View:
    """Declare that the view is for whoever opened a task of theirs in this session."""
    return _declared(view, Access(Audience.OWNER_SESSION), _admit_owner_session)


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Declare that the view is for staff who play at least one of these roles."""
    if not roles:
        raise ValueError("Name at least one role; a view for everyone says so with open_to_all.")
    access = Access(Audience.STAFF, frozenset(roles))
    return lambda view: _declared(view, access, _admitter_of_staff(access.roles))


def for_staff_who_may(permission: Permission) -> Callable[[View], View]:
    """Declare that the view is for staff whose roles carry this permission."""
    return for_roles(*sorted(roles_with(permission)))


def for_any_staff(view: View) -> View:
    """Declare that every member of staff with a role may see this view."""
    return for_roles(*Role)(view)


Refusal = HttpResponseBase | None


def _declared(view: View, access: Access, admit: Callable[[HttpRequest], Refusal]) -> View:
    """Put the check around a function view, or around `dispatch` of a class."""

    def around(inner: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = admit(request) or inner(request, *args, **kwargs)
            if access.audience in PRIVATE and not answer.has_header("Cache-Control"):
                # Nobody finds it with the back button, or in a cache on the way, once the session is over.
                add_never_cache_headers(answer)
            return answer

        checked.access = access  # type: ignore[attr-defined]
        return checked

    if isinstance(view, type):
        # as_view() copies the attributes of `dispatch`, so the declaration reaches the URLconf.
        return cast("View", method_decorator(around, name="dispatch")(view))
    return cast("View", around(view))


def _admit_everyone(_request: HttpRequest) -> Refusal:
    return None


def _admit_portal_session(request: HttpRequest) -> Refusal:
    return None if request.session.get(PORTAL_SESSION_KEY) else redirect(PORTAL_ENTRY)


def _admit_owner_session(request: HttpRequest) -> Refusal:
    if request.session.get(OWNER_SESSION_KEY):
        return None
    raise PermissionDenied(_("Open the link in our message to you first."))


def _admitter_of_staff(roles: frozenset[Role]) -> Callable[[HttpRequest], Refusal]:
    def admit(request: HttpRequest) -> Refusal:
        user = request.user
        if not isinstance(user, StaffMember):
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not user.is_active or not user.roles & roles:
            names = ", ".join(str(role.label) for role in Role if role in roles)
            raise PermissionDenied(_("This page is for these roles: %(roles)s.") % {"roles": names})
        return None

    return admit


def staff_member(request: HttpRequest) -> StaffMember:
    """Return the signed-in member of staff, for views that were declared for staff."""
    if not isinstance(request.user, StaffMember):
        raise PermissionDenied(_("This page is for staff."))
    return request.user
