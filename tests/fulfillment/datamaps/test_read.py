"""Reading a map: what the value holds, and what is refused with its line."""

from pathlib import Path

import pytest

from fulfillment.datamaps.errors import MapRefused, Severity
from fulfillment.datamaps.read import load_map, load_map_file, read_map
from tests.fulfillment.datamaps.maps import SHOP, changed

DEMO_MAPS = sorted(Path("omne_dsar/demo/maps").glob("*.yaml"))


def first_error(text: str) -> tuple[int, str]:
    """Line and sentence of the first error of a map that is refused."""
    reading = read_map(text)
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    assert errors, reading.problems
    return errors[0].line, errors[0].sentence


def test_holds_what_the_map_says() -> None:
    shop = load_map(SHOP)
    customers = shop.collection("crm.customers")
    assert (shop.key, shop.label, shop.owner) == ("shop", "The shop", "Sales <sales@shop.example>")
    assert [each.name for each in shop.collections] == ["crm.customers", "orders"]
    assert (customers.label, customers.policy, customers.legal_basis) == ("Customers", "account", "contract")
    assert customers.retention is not None
    assert customers.retention.keep
    assert customers.rights == ("access",)
    assert customers.primary_key == ("id",)
    assert shop.identity_kinds == {"email"}
    assert shop.policy_categories == {"account", "purchases"}


def test_keeps_the_order_of_collections_and_fields() -> None:
    fields = load_map(SHOP).collection("crm.customers").fields
    assert [each.name for each in fields] == ["id", "email", "password_hash", "address"]


def test_secrets_are_named_and_not_returned() -> None:
    customers = load_map(SHOP).collection("crm.customers")
    assert [each.label for each in customers.secret_fields] == ["Password"]
    assert [each.name for each in customers.returned_fields] == ["id", "email", "address"]


@pytest.mark.parametrize(
    ("said", "is_secret"),
    [("", True), ("secret: false", False), ("secret: true", True), ("label: Key", True)],
)
def test_what_opens_an_account_is_a_secret_unless_the_map_says_no(said: str, is_secret: bool) -> None:
    text = f"""
dataset:
  - fides_key: sso
    name: SSO
    meta:
      omne:
        label: SSO
        owner: Ops <ops@shop.example>
        collections:
          users:
            label: Users
            policy: account
            purposes: [provide_services]
            legal_basis: contract
            retention: {{rule: "always"}}
            fields:
              token: {{{said}}}
    collections:
      - name: users
        fields:
          - name: id
            data_categories: [user.authorization.credentials]
            fides_meta: {{primary_key: true}}
          - name: email
            fides_meta: {{identity: email}}
          - name: token
            data_categories: [user.authorization.credentials]
"""
    users = load_map(text).collection("users")
    assert [each.name for each in users.secret_fields] == ["token"] * is_secret


def test_fields_inside_fields_have_dotted_names_and_labels_of_their_own() -> None:
    assert load_map(SHOP).collection("crm.customers").by_name["address.street"].label == "Street"


def test_a_field_without_categories_has_those_of_its_collection() -> None:
    assert load_map(SHOP).collection("orders").by_name["id"].categories == ("user.behavior.purchase_history",)


def test_a_target_is_found_although_collection_names_hold_dots() -> None:
    found = load_map(SHOP).find_field("crm.customers.address.street")
    assert found is not None
    assert (found[0].name, found[1].name) == ("crm.customers", "address.street")


def test_a_map_without_additions_is_read_with_names_for_labels() -> None:
    plain = SHOP[: SHOP.index("    meta:\n")]
    reading = read_map(plain)
    assert reading.data_map is not None
    assert not reading.has_errors
    assert reading.data_map.collection("crm.customers").label == "Crm customers"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("identity: email", "primary_key: maybe", "valid boolean"),
        ("data_type: integer", "data_type: int", "data type int is not supported"),
        ("direction: from", "direction: sideways", "'from' or 'to'"),
        ("policy: account", "policy: secrets", "“secrets” is no category of the privacy policy"),
        (
            'legal_basis: contract\n            retention: {rule: "10 years", keep',
            'legal_basis: whim\n            retention: {rule: "10 years", keep',
            "“whim” is no legal basis",
        ),
        ("keep: true", "keeps: true", "Extra inputs are not permitted"),
        ("recipients: [hosting]", "recipients: [neighbours]", "“neighbours” is no recipient"),
        ("rights: [access]", "rights: [everything]", "“everything” is no right"),
    ],
)
def test_a_wrong_value_is_an_error_at_its_line(before: str, after: str, words: str) -> None:
    text = changed(before, after)
    line, sentence = first_error(text)
    assert words in sentence
    assert after.partition("\n")[0] in text.splitlines()[line - 1]


def test_text_that_is_no_map_is_an_error() -> None:
    assert "begins with “dataset:”" in first_error("- a\n- b\n")[1]
    assert "begins with “dataset:”" in first_error("dataset: {a: 1}")[1]


def test_a_text_with_several_datasets_needs_a_key() -> None:
    second = SHOP.replace("dataset:\n", "").replace("fides_key: shop", "fides_key: other")
    both = SHOP + second
    assert "several Datasets" in first_error(both)[1]
    reading = read_map(both, key="other")
    assert reading.data_map is not None
    assert reading.data_map.key == "other"


def test_refuses_with_one_sentence_that_names_file_and_line() -> None:
    with pytest.raises(MapRefused, match=r"The data map shop.yaml, line 37: .*secrets.*") as refused:
        load_map(changed("policy: account", "policy: secrets"), "shop.yaml")
    assert refused.value.problems


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MapRefused, match="there is no such file"):
        load_map_file(tmp_path / "gone.yaml")


def test_a_file_that_is_not_text_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MapRefused, match="not UTF-8"):
        load_map_file(tmp_path / "odd.yaml")


@pytest.mark.parametrize("path", DEMO_MAPS, ids=lambda path: path.name)
def test_the_maps_of_the_demo_have_no_problem_at_all(path: Path) -> None:
    reading = read_map(path.read_text(encoding="utf-8"))
    assert [problem.at(path.name) for problem in reading.problems] == []


@pytest.mark.parametrize("path", DEMO_MAPS, ids=lambda path: path.name)
def test_the_maps_of_the_demo_speak_to_its_people_in_their_languages(path: Path) -> None:
    assert set(load_map_file(path).words) >= {"de", "ja", "ar"}


def test_there_are_maps_of_the_demo() -> None:
    assert len(DEMO_MAPS) == 3
