"""The ways to each collection."""

import yaml

from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import read_map
from fulfillment.datamaps.traversal import Link, Seed, Traversal, traverse


def mapped(
    collections: dict[str, dict[str, str]], together: dict[str, list[list[str]]] | None = None
) -> DataMap:
    """A map from short words: `@email` an identity, `<a.b` from, `>a.b` to, `=a.b` both ways."""
    document = {
        "dataset": [
            {
                "fides_key": "s",
                "collections": [
                    {
                        "name": name,
                        "fields": [
                            {"name": field, "fides_meta": _meta(words)} for field, words in fields.items()
                        ],
                    }
                    for name, fields in collections.items()
                ],
                "meta": {
                    "omne": {
                        "collections": {
                            name: {"together": groups} for name, groups in (together or {}).items()
                        }
                    }
                },
            }
        ]
    }
    found = read_map(yaml.safe_dump(document, sort_keys=False)).data_map
    assert found is not None
    return found


def _meta(words: str) -> dict[str, object]:
    meta: dict[str, object] = {}
    for word in words.split():
        if word.startswith("@"):
            meta["identity"] = word[1:]
        else:
            direction = {"<": {"direction": "from"}, ">": {"direction": "to"}, "=": {}}[word[0]]
            references = meta.setdefault("references", [])
            assert isinstance(references, list)
            references.append({"dataset": "s", "field": word[1:], **direction})
    return meta


def order(traversal: Traversal) -> list[str]:
    """The collections in the order of the steps."""
    return [step.collection for step in traversal.steps]


def test_parents_come_before_children_whatever_their_order_in_the_map() -> None:
    found = traverse(
        mapped(
            {
                "lines": {"order_id": "<orders.id"},
                "orders": {"id": "", "who": "<people.id"},
                "people": {"id": "", "mail": "@email"},
            }
        )
    )
    assert order(found) == ["people", "orders", "lines"]
    assert found.steps[0].seeds == (Seed("mail", "email"),)
    assert found.steps[2].links == (Link("orders", (("id", "order_id"),)),)


def test_to_is_from_seen_from_the_other_side() -> None:
    found = traverse(mapped({"people": {"id": ">orders.who", "mail": "@email"}, "orders": {"who": ""}}))
    assert found.steps[1].links == (Link("people", (("id", "who"),)),)


def test_a_reference_without_direction_leads_away_from_the_identity() -> None:
    found = traverse(mapped({"orders": {"who": "=people.id"}, "people": {"id": "", "mail": "@email"}}))
    assert order(found) == ["people", "orders"]
    assert found.circles == ()


def test_a_collection_may_be_reached_in_several_ways() -> None:
    found = traverse(
        mapped(
            {
                "people": {"id": "", "mail": "@email"},
                "orders": {"who": "<people.id", "mail": "@email", "by": "<people.id"},
            }
        )
    )
    assert found.steps[1].seeds == (Seed("mail", "email"),)
    assert [link.pairs for link in found.steps[1].links] == [(("id", "who"),), (("id", "by"),)]


def test_names_collections_that_no_way_leads_to() -> None:
    found = traverse(mapped({"people": {"mail": "@email"}, "lonely": {"a": ""}}))
    assert found.unreachable == ("lonely",)


def test_kinds_of_identity_that_are_not_at_hand_open_no_way() -> None:
    both = mapped(
        {
            "people": {"id": "", "mail": "@email"},
            "calls": {"phone": "@phone_number"},
            "notes": {"who": "<people.id"},
        }
    )
    found = traverse(both, {"phone_number"})
    assert order(found) == ["calls"]
    assert found.unreachable == ("people", "notes")


def test_a_circle_is_cut_where_it_comes_back_to_the_nearest() -> None:
    found = traverse(
        mapped(
            {
                "staff": {"id": "", "mail": "@email", "boss": "<staff.id"},
                "teams": {"lead": "<staff.id", "id": ">staff.boss"},
            }
        )
    )
    assert order(found) == ["staff", "teams"]
    assert set(found.circles) == {("staff", "staff"), ("teams", "staff")}


def test_fields_that_refer_together_make_one_link() -> None:
    found = traverse(
        mapped(
            {
                "people": {"tenant": "", "id": "", "mail": "@email"},
                "orders": {"tenant": "<people.tenant", "who": "<people.id"},
            },
            together={"orders": [["tenant", "who"]]},
        )
    )
    assert found.steps[1].links == (Link("people", (("tenant", "tenant"), ("id", "who"))),)


ADDRESSES = {
    "addresses": {"who": ">people.id <people.id", "mail": "@email"},
    "people": {"id": ""},
    "orders": {"who": "<people.id"},
    "bounces": {"mail": "<addresses.mail"},
}


def test_one_address_leads_to_the_person_and_the_person_to_the_others() -> None:
    found = traverse(mapped(ADDRESSES))
    assert [step.collection for step in found.steps if step.is_entrance] == ["addresses"]
    assert order(found) == ["addresses", "people", "addresses", "bounces", "orders"]
    ahead, people, every = found.steps[:3]
    assert ahead.seeds == every.seeds == (Seed("mail", "email"),)
    assert ahead.links == ()
    assert people.links == (Link("addresses", (("who", "id"),)),)
    assert every.links == (Link("people", (("id", "who"),)),)
    assert found.circles == ()
    assert found.unreachable == ()


def test_there_and_back_again_without_an_identity_to_begin_with_is_a_way_from_one_side() -> None:
    found = traverse(mapped({**ADDRESSES, "people": {"id": "", "phone": "@phone_number"}}), {"phone_number"})
    assert order(found)[:2] == ["people", "addresses"]
    assert not any(step.is_entrance for step in found.steps)
    assert found.steps[1].links == (Link("people", (("id", "who"),)),)


def test_both_sides_may_hold_an_identity() -> None:
    found = traverse(mapped({**ADDRESSES, "people": {"id": "", "mail": "@email"}}))
    ahead, people, every = found.steps[:3]
    assert (ahead.collection, ahead.is_entrance) == ("addresses", True)
    assert people.seeds == (Seed("mail", "email"),)
    assert people.links == (Link("addresses", (("who", "id"),)),)
    assert every.links == (Link("people", (("id", "who"),)),)
