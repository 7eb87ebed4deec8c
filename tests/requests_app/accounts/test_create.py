"""Making accounts: from code, from the command line, for the demo."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from omne_dsar.demo import accounts
from requests_app.accounts.create import create_staff
from requests_app.accounts.grant import give_roles
from requests_app.accounts.models import StaffMember
from requests_app.audit.actors import Actor
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput, NotPermitted
from requests_app.roles import Role
from tests.factories import NOON, SYSTEM, staff

pytestmark = pytest.mark.django_db


def test_an_account_is_made_with_its_roles() -> None:
    member = create_staff(
        email=" Ana@Example.com ", display_name="Ana", roles=[Role.APPROVER], by=SYSTEM, at=NOON
    )
    assert (member.email, member.roles) == ("ana@example.com", {Role.APPROVER})


def test_a_second_account_for_an_address_is_refused() -> None:
    create_staff(email="ana@example.com", display_name="Ana", roles=[], by=SYSTEM, at=NOON)
    with pytest.raises(BadInput, match="already"):
        create_staff(email="ANA@example.com", display_name="Ana", roles=[], by=SYSTEM, at=NOON)


@pytest.mark.parametrize("password", ["short", "qwerty123456", "ana ribeiro 12"])
def test_a_weak_password_is_refused_here_too(password: str) -> None:
    weak = {"email": "ana@example.com", "display_name": "Ana Ribeiro", "roles": [Role.AUDITOR]}
    with pytest.raises(BadInput):
        create_staff(**weak, password=password, by=SYSTEM, at=NOON)
    assert not StaffMember.objects.exists()


def test_the_first_account_comes_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("add_staff", "ana@example.com", "--name", "Ana Ribeiro", "--role", "privacy_lead")
    assert StaffMember.objects.get(email="ana@example.com").roles == {Role.PRIVACY_LEAD}
    assert "Privacy lead" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("add_staff", "ana@example.com", "--name", "Ana", "--role", "privacy_lead")


def test_the_demo_has_every_role_and_is_made_once() -> None:
    first, second = accounts.ensure_staff(), accounts.ensure_staff()
    assert first == second
    assert frozenset().union(*(member.roles for member in second.values())) == set(Role)
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).count() == len(accounts.ACCOUNTS)


def test_the_secret_of_a_second_factor_is_sealed_in_the_database() -> None:
    accounts.ensure_staff()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert not any(account.totp_secret in stored for account in accounts.ACCOUNTS)


def test_nobody_without_the_right_gives_roles_and_nobody_gives_them_to_themselves() -> None:
    worker, admin = staff("Rosa", Role.CASE_WORKER), staff("Inês", Role.ADMIN)
    with pytest.raises(NotPermitted, match="does not allow"):
        give_roles(member=admin, roles=[Role.APPROVER], by=Actor.staff(worker), at=NOON)
    with pytest.raises(NotPermitted, match="Another administrator"):
        give_roles(member=admin, roles=[Role.APPROVER], by=Actor.staff(admin), at=NOON)
    assert give_roles(member=worker, roles=[Role.APPROVER], by=Actor.staff(admin), at=NOON).roles == {
        Role.APPROVER
    }
    entry = AuditEntry.objects.get(event="staff.roles_given")
    assert (entry.actor_key, entry.target_id) == (str(admin.pk), str(worker.pk))
