"""Ends the sessions of a member of staff when what they may do, or how they prove it, has changed."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from requests_app.accounts.models import StaffMember

FACTOR_SET_UP_KEY = "second_factor_set_up"


def end_sessions(*, member: StaffMember, keep: HttpRequest | None = None) -> None:
    """Make every session of a person worthless, but for the one that asked for it."""
    StaffMember.objects.filter(pk=member.pk).update(sessions_ended=F("sessions_ended") + 1)
    member.refresh_from_db(fields=["sessions_ended"])
    if keep is not None:
        update_session_auth_hash(keep, member)


def remember_new_factor(
    *, request: HttpRequest, user: StaffMember, authenticator: Authenticator, **_announcement: Any
) -> None:
    """Let the session in which a factor was set up go on without asking for it at once; end the others."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_sessions(member=user, keep=request)
        request.session[FACTOR_SET_UP_KEY] = str(user.pk)


def forget_removed_factor(*, request: HttpRequest, user: StaffMember, **_announcement: Any) -> None:
    """End every other session when a factor was taken away."""
    end_sessions(member=user, keep=request)
