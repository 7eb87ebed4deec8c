"""A browser's loop gives its thread connections of its own: those from before must not stay open beside them."""

import pytest
from django.db import connections

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_whoever_opens_a_browser_leaves_no_connection_for_a_restore_to_cut(
    request: pytest.FixtureRequest,
) -> None:
    before = connections["default"]
    before.ensure_connection()
    request.getfixturevalue("chromium")
    assert connections["default"] is not before
    assert before.connection is None
