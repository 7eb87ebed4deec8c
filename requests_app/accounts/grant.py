"""Gives roles to a member of staff, in the audit log, and ends their open sessions."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from requests_app.accounts.models import StaffMember
from requests_app.accounts.sessions import end_sessions
from requests_app.audit.actors import Actor, ActorKind
from requests_app.audit.record import record
from requests_app.errors import NotPermitted
from requests_app.roles import Permission, Role, permissions_of


@transaction.atomic
def give_roles(*, member: StaffMember, roles: Iterable[Role], by: Actor, at: datetime) -> StaffMember:
    """Set the roles of a person to exactly these. Raises NotPermitted: nobody raises themselves, and few others."""
    if by.kind is ActorKind.STAFF and Permission.MANAGE_STAFF not in permissions_of(by.roles):
        raise NotPermitted("Your role does not allow giving roles.")
    if by.staff_id == str(member.pk):
        raise NotPermitted("Another administrator changes your own roles.")
    names = sorted({Role(role).value for role in roles})
    for name in names:
        Group.objects.get_or_create(name=name)
    member.groups.set(Group.objects.filter(name__in=names))
    end_sessions(member=member)
    record(event="staff.roles_given", target=member, by=by, at=at, facts={"roles": names})
    return StaffMember.objects.get(pk=member.pk)
