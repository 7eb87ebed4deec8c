"""Connecting a source: refusals before anything is written, secrets sealed, maps numbered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from fulfillment.connectors.errors import NotConfigured
from fulfillment.datamaps.errors import MapRefused
from fulfillment.sources.connect import change_settings, connect_source, load_map
from fulfillment.sources.connection import open_connector
from fulfillment.sources.errors import SourceAlreadyConnected
from fulfillment.sources.models import DataMapVersion, DataSource
from requests_app.audit.models import AuditEntry
from requests_app.errors import BadInput
from requests_app.registry import NotRegistered
from tests.factories import NOON, SYSTEM
from tests.sources import SHOP_MAP, connect_shop

pytestmark = pytest.mark.django_db
MAP = SHOP_MAP.format(key="erp")
SECRET = "pw@:/%{secret}"


def connect(**changes: Any) -> DataSource:
    """Connect a database that nobody asks anything of."""
    wanted: dict[str, Any] = {
        "key": "erp",
        "kind": "postgresql",
        "label": "",
        "settings": {"url": "postgresql://reader@db.example/erp", "password": SECRET},
        "map_yaml": MAP,
    }
    return connect_source(**{**wanted, **changes}, by=SYSTEM, at=NOON)


def test_a_source_starts_with_the_first_version_of_its_map() -> None:
    source = connect()
    assert (source.label, source.enabled, source.position) == ("Shop", True, 1)
    assert (source.map_in_force.number, source.map_in_force.loaded_at) == (1, NOON)
    assert source.map_in_force.data_map.key == "erp"
    assert connect(key="erp_two").position == 2


def test_what_happened_is_recorded_without_the_settings() -> None:
    connect()
    entries = AuditEntry.objects.filter(target_type="datasource").order_by("pk")
    assert [entry.event for entry in entries] == ["source.connected", "source.map_loaded"]
    assert SECRET not in "".join(entry.facts for entry in entries)


def test_settings_are_sealed_in_the_database_and_open_for_the_connector() -> None:
    source = DataSource.objects.get(pk=connect().pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM fulfillment_datasource")
        stored = repr([bytes(each) if isinstance(each, memoryview) else each for each in cursor.fetchone()])
    assert SECRET not in stored
    assert SECRET not in f"{source} {source!r} {open_connector(source).settings!r}"
    assert open_connector(source).settings.password.get_secret_value() == SECRET


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "carrier_pigeon"}, NotRegistered),
        ({"settings": {"url": SECRET}}, NotConfigured),
        ({"settings": {"address": SECRET}}, NotConfigured),
        ({"map_yaml": "dataset: []"}, MapRefused),
        ({"map_yaml": MAP.replace("customers.id", "customers.gone")}, MapRefused),
        (
            {"kind": "rest_api", "settings": {"base_url": "https://api.example.com", "token": SECRET}},
            NotConfigured,
        ),
        ({"kind": "object_store", "settings": {"root": "file:///tmp"}}, NotConfigured),
        ({"key": "Not A Key"}, BadInput),
        ({"key": ""}, BadInput),
        ({"label": "x" * 121}, BadInput),
    ],
)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(
    changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as refused:
        connect(**changes)
    assert SECRET not in str(refused.value)
    assert not DataSource.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_key_is_used_once() -> None:
    connect()
    with pytest.raises(SourceAlreadyConnected, match="“erp” is connected already"):
        connect()


def test_a_changed_map_gets_the_next_number_and_the_same_one_does_not() -> None:
    source = connect()
    later = NOON + timedelta(days=1)
    assert load_map(source=source, map_yaml=MAP, by=SYSTEM, at=later).number == 1
    changed = load_map(source=source, map_yaml=MAP.replace("Shop team", "New team"), by=SYSTEM, at=later)
    assert (changed.number, changed.loaded_at, changed.data_map.owner) == (2, later, "New team")
    assert DataSource.objects.get(pk=source.pk).map_in_force == changed
    assert DataMapVersion.objects.count() == 2


def test_a_map_with_errors_does_not_replace_the_one_in_force() -> None:
    source = connect()
    with pytest.raises(MapRefused, match="which this map does not have"):
        load_map(source=source, map_yaml=MAP.replace("customers.id", "customers.gone"), by=SYSTEM, at=NOON)
    assert source.map_in_force.number == 1


def test_settings_can_be_replaced_and_a_wrong_set_changes_nothing() -> None:
    source = connect()
    change_settings(source=source, settings={"url": "postgresql://db.example/new"}, by=SYSTEM, at=NOON)
    assert open_connector(DataSource.objects.get(pk=source.pk)).settings.password is None
    with pytest.raises(NotConfigured):
        change_settings(source=source, settings={"nonsense": SECRET}, by=SYSTEM, at=NOON)
    assert (
        open_connector(DataSource.objects.get(pk=source.pk)).settings.url.get_secret_value().endswith("/new")
    )


def test_a_source_in_memory_can_be_connected_for_tests() -> None:
    assert open_connector(connect_shop()).kind == "in_memory"


def test_a_map_in_force_can_be_replaced_but_never_changed() -> None:
    source = connect_shop()
    version = source.map_in_force
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        DataMapVersion.objects.filter(pk=version.pk).update(yaml="dataset: []")
