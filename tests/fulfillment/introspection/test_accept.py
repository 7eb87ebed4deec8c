"""A proposal beside the map in force, and what becomes of the parts that are accepted."""

from collections.abc import Callable

import pytest
import yaml

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from fulfillment.introspection.accept import Decision, merged
from fulfillment.introspection.compare import Change, Kind, compare
from tests.fulfillment.datamaps.maps import SHOP

PROPOSAL = """\
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: crm.customers
        fields:
          - name: id
            fides_meta: {primary_key: true}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email}
          - name: password_hash
          - name: wa_number
            data_categories: [user.contact.phone_number]
      - name: orders
        fields:
          - name: id
            data_categories: [user.device.ip_address]
            fides_meta: {primary_key: true}
          - name: customer_id
            fides_meta: {references: [{dataset: shop, field: crm.customers.id, direction: from}]}
      - name: visits
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: seen_by, fides_meta: {references: [{dataset: shop, field: people.id, direction: to}]}}
          - {name: email, fides_meta: {identity: email}}
      - name: comments
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - {name: about_type}
          - {name: about_id}
      - name: people
        fields: [{name: id}, {name: mail, fides_meta: {identity: email}}]
    meta:
      omne:
        unmapped: {taxes: Rates only.}
        collections:
          crm.customers:
            fields:
              wa_number:
                type: text
                proposed: [{what: category, value: user.contact.phone_number, confidence: 0.94, why: numbers}]
          orders:
            fields:
              id:
                proposed: [{what: category, value: user.device.ip_address, confidence: 0.97, why: the form}]
          comments:
            fields:
              about_id:
                references: [{field: crm.customers.id, when: {about_type: [Customer]}, direction: from}]
          visits:
            policy: usage
            fields: {id: {type: bigint}}
"""


@pytest.fixture
def in_force() -> DataMap:
    return load_map(SHOP)


@pytest.fixture
def proposal() -> DataMap:
    return load_map(PROPOSAL)


@pytest.fixture
def accept(in_force: DataMap, proposal: DataMap) -> Callable[..., DataMap]:
    """The map after these lines were accepted as they stand."""

    def accepted(*places: str, **categories: str) -> DataMap:
        every = {f"{each.collection}.{each.field}": each for each in compare(proposal, in_force).every}
        chosen = [
            (every[place], Decision(True, categories.get(place.rpartition(".")[2], every[place].category)))
            for place in places
        ]
        return load_map(merged(in_force, proposal, chosen))

    return accepted


def kinds(changes: tuple[Change, ...]) -> set[tuple[Kind, str, str]]:
    return {(each.kind, each.collection, each.field) for each in changes}


def test_the_diff_says_what_came_what_differs_and_what_is_gone(in_force: DataMap, proposal: DataMap) -> None:
    assert kinds(compare(proposal, in_force).every) == {
        (Kind.ADDED, "crm.customers", "wa_number"),
        (Kind.GONE, "crm.customers", "address"),
        (Kind.CHANGED, "orders", "id"),
        (Kind.ADDED, "visits", "id"),
        (Kind.ADDED, "visits", "seen_by"),
        (Kind.ADDED, "visits", "email"),
        (Kind.ADDED, "comments", "id"),
        (Kind.ADDED, "comments", "about_type"),
        (Kind.ADDED, "comments", "about_id"),
        (Kind.ADDED, "people", "id"),
        (Kind.ADDED, "people", "mail"),
        (Kind.LEFT_OUT, "taxes", ""),
    }


def test_a_map_beside_itself_has_no_difference(in_force: DataMap) -> None:
    assert compare(in_force, in_force).every == ()


def test_what_goes_is_never_ticked_beforehand(in_force: DataMap, proposal: DataMap) -> None:
    ticked = {each.kind for each in compare(proposal, in_force).every if each.is_accepted_by_default}
    assert ticked == {Kind.ADDED, Kind.CHANGED}


def test_an_accepted_column_joins_its_collection_and_its_guesses_are_settled(
    accept: Callable[..., DataMap],
) -> None:
    field = accept("crm.customers.wa_number").collection("crm.customers").by_name["wa_number"]
    assert (field.categories, field.type_name, field.proposed) == (("user.contact.phone_number",), "text", ())


def test_a_corrected_category_is_the_one_that_counts(accept: Callable[..., DataMap]) -> None:
    data_map = accept("crm.customers.wa_number", wa_number="user.contact")
    assert data_map.collection("crm.customers").by_name["wa_number"].categories == ("user.contact",)


def test_everything_else_stays_as_it_was_written(in_force: DataMap, accept: Callable[..., DataMap]) -> None:
    after = accept("crm.customers.wa_number")
    assert after.collection("orders") == in_force.collection("orders")
    assert after.collection("crm.customers").fields[:-1] == in_force.collection("crm.customers").fields
    assert after.document["meta"]["owner_team"] == "sales"


def test_a_new_table_comes_with_what_was_accepted_of_it_and_no_loose_reference(
    accept: Callable[..., DataMap],
) -> None:
    visits = accept("visits.id", "visits.seen_by", "visits.email").collection("visits")
    assert [each.name for each in visits.fields] == ["id", "seen_by", "email"]
    assert visits.by_name["seen_by"].references == ()
    assert visits.policy == "usage"


def test_a_column_that_is_gone_goes_with_what_was_said_of_it(accept: Callable[..., DataMap]) -> None:
    after = accept("crm.customers.address")
    assert "address" not in after.collection("crm.customers").by_name
    assert "address.street" not in after.document["meta"]["omne"]["collections"]["crm.customers"]["fields"]


def test_a_table_left_out_is_named_with_the_reason(accept: Callable[..., DataMap], proposal: DataMap) -> None:
    after = accept("taxes.")
    assert after.unmapped == {"taxes": "Rates only."}
    assert (Kind.LEFT_OUT, "taxes", "") not in kinds(compare(proposal, after).every)


def test_a_reference_that_holds_beside_a_type_is_accepted_with_the_type(
    accept: Callable[..., DataMap],
) -> None:
    comments = accept("comments.id", "comments.about_type", "comments.about_id").collection("comments")
    (reference,) = comments.by_name["about_id"].references
    assert (reference.target, reference.when) == ("crm.customers.id", (("about_type", ("Customer",)),))


def test_it_goes_where_the_field_with_the_type_was_not_accepted(in_force: DataMap, proposal: DataMap) -> None:
    wanted = {("comments", "id"), ("comments", "about_id")}
    chosen = [
        (each, Decision(True))
        for each in compare(proposal, in_force).every
        if (each.collection, each.field) in wanted
    ]
    (dataset,) = yaml.safe_load(merged(in_force, proposal, chosen))["dataset"]
    assert dataset["meta"]["omne"]["collections"]["comments"]["fields"]["about_id"] == {}
