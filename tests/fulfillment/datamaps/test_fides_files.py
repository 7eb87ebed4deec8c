"""Dataset files that Fides publishes come back equal; where they are of no use here, that is said with the line.

Excerpts, whole collections at a time, of files of github.com/ethyca/fides (Apache-2.0) under data/dataset/:
mongo_nested.yml         mongo_example_test_dataset.yml     fc1aaccca78d7e2ce54c945c19a261c1157df09f
bigquery.yml             bigquery_example_test_dataset.yml  0e6780541c25c0cd25532003b5b385b15a48b58f
postgres_older_spelling  postgres_example_test_dataset.yml  39dd6116251aeccf666d96a0b301552d31b07993
other_source_needed.yml  email_dataset.yml                  8ed11fab391e39a6e6963e583fe408f216cf9cb5
and of demo_resources/:
older_taxonomy.yml       demo_dataset.yml                   719feb2aa2fe7f91d43c0b1b10272e27970a2748

Whole, byte for byte:
several_datasets.yml     data/dataset/example_test_datasets.yml  357b6ec0625b1facdbbd447bb83c5865a8337112
"""

from pathlib import Path

import pytest
import yaml

from fulfillment.datamaps.errors import MapRefused, Severity
from fulfillment.datamaps.export import export_map
from fulfillment.datamaps.read import load_map, map_text, read_map

FILES = Path(__file__).with_name("fides")
USABLE = ("bigquery", "mongo_nested", "postgres_older_spelling")


def text_of(name: str) -> str:
    return map_text(FILES / f"{name}.yml")


def problems(name: str, severity: Severity) -> list[tuple[str, str]]:
    """The written line, and what is said of it."""
    lines = text_of(name).splitlines()
    found = (each for each in read_map(text_of(name)).problems if each.severity is severity)
    return [(lines[each.line - 1].strip(), each.sentence) for each in found]


@pytest.mark.parametrize("name", USABLE)
def test_a_published_dataset_loads_and_comes_back_equal(name: str) -> None:
    exported = export_map(load_map(text_of(name)))
    assert yaml.safe_load(exported) == yaml.safe_load(text_of(name))
    assert load_map(exported) == load_map(text_of(name))


@pytest.mark.parametrize("name", sorted({path.stem for path in FILES.glob("*.yml")} - {"several_datasets"}))
def test_nothing_is_lost_even_of_one_that_is_refused(name: str) -> None:
    data_map = read_map(text_of(name)).data_map
    assert data_map is not None
    assert yaml.safe_load(export_map(data_map)) == yaml.safe_load(text_of(name))


@pytest.mark.parametrize("number", [0, 1])
def test_each_dataset_of_a_whole_published_file_loads_by_its_key_and_comes_back_equal(number: int) -> None:
    text = text_of("several_datasets")
    assert len(text) == 13_059
    written = yaml.safe_load(text)["dataset"]
    key = written[number]["fides_key"]
    data_map = load_map(text, "", key)
    assert data_map.key == key
    assert yaml.safe_load(export_map(data_map)) == {"dataset": [written[number]]}
    assert load_map(export_map(data_map)) == data_map
    # Of the second the lines are those of the file too.
    line = data_map.collection("visit").line
    assert text.splitlines()[line - 1].strip() == "- name: visit"


def test_of_several_datasets_the_keys_are_named_where_none_was_asked_for() -> None:
    keys = "mssql_example_test_dataset, mariadb_example_test_dataset."
    with pytest.raises(MapRefused, match="holds several Datasets") as refused:
        load_map(text_of("several_datasets"))
    assert refused.value.sentence.endswith(keys)
    with pytest.raises(MapRefused, match="no Dataset with the key crm") as refused:
        load_map(text_of("several_datasets"), "", "crm")
    assert refused.value.sentence.endswith(keys)


def test_fields_inside_fields_are_identities_and_references() -> None:
    mongo = load_map(text_of("mongo_nested"))
    profile = mongo.collection("internal_customer_profile").by_name
    assert profile["customer_identifiers.derived_phone"].identity == "phone_number"
    assert profile["customer_identifiers.derived_emails"].data_type == "string[]"
    (reference,) = mongo.collection("rewards").by_name["owner.phone"].references
    assert reference.target == "internal_customer_profile.customer_identifiers.derived_phone"


def test_the_older_spelling_of_metadata_means_the_same() -> None:
    shop = load_map(text_of("postgres_older_spelling"))
    assert shop.collection("customer").primary_key == ("id",)
    (reference,) = shop.collection("orders").by_name["customer_id"].references
    assert (reference.target, reference.direction) == ("customer.id", "from")
    assert "- dataset:" in text_of("postgres_older_spelling").splitlines()[reference.line - 1]


def test_keys_out_of_place_are_pointed_at() -> None:
    unknown = [line for line, words in problems("bigquery", Severity.WARNING) if "does not know" in words]
    assert unknown == ["type: object", "references:"]


def test_a_category_of_an_older_taxonomy_is_refused_with_the_one_of_today() -> None:
    with pytest.raises(MapRefused):
        load_map(text_of("older_taxonomy"))
    found = [words for line, words in problems("older_taxonomy", Severity.ERROR) if line == "- name: state"]
    assert found == [
        "state: fideslang has no data category “user.contact.state”. Did you mean user.contact.address.state?"
    ]


def test_collections_that_only_another_source_leads_to_are_refused() -> None:
    refused = [words for _, words in problems("other_source_needed", Severity.ERROR)]
    assert [words.partition(":")[0] for words in refused] == [
        "no way leads from an identity to daycare_customer",
        "no way leads from an identity to children",
    ]
