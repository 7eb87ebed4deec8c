"""Roles, what they allow, and the groups that carry them."""

import pytest
from django.contrib.auth.models import Group

from requests_app.roles import ROLE_PERMISSIONS, Permission, Role, permissions_of, roles_with, sync_groups


def test_every_role_says_what_it_may() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_is_held_by_somebody(permission: Permission) -> None:
    assert roles_with(permission)


def test_several_roles_allow_what_each_of_them_allows() -> None:
    both = permissions_of(frozenset({Role.AUDITOR, Role.SOURCE_OWNER}))
    assert both == ROLE_PERMISSIONS[Role.AUDITOR] | ROLE_PERMISSIONS[Role.SOURCE_OWNER]


def test_an_administrator_never_sees_what_is_inside_a_case() -> None:
    inside = {Permission.SEE_CASES, Permission.SEE_FINDINGS, Permission.REVEAL_PERSON, Permission.RELEASE}
    assert not ROLE_PERMISSIONS[Role.ADMIN] & inside


def test_whoever_works_cases_alone_cannot_release() -> None:
    assert Permission.RELEASE not in ROLE_PERMISSIONS[Role.CASE_WORKER]
    assert Permission.WORK_CASES not in ROLE_PERMISSIONS[Role.APPROVER]


@pytest.mark.django_db
def test_each_role_has_its_group_after_a_migration() -> None:
    Group.objects.all().delete()
    sync_groups()
    sync_groups()
    assert sorted(Group.objects.values_list("name", flat=True)) == sorted(Role.values)
