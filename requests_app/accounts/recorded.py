"""Writes down who came in, and what changed about how they come in."""

import logging
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.record import record

log = logging.getLogger(__name__)


def record_sign_in(*, user: StaffMember, **_announcement: Any) -> None:
    """Record that somebody came in, second factor and all."""
    record(event="staff.signed_in", target=user, by=Actor.staff(user), at=timezone.now())


def log_refused_sign_in(**_announcement: Any) -> None:
    """Log that a sign-in was refused: without the address, and the same whether or not it is known."""
    log.warning("A sign-in was refused.")


def record_new_factor(*, user: StaffMember, authenticator: Authenticator, **_announcement: Any) -> None:
    """Record that a second factor was set up."""
    facts = {"factor": authenticator.type}
    record(event="staff.factor_added", target=user, by=Actor.staff(user), at=timezone.now(), facts=facts)


def record_removed_factor(*, user: StaffMember, authenticator: Authenticator, **_announcement: Any) -> None:
    """Record that a second factor was taken away."""
    facts = {"factor": authenticator.type}
    record(event="staff.factor_removed", target=user, by=Actor.staff(user), at=timezone.now(), facts=facts)
