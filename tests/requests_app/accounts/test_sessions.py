"""Sessions end when what their owner may do, or how they prove it, has changed."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from omne_dsar.demo.accounts import PASSWORD, ROSA, code_now
from requests_app.accounts.create import create_staff
from requests_app.accounts.grant import give_roles
from requests_app.accounts.models import StaffMember
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> StaffMember:
    return create_staff(
        email="ana@omne.example",
        display_name="Ana",
        roles=[Role.CASE_WORKER],
        password=PASSWORD,
        by=SYSTEM,
        at=NOON,
    )


def _is_in(client: Client) -> bool:
    return client.get("/staff/queue/").status_code == 200


def test_a_new_role_ends_open_sessions(ana: StaffMember) -> None:
    client = signed_in(ana)
    assert _is_in(client)
    give_roles(member=ana, roles=[Role.CASE_WORKER, Role.APPROVER], by=SYSTEM, at=NOON)
    assert not _is_in(client)


def test_a_new_password_ends_open_sessions(ana: StaffMember) -> None:
    client = signed_in(ana)
    ana.set_password("another good sentence")
    ana.save()
    assert not _is_in(client)


def test_a_closed_account_is_out_at_once(ana: StaffMember) -> None:
    client = signed_in(ana)
    StaffMember.objects.filter(pk=ana.pk).update(is_active=False)
    assert not _is_in(client)


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_factor_lets_this_session_in_and_puts_the_others_out(ana: StaffMember) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
        assert not _is_in(client)
    page = here.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    here.post(reverse("mfa_activate_totp"), {"code": code_now(_with(secret))})
    assert _is_in(here)
    assert not _is_in(elsewhere)
    assert elsewhere.get("/staff/queue/")["Location"].startswith(reverse("account_login"))


def test_a_session_that_never_showed_the_factor_is_not_let_in(ana: StaffMember) -> None:
    client = Client()
    client.force_login(ana)
    TOTP.activate(ana, ROSA.totp_secret)
    assert client.get("/staff/queue/")["Location"] == reverse("account_logout")


def test_taking_the_factor_away_ends_other_sessions(
    ana: StaffMember, django_capture_on_commit_callbacks
) -> None:
    TOTP.activate(ana, ROSA.totp_secret)
    here, elsewhere = Client(), signed_in(ana)
    here.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    here.post(reverse("mfa_authenticate"), {"code": code_now(ROSA)})
    assert here.post(reverse("mfa_deactivate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        here.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user_id=ana.pk, type=Authenticator.Type.TOTP).exists()
    assert elsewhere.get("/staff/queue/")["Location"].startswith(reverse("account_login"))


def test_a_session_ends_when_it_is_not_used(ana: StaffMember, settings) -> None:
    client = signed_in(ana)
    client.get("/staff/queue/")
    assert client.session.get_expiry_age() == settings.STAFF_SESSION_SECONDS


def test_a_page_that_polls_by_itself_does_not_keep_a_session_alive(ana: StaffMember) -> None:
    client = signed_in(ana)
    client.get("/staff/queue/", headers={"HX-Request": "true"})
    assert client.session.get("_session_expiry") is None


def _with(secret: str):
    return type(ROSA)(ROSA.email, ROSA.name, ROSA.roles, secret)
