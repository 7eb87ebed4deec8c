"""The data maps of the demo's sources."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from fideslang.models import Dataset

import omne_dsar.demo
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map_file, read_map
from fulfillment.datamaps.traversal import traverse
from omne_dsar.demo.scan import desk, erp, events
from omne_dsar.demo.scan.following import Address, Follows, Way
from requests_app.policy.company import COMPANY
from tests.company import SmallCompany

FOLDER = Path(omne_dsar.demo.__file__).parent / "maps"
NAMES = ("omne_erp", "omne_desk", "product_events")
WAYS = {"omne_erp": erp.WAYS, "omne_desk": desk.WAYS, "product_events": events.WAYS}


def document(name: str) -> dict[str, Any]:
    content = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    dataset: dict[str, Any] = content["dataset"][0]
    return dataset


def ways_of(data_map: DataMap) -> dict[str, set[Way]]:
    return {
        step.collection: {Address(seed.field or _asked(data_map, step.collection)) for seed in step.seeds}
        | {Follows(own, link.parent, theirs) for link in step.links for theirs, own in link.pairs}
        for step in traverse(data_map).steps
    }


def _asked(data_map: DataMap, collection: str) -> str:
    """The field an endpoint is asked by has the name of the parameter."""
    assert data_map.api is not None
    return next(iter(data_map.api.collections[collection].query))


@pytest.mark.parametrize("name", NAMES)
def test_each_map_is_a_fideslang_dataset(name: str) -> None:
    assert Dataset.model_validate(document(name)).fides_key == name


@pytest.mark.parametrize("name", NAMES)
def test_each_map_is_without_an_error_or_a_warning(name: str) -> None:
    assert read_map((FOLDER / f"{name}.yaml").read_text(encoding="utf-8")).problems == ()


@pytest.mark.parametrize("name", NAMES)
def test_every_collection_and_every_field_has_a_name_that_people_can_read(name: str) -> None:
    ours = document(name)["meta"]["omne"]["collections"]
    for collection in load_map_file(FOLDER / f"{name}.yaml").collections:
        assert ours[collection.name]["label"]
        assert collection.about
        assert {each.name for each in collection.every_field()} == set(ours[collection.name]["fields"])


def test_every_category_of_the_privacy_policy_is_answered() -> None:
    answered = {key for name in NAMES for key in load_map_file(FOLDER / f"{name}.yaml").policy_categories}

    assert answered == {category.key for category in COMPANY.categories}


@pytest.mark.parametrize("name", NAMES)
def test_the_map_and_the_plain_scan_follow_the_same_ways(name: str) -> None:
    data_map = load_map_file(FOLDER / f"{name}.yaml")
    expected = {collection: set(ways) for collection, ways in WAYS[name].items()}
    if data_map.api:
        found = ways_of(data_map)
        found["comments"] = {Follows("ticket_id", "tickets", "id")}
        assert found == expected
    else:
        assert ways_of(data_map) == expected


def test_every_table_of_the_erp_is_mapped_or_its_absence_explained(company: SmallCompany) -> None:
    data_map = load_map_file(FOLDER / "omne_erp.yaml")
    unmapped = document("omne_erp")["meta"]["omne"]["unmapped"]

    assert set(columns_of(company)) == {each.name for each in data_map.collections} | set(unmapped)
    assert not {each.name for each in data_map.collections} & set(unmapped)
    assert all(len(reason) > 10 for reason in unmapped.values())


def test_every_column_of_a_mapped_table_is_mapped(company: SmallCompany) -> None:
    columns = columns_of(company)

    for collection in load_map_file(FOLDER / "omne_erp.yaml").collections:
        assert [each.name for each in collection.fields] == columns[collection.name], collection.name


def test_the_keys_of_the_map_are_the_keys_of_the_database(company: SmallCompany) -> None:
    keys = keys_of(company)

    for collection in load_map_file(FOLDER / "omne_erp.yaml").collections:
        assert set(collection.primary_key) == keys[collection.name], collection.name


def test_every_column_that_looks_like_a_secret_is_one_in_the_map(company: SmallCompany) -> None:
    telling = ("password", "token", "secret")
    for collection in load_map_file(FOLDER / "omne_erp.yaml").collections:
        looks = {each.name for each in collection.fields if any(word in each.name for word in telling)}
        assert looks == {each.name for each in collection.secret_fields}, collection.name


def test_what_tax_law_keeps_is_kept() -> None:
    data_map = load_map_file(FOLDER / "omne_erp.yaml")
    kept = {each.name for each in data_map.collections if each.retention and each.retention.keep}

    assert {"invoices", "invoice_lines", "payments", "refunds"} <= kept
    assert all("deletion" not in data_map.collection(name).rights for name in kept)


def columns_of(company: SmallCompany) -> dict[str, list[str]]:
    """Columns by table and view, in the order of the database."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(company.erp_url) as connection:
        for schema, table, column in connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema in ('public', 'crm') order by table_schema, table_name, ordinal_position"
        ):
            found.setdefault(table if schema == "public" else f"{schema}.{table}", []).append(column)
    return found


def keys_of(company: SmallCompany) -> dict[str, set[str]]:
    """Columns of the primary key, by table."""
    found: dict[str, set[str]] = {}
    with psycopg.connect(company.erp_url) as connection:
        for table, column in connection.execute(
            "select i.indrelid::regclass::text, a.attname from pg_index i join pg_attribute a"
            " on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indisprimary"
        ):
            found.setdefault(table, set()).add(column)
    return found
