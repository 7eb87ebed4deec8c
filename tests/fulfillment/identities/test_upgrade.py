"""Requests that were under way when identities became rows go on being searched by their address."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from fulfillment.identities.selectors import query_for
from requests_app.lifecycle.states import RequestState as S
from tests.factories import a_request_in, ada_asks

pytestmark = pytest.mark.django_db
MIGRATION = "0019_known_identities"


def test_what_was_searched_by_its_address_goes_on_being_so_and_the_unproven_is_not() -> None:
    known, unproven = a_request_in(S.IN_REVIEW), ada_asks(email="bob@example.com")
    known.known_identities.all().delete()
    apps = MigrationLoader(connection).project_state(("fulfillment", MIGRATION)).apps
    import_module(f"fulfillment.migrations.{MIGRATION}").keep_asking_by_the_address(apps, None)
    assert query_for(known).values("email") == ("ada@example.org",)
    assert query_for(unproven).kinds == frozenset()
