"""A new secret in the place of an old one: written, never said, and used from the next question on."""

import json
from datetime import timedelta

import pytest

from fulfillment.connectors.errors import NotConfigured
from fulfillment.sources.connect import connect_source
from fulfillment.sources.connection import open_connector
from fulfillment.sources.errors import NoSuchSecret
from fulfillment.sources.models import DataSource
from fulfillment.sources.replace_secret import replace_secret
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from tests.factories import NOON, SYSTEM
from tests.sources import SHOP_MAP, connect_shop

pytestmark = pytest.mark.django_db
OLD, NEW = "old-canary", "new@:/%{canary}"
LATER = NOON + timedelta(days=1)
WAS, IS = f"whsec_{'b2xk' * 10}", f"whsec_{'bmV3' * 10}"


def connect(kind: str = "postgresql", **settings: str) -> DataSource:
    values = settings or {"url": "postgresql://db.example/shop", "password": OLD}
    return connect_source(
        key="shop",
        kind=kind,
        label="Shop",
        settings=values,
        map_yaml=SHOP_MAP.format(key="shop"),
        by=SYSTEM,
        at=NOON,
    )


def replaced(source: DataSource, name: str, secret: str) -> DataSource:
    replace_secret(source=source, name=name, secret=secret, by=SYSTEM, at=LATER)
    return DataSource.objects.get(pk=source.pk)


def test_the_new_secret_takes_the_place_of_the_old_one_and_nothing_else_changes() -> None:
    settings = open_connector(replaced(connect(), "password", NEW)).settings
    assert settings.password.get_secret_value() == NEW
    assert settings.url.get_secret_value() == "postgresql://db.example/shop"


def test_the_audit_says_which_setting_was_replaced_and_neither_secret() -> None:
    replaced(connect(), "password", NEW)
    entry = AuditEntry.objects.get(event="source.secret_replaced")
    assert json.loads(entry.facts) == {"source": "shop", "setting": "password"}
    said = json.dumps(list(AuditEntry.objects.values()), default=str)
    assert OLD not in said
    assert NEW not in said


def test_a_source_that_rests_after_failures_is_asked_again() -> None:
    source = connect()
    DataSource.objects.update(failures_in_row=9, rests_until=LATER, last_error="It does not let us in.")
    source = replaced(source, "password", NEW)
    assert (source.failures_in_row, source.rests_until, source.last_error) == (0, None, "")


def test_a_setting_that_is_no_secret_is_refused_with_those_that_are() -> None:
    with pytest.raises(NoSuchSecret, match=r"no secret setting of that name\. Its secrets: url, password"):
        replaced(connect(), NEW, "x")
    with pytest.raises(NoSuchSecret, match="It has none"):
        replaced(connect_shop("other"), "rows", NEW)


@pytest.mark.parametrize("secret", ["", "  \n", "a\0b"])
def test_nothing_at_all_is_no_secret(secret: str) -> None:
    with pytest.raises(BadInput, match="Nothing was changed"):
        replaced(connect(), "password", secret)


def test_a_secret_that_cannot_be_used_changes_nothing_and_is_not_said() -> None:
    source = connect()
    with pytest.raises(NotConfigured, match="The setting url") as refused:
        replaced(source, "url", NEW)
    assert NEW not in str(refused.value)
    assert DataSource.objects.get().settings_sealed == source.settings_sealed
    assert not AuditEntry.objects.filter(event="source.secret_replaced").exists()


def test_what_signed_our_calls_goes_on_for_a_week() -> None:
    source = connect("webhook", url="https://crm.example/privacy", secret=WAS)
    settings = open_connector(replaced(source, "secret", IS)).settings
    assert settings.secrets_in_force(LATER + timedelta(days=6)) == (IS, WAS)
    assert settings.secrets_in_force(LATER + timedelta(days=7)) == (IS,)
