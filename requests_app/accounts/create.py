"""Makes a staff account with its roles; every password passes the one list of validators."""

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from requests_app.accounts.grant import give_roles
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.errors import BadInput
from requests_app.roles import Role


@transaction.atomic
def create_staff(
    *,
    email: str,
    display_name: str,
    roles: Iterable[Role],
    by: Actor,
    at: datetime,
    password: str | None = None,
) -> StaffMember:
    """Make an account; without a password its owner sets one by "Forgotten password". Raises BadInput, NotPermitted."""
    email = email.strip().lower()
    if StaffMember.objects.filter(email__iexact=email).exists():
        raise BadInput("There is an account with this address already.")
    if password is not None:
        try:
            validate_password(password, StaffMember(email=email, display_name=display_name))
        except ValidationError as refused:
            raise BadInput(" ".join(refused.messages)) from refused
    member = StaffMember.objects.create_user(email, password, display_name=display_name)
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    return give_roles(member=member, roles=roles, by=by, at=at)
