"""What a person is known by, in a browser: nothing wrong with the page, small or wide, light or dark, full or empty."""

import os
from typing import Any

import pytest
from django.conf import settings

from fulfillment.identities.add import NewIdentity, enter_identity, propose
from fulfillment.identities.decide import accept_identity, refuse_identity
from fulfillment.identities.states import Doubt, Found
from requests_app.audit.actors import Actor
from requests_app.lifecycle.models import SubjectRequest
from requests_app.lifecycle.states import RequestState as S
from requests_app.roles import Role
from tests.browser import Visitor, faults, in_every_look
from tests.desk import signed_in
from tests.factories import NOON, SYSTEM, a_request_in, ada_asks, rosa, staff
from tests.fulfillment.identities.systems import connect_billing, connect_code, connect_crm

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MET = [
    NewIdentity("customer_number", "7", Found.REFERENCE, ("crm", "customers", "id"), Doubt.SEVERAL),
    NewIdentity(
        "phone_number", "+49 30 901820", Found.RECORD, ("crm", "customers", "phone"), Doubt.SELF_SAID
    ),
    NewIdentity("github_login", "octo-ada", Found.GIVEN, doubt=Doubt.UNPROVEN),
    *(NewIdentity("loyalty_card", f"card-{n:06}", Found.GIVEN, doubt=Doubt.UNPROVEN) for n in range(12)),
]


def many() -> SubjectRequest:
    """Known by much, in every state."""
    for connect in (connect_crm, connect_billing, connect_code):
        connect()
    asked, by = a_request_in(S.IN_REVIEW), Actor.staff(rosa())
    propose(subject_request=asked, new=MET, by=SYSTEM, at=NOON)
    for number, value in enumerate(
        ("ada@work.example", "office@example.org", "a.very.long.address@subdomain.example.org")
    ):
        row = enter_identity(
            subject_request_id=asked.pk, kind="email", value=value, evidence="her letter", by=by, at=NOON
        )
        if number < 2:
            accept_identity(identity_id=row.pk, evidence="seen", is_shared=number == 1, by=by, at=NOON)
        else:
            refuse_identity(identity_id=row.pk, evidence="a namesake's", by=by, at=NOON)
    return asked


@in_every_look
@pytest.mark.parametrize("what", ["many", "empty", "decide"])
def test_nothing_is_wrong_with_the_page(
    visitor: Visitor, live_server: Any, what: str, width: int, theme: str
) -> None:
    asked = ada_asks() if what == "empty" else many()
    path = f"/staff/requests/{asked.reference}/known-by/"
    if what == "decide":
        path += f"{asked.known_identities.get(kind='customer_number').pk}/accept/"
    client = signed_in(staff("Rosa", Role.CASE_WORKER))
    page = visitor(width=width, theme=theme)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page.goto(path)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/known-by-{what}-{width}-{theme}.png", full_page=True)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
