"""The URLconf, walked: every view says who it is for, and nobody else gets in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.views.generic import View

from requests_app.accounts.middleware import access_of
from requests_app.accounts.permissions import Access, Audience, open_to_all
from requests_app.accounts.signing_in import BEFORE_SIGN_IN, ONCE_SIGNED_IN, WHILE_SETTING_UP
from requests_app.roles import Role
from tests.desk import signed_in
from tests.factories import staff

# Pages of allauth that stay shut: signing up, changing one's address, codes by mail.
SHUT = {
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_set_password",
    "account_confirm_login_code",
}
ARGUMENTS = {
    "reference": "OM-2222-2222",
    "task_id": UUID(int=1),
    "transmission_id": UUID(int=1),
    "finding_id": UUID(int=1),
    "bundle_id": UUID(int=1),
    "verification_id": UUID(int=1),
    "file_id": UUID(int=1),
    "message_id": UUID(int=1),
    "identity_id": UUID(int=1),
    "hold_id": UUID(int=1),
    "family": "record",
    "decision_id": UUID(int=1),
    "name": "approve",
    "key": "shop",
    "pk": 1,
    "token": "0" * 32,
    "uidb36": "1",
    "letter_id": "00000000-0000-0000-0000-000000000000",
    "language": "en",
    "number": 1,
}


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each, route)
        else:
            yield route, each


VIEWS = dict(_patterns(get_resolver()))


def _access(pattern: URLPattern) -> Access | None:
    return access_of(pattern.callback, pattern.name)


def _address(route: str) -> str:
    for kind in ("str:", "uuid:", "slug:", "int:", "path:"):
        route = route.replace(f"<{kind}", "<")
    for name, value in ARGUMENTS.items():
        route = route.replace(f"<{name}>", str(value))
    return f"/{route}"


STAFF_ROUTES = {
    route: found.roles
    for route, pattern in VIEWS.items()
    if (found := _access(pattern)) and found.audience is Audience.STAFF
}


@pytest.mark.parametrize("route", [route for route, each in VIEWS.items() if each.name not in SHUT])
def test_a_view_says_who_it_is_for(route: str) -> None:
    assert _access(VIEWS[route]) is not None, (
        f"/{route} declares no access: see requests_app/accounts/permissions.py"
    )


def test_the_pages_that_stay_shut_are_those_we_know() -> None:
    shut = {pattern.name for pattern in VIEWS.values() if _access(pattern) is None}
    assert shut == SHUT


def test_the_list_of_sign_in_pages_names_pages_that_exist() -> None:
    assert {pattern.name for pattern in VIEWS.values()} >= BEFORE_SIGN_IN | WHILE_SETTING_UP | ONCE_SIGNED_IN


@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(STAFF_ROUTES))
def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, route: str) -> None:
    answer = client.get(_address(route))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/staff/account/")


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_only_what_is_declared_for_it(role: Role) -> None:
    client = signed_in(staff("Mallory", role))
    shut_out = {route for route in STAFF_ROUTES if client.get(_address(route)).status_code == 403}
    assert shut_out == {route for route, roles in STAFF_ROUTES.items() if role not in roles}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SHUT - {"account_confirm_email"}))
def test_a_page_that_is_not_listed_answers_nobody(client: Client, name: str) -> None:
    route = next(route for route, pattern in VIEWS.items() if pattern.name == name)
    assert client.get(_address(route)).status_code == 403


def test_a_class_declares_like_a_function() -> None:
    @open_to_all
    class Page(View):
        pass

    assert access_of(Page.as_view(), None) == Access(Audience.EVERYONE)


def test_a_view_that_declares_nothing_is_refused(rf: RequestFactory) -> None:
    forgotten = path("forgotten/", lambda request: None, name="forgotten")
    assert access_of(forgotten.callback, forgotten.name) is None
