"""Signing in: password, second factor, and nothing learned by a stranger."""

import re
import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from omne_dsar.demo.accounts import INES, PASSWORD, ROSA, code_now, ensure_staff
from requests_app.accounts.create import create_staff
from requests_app.accounts.models import StaffMember
from requests_app.audit.models import AuditEntry
from requests_app.roles import Role
from tests.factories import NOON, SYSTEM

pytestmark = pytest.mark.django_db
LOGIN = "/staff/account/login/"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """Limits are counted in the shared cache."""
    cache.clear()


@pytest.fixture
def people() -> dict[str, StaffMember]:
    """The demo's staff: each with a password and an app."""
    return ensure_staff()


def _password(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def _code(client: Client, code: str):
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_password_and_code_open_the_queue(client: Client, people) -> None:
    assert _password(client, ROSA.email)["Location"] == reverse("mfa_authenticate")
    assert client.get("/staff/queue/").status_code == 302
    _code(client, code_now(ROSA))
    assert client.get("/staff/queue/").status_code == 200


def test_a_sign_in_is_recorded_once_it_is_complete(client: Client, people) -> None:
    _password(client, ROSA.email)
    assert not AuditEntry.objects.filter(event="staff.signed_in").exists()
    _code(client, code_now(ROSA))
    entry = AuditEntry.objects.get(event="staff.signed_in")
    assert entry.actor_key == str(people[ROSA.email].pk)


def test_a_refused_sign_in_is_logged_without_the_address(client: Client, people, caplog) -> None:
    _password(client, ROSA.email, "not the password")
    _password(client, "canary@omne.example", "canary-password")
    said = [entry.getMessage() for entry in caplog.records if entry.name == "requests_app.accounts.recorded"]
    assert said == ["A sign-in was refused."] * 2
    assert "canary" not in caplog.text
    assert ROSA.email not in caplog.text


def test_the_page_asked_for_is_where_one_arrives(client: Client, people) -> None:
    asked = client.get("/staff/queue/?view=all")
    client.post(
        asked["Location"], {"login": ROSA.email, "password": PASSWORD, "next": "/staff/queue/?view=all"}
    )
    assert _code(client, code_now(ROSA))["Location"] == "/staff/queue/?view=all"


def test_a_foreign_address_is_no_place_to_arrive(client: Client, people) -> None:
    client.post(LOGIN, {"login": ROSA.email, "password": PASSWORD, "next": "https://evil.example/"})
    assert "evil" not in _code(client, code_now(ROSA))["Location"]


def test_the_right_password_alone_opens_nothing(client: Client, people) -> None:
    _password(client, ROSA.email)
    assert "_auth_user_id" not in client.session


def test_a_wrong_code_opens_nothing(client: Client, people) -> None:
    _password(client, ROSA.email)
    wrong = f"{(int(code_now(ROSA)) + 1) % 1_000_000:06}"
    assert "not right" in _code(client, wrong).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_code_opens_once_only(people) -> None:
    code = code_now(ROSA)
    for client, opens in ((Client(), True), (Client(), False)):
        _password(client, ROSA.email)
        _code(client, code)
        assert ("_auth_user_id" in client.session) is opens


def test_somebody_elses_code_does_not_open(client: Client, people) -> None:
    _password(client, ROSA.email)
    _code(client, code_now(INES))
    assert "_auth_user_id" not in client.session


def _shown(client: Client, email: str) -> str:
    page = _password(client, email, "not the password").content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace(email, "ADDRESS")


def test_a_wrong_password_and_an_unknown_address_look_alike(people) -> None:
    assert _shown(Client(), ROSA.email) == _shown(Client(), "nobody@omne.example")


def test_a_wrong_password_and_an_unknown_address_take_alike(people, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    member = people[ROSA.email]
    member.set_password(PASSWORD)
    member.save()

    def seconds(email: str) -> float:
        began_at = time.perf_counter()
        _password(Client(), email, "not the password")
        return time.perf_counter() - began_at

    known, unknown = (
        min(seconds(ROSA.email) for _ in range(2)),
        min(seconds("nobody@x.example") for _ in range(2)),
    )
    assert 0.5 < known / unknown < 2


def test_five_wrong_passwords_close_the_account_for_a_while(people) -> None:
    for _ in range(5):
        _password(Client(), ROSA.email, "not the password")
    late = Client()
    assert _password(late, ROSA.email).status_code == 200
    assert "account_login" not in late.session


def test_without_a_second_factor_one_sees_only_how_to_get_one(client: Client) -> None:
    create_staff(
        email="new@omne.example",
        display_name="New",
        roles=[Role.CASE_WORKER],
        password=PASSWORD,
        by=SYSTEM,
        at=NOON,
    )
    _password(client, "new@omne.example")
    assert client.get("/staff/queue/")["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 302
    assert "One more lock" in client.get(reverse("mfa_index")).content.decode()
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_a_closed_account_is_told_so_and_gets_no_further(client: Client, people) -> None:
    StaffMember.objects.filter(email=ROSA.email).update(is_active=False)
    answer = client.post(LOGIN, {"login": ROSA.email, "password": PASSWORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert answer.redirect_chain[-1][0] == reverse("account_inactive")


def test_a_forgotten_password_is_answered_alike_for_everyone(client: Client, people) -> None:
    pages = []
    for email in (ROSA.email, "nobody@omne.example"):
        answer = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        pages.append((answer.redirect_chain, answer.status_code))
    assert pages[0] == pages[1]
    assert [message.to for message in mail.outbox] == [[ROSA.email]]


def test_a_new_password_by_mail_must_be_a_good_one(client: Client, people) -> None:
    client.post(reverse("account_reset_password"), {"email": ROSA.email})
    found = re.search(r"https?://[^/]+(/\S+/)", mail.outbox[0].body)
    assert found is not None
    form = client.get(found[1], follow=True).redirect_chain[-1][0]
    refused = client.post(form, {"password1": "short", "password2": "short"})
    assert "at least 12" in refused.content.decode()
    client.post(form, {"password1": "a whole new sentence", "password2": "a whole new sentence"})
    assert StaffMember.objects.get(email=ROSA.email).check_password("a whole new sentence")


def test_no_page_of_the_way_in_runs_a_script_of_its_own(client: Client, people) -> None:
    pages = [client.get(LOGIN)]
    _password(client, ROSA.email)
    pages.append(client.get(reverse("mfa_authenticate")))
    for page in pages:
        text = page.content.decode()
        inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", text)
        assert not inline
        assert not re.search(r"\son\w+=|\sstyle=", text)
