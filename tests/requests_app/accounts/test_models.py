"""The member of staff."""

import pytest
from django.db import IntegrityError, transaction

from requests_app.accounts.models import StaffMember
from requests_app.roles import Permission, Role
from tests.factories import staff

pytestmark = pytest.mark.django_db


def test_one_mailbox_is_one_account_whatever_the_case() -> None:
    StaffMember.objects.create_user("Ana@Example.com", display_name="Ana")
    with transaction.atomic(), pytest.raises(IntegrityError):
        StaffMember.objects.create(email="ANA@example.com", display_name="Ana again")
    assert StaffMember.objects.get_by_natural_key(" aNa@example.COM ").display_name == "Ana"


def test_no_text_of_an_account_shows_its_address() -> None:
    member = StaffMember.objects.create_user("canary@example.com", display_name="Ana Ribeiro")
    assert "canary" not in f"{member} {member!r} {member.get_full_name()}"
    assert member.initials == "AR"


def test_an_account_without_a_password_opens_for_none() -> None:
    member = StaffMember.objects.create_user("ana@example.com", display_name="Ana")
    assert not member.check_password("")


def test_a_group_that_is_no_role_gives_nothing() -> None:
    member = staff("Ana", Role.AUDITOR)
    member.groups.create(name="bowling club")
    fresh = StaffMember.objects.get(pk=member.pk)
    assert fresh.roles == {Role.AUDITOR}
    assert fresh.may(Permission.SEE_AUDIT)
    assert not fresh.may(Permission.RELEASE)


def test_a_closed_account_may_nothing() -> None:
    member = staff("Ana", Role.PRIVACY_LEAD)
    member.is_active = False
    assert not member.may(Permission.SEE_CASES)
