"""Gives roles to a member of staff; nobody can give what they do not hold."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from requests_app.accounts.models import StaffMember
from requests_app.accounts.sessions import end_sessions
from requests_app.roles import Role


@transaction.atomic
def give_roles(*, member: StaffMember, roles: Iterable[Role]) -> StaffMember:
    """Set the roles of a person to exactly these and end their open sessions."""
    names = {Role(role).value for role in roles}
    for name in names:
        Group.objects.get_or_create(name=name)
    member.groups.set(Group.objects.filter(name__in=names))
    end_sessions(member=member)
    return StaffMember.objects.get(pk=member.pk)
