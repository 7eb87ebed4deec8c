"""Fields that lie inside a JSON value of a database are changed there, and never passed over."""

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
import yaml

from fulfillment.connectors.changing import Correction, Operation, PreflightFailed
from fulfillment.datamaps.datamap import DataMap
from fulfillment.datamaps.read import load_map
from tests.fulfillment.connectors.sql_changes.shop import Shop, order, shop_yaml


def map_inside(column: str, *fields: dict[str, Any], **rules: Any) -> DataMap:
    """The shop's map with these fields inside a column of its people, of whom the rules alone are said."""
    written = yaml.safe_load(shop_yaml())
    (dataset,) = written["dataset"]
    people = next(each for each in dataset["collections"] if each["name"] == "people")
    outside = next(each for each in people["fields"] if each["name"] == column)
    del outside["data_categories"]
    outside |= {"fides_meta": {"data_type": "object"}, "fields": list(fields)}
    dataset["meta"]["omne"]["collections"]["people"] = {
        "erase": "mask" if "fields" in rules else "keep",
        **rules,
    }
    return load_map(yaml.safe_dump(written))


def inner(name: str, *fields: dict[str, Any], data_type: str = "") -> dict[str, Any]:
    """A field as a map writes it."""
    if fields:
        return {"name": name, "fides_meta": {"data_type": data_type or "object"}, "fields": list(fields)}
    return {"name": name, "data_categories": ["user"]} | (
        {"fides_meta": {"data_type": data_type}} if data_type else {}
    )


WANTED = {
    "mask": (order(collections=("people",)), {"fields": {"phone.by": {"erase": "clear"}}}),
    "correction": (
        order(
            Operation.CORRECT,
            corrections=(Correction("people", "phone.by", "a", "b"),),
            collections=("people",),
        ),
        {},
    ),
    "restriction": (
        order(Operation.RESTRICT, collections=("people",)),
        {"restrict": {"set": {"phone.by": "x"}, "lift": {"phone.by": "y"}}},
    ),
    "suppression": (
        order(Operation.SUPPRESS, purposes=("marketing",), collections=("people",)),
        {"suppress": {"marketing": {"phone.by": False}}},
    ),
}


@pytest.mark.parametrize("wanted", WANTED)
def test_a_field_that_is_nowhere_to_be_written_is_named_before_anything_changes(
    any_shop: Shop, wanted: str
) -> None:
    asked, rules = WANTED[wanted]
    before = any_shop.everything()
    data_map = map_inside("phone", inner("by"), **rules)
    found = any_shop.connector.preflight(asked, data_map)
    assert any("people.phone.by lies inside" in each for each in found.problems), found.problems
    with pytest.raises(PreflightFailed):
        any_shop.change(asked, data_map)
    assert any_shop.everything() == before


PAPERS = {
    "by": "Ann Berg",
    "mail": "ann@club.example",
    "born": "1980-05-17",
    "n": 1.10,
    "kept": {"of": "Joe", "seen": True},
    "deep": {"er": {"phone": "030 1", "count": 3}, "none": None},
    "list": [{"name": "Ann", "of": 2}, {"name": None}, {"of": [1, 2.50]}],
    "words": ["Ann", None, "Berg"],
    "lists": [{"of": [{"name": "Ann", "n": 7}, {"name": "Joe"}]}, {"of": []}],
}


def papers_map(**rules: Any) -> DataMap:
    """The map of these papers."""
    return map_inside(
        "papers",
        *(inner(name) for name in ("by", "mail", "born", "missing", "news")),
        inner("deep", inner("er", inner("phone"), inner("count")), inner("none")),
        inner("list", inner("name"), data_type="object[]"),
        inner("words", data_type="string[]"),
        inner("lists", inner("of", inner("name"), data_type="object[]"), data_type="object[]"),
        inner("prefs", inner("news")),
        **rules,
    )


@pytest.fixture(params=["json", "text"])
def papers_shop(request: pytest.FixtureRequest, any_shop: Shop) -> Shop:
    """The shop with papers of Ann, in a column of JSON or of text."""
    if request.param == "text":
        verb = {"postgresql": "alter papers type text", "mariadb": "modify papers text"}.get(any_shop.kind)
        any_shop.execute(
            f"alter table people {verb}"
            if verb
            else "alter table people drop column papers; alter table people add column papers text"
        )
    any_shop.execute(f"update people set papers = '{json.dumps(PAPERS)}'")  # noqa: S608
    return any_shop


def papers(shop: Shop, number: int = 1) -> dict[str, Any]:
    """What the papers of a person say now."""
    ((written,),) = shop.rows(f"select papers from people where id = {number}")  # noqa: S608
    found = json.loads(written) if isinstance(written, str) else written
    assert isinstance(found, dict)
    return found


def hashed(text: str) -> str:
    """What takes its place."""
    return hmac.new(b"a secret of this order", text.encode(), sha256).hexdigest()


def test_fields_inside_are_masked_where_they_lie_and_nothing_beside_them(papers_shop: Shop) -> None:
    masks = {
        "by": "clear", "mail": "keep_domain", "born": "generalise_date", "missing": "clear",
        "deep.er.phone": "hash", "deep.none": "hash", "list.name": "hash", "words": "hash",
        "lists.of.name": {"with": "constant", "value": "x"},
    }  # fmt: skip
    data_map = papers_map(fields={f"papers.{name}": {"erase": mask} for name, mask in masks.items()})
    asked = order(collections=("people",))
    found = papers_shop.connector.preflight(asked, data_map)
    assert found.problems == ()
    assert set(found.planned[0].fields) == {f"papers.{name}" for name in masks}
    papers_shop.change(asked, data_map)
    assert papers(papers_shop) == PAPERS | {
        "by": None,
        "mail": f"{hashed('ann@club.example')[:16]}@club.example",
        "born": "1980-01-01",
        "deep": {"er": {"phone": hashed("030 1"), "count": 3}, "none": None},
        "list": [{"name": hashed("Ann"), "of": 2}, {"name": None}, {"of": [1, 2.50]}],
        "words": [hashed("Ann"), None, hashed("Berg")],
        "lists": [{"of": [{"name": "x", "n": 7}, {"name": "x"}]}, {"of": []}],
    }
    assert papers(papers_shop, 2) == PAPERS


def test_a_whole_list_can_be_cleared(any_shop: Shop) -> None:
    any_shop.execute(f"update people set papers = '{json.dumps(PAPERS)}'")  # noqa: S608
    any_shop.change(order(collections=("people",)), papers_map(fields={"papers.words": {"erase": "clear"}}))
    assert papers(any_shop) == PAPERS | {"words": None}


def test_only_what_reads_as_wrong_is_corrected_inside(papers_shop: Shop) -> None:
    wanted = (
        Correction("people", "papers.deep.er.phone", "030 1", "030 9"),
        Correction("people", "papers.deep.er.count", "3", "4"),
        Correction("people", "papers.list.name", "Ann", "Anna"),
        Correction("people", "papers.by", "Anne Berg", "X"),
        Correction("people", "papers.missing", "", "there"),
    )
    asked = order(Operation.CORRECT, corrections=wanted, collections=("people",))
    assert papers_shop.connector.preflight(asked, papers_map()).problems == ()
    assert papers_shop.change(asked, papers_map()).rows == 1
    assert papers(papers_shop) == PAPERS | {
        "deep": {"er": {"phone": "030 9", "count": 4}, "none": None},
        "list": [{"name": "Anna", "of": 2}, {"name": None}, {"of": [1, 2.50]}],
        "missing": "there",
    }
    assert papers(papers_shop, 2) == PAPERS


def test_rows_in_which_nothing_inside_is_wrong_are_no_concern(any_shop: Shop) -> None:
    wanted = (Correction("people", "papers.by", "Somebody Else", "X"),)
    asked = order(Operation.CORRECT, corrections=wanted, collections=("people",))
    assert any_shop.change(asked, papers_map()).rows == 0


def test_a_mark_inside_is_set_even_where_there_was_none(papers_shop: Shop) -> None:
    rules = {
        "restrict": {"set": {"papers.prefs.news": False}, "lift": {"papers.prefs.news": True}},
        "suppress": {"marketing": {"papers.news": "no"}},
    }
    data_map = papers_map(**rules)
    papers_shop.change(order(Operation.RESTRICT, collections=("people",)), data_map)
    assert papers(papers_shop) == PAPERS | {"prefs": {"news": False}}
    papers_shop.change(order(Operation.LIFT, collections=("people",)), data_map)
    assert papers(papers_shop) == PAPERS | {"prefs": {"news": True}}
    papers_shop.execute("update people set papers = null where id = 1")
    papers_shop.change(order(Operation.SUPPRESS, collections=("people",), purposes=("marketing",)), data_map)
    assert papers(papers_shop) == {"news": "no"}


@pytest.mark.parametrize(
    "held",
    ['{"by": {"x": 1}, "deep": "Ann"}', '{"deep": [{"er": 1}]}', '["Ann"]', '{"list": {"name": "Ann"}}'],
)
def test_a_value_of_another_shape_than_the_map_says_is_named(any_shop: Shop, held: str) -> None:
    any_shop.execute(f"update people set papers = '{held}' where id = 1")  # noqa: S608
    masks = {"papers.deep.er.phone": {"erase": "clear"}, "papers.list.name": {"erase": "clear"}}
    before = any_shop.everything()
    asked, data_map = order(collections=("people",)), papers_map(fields=masks)
    found = any_shop.connector.preflight(asked, data_map)
    assert any("papers.deep.er.phone lies inside papers" in each for each in found.problems), found.problems
    with pytest.raises(PreflightFailed):
        any_shop.change(asked, data_map)
    assert any_shop.everything() == before


def test_what_lies_inside_is_read_back_where_it_lies(papers_shop: Shop) -> None:
    masks = {"by": "clear", "list.name": "clear", "mail": "hash"}
    data_map = papers_map(fields={f"papers.{name}": {"erase": mask} for name, mask in masks.items()})
    asked = order(collections=("people",))
    undone = papers_shop.connector.read_back(asked, data_map).line("people")
    assert undone is not None
    assert (undone.wrong, set(undone.fields)) == (1, {f"papers.{name}" for name in masks})
    papers_shop.change(asked, data_map)
    done = papers_shop.connector.read_back(asked, data_map).line("people")
    assert done is not None
    assert (done.rows, done.wrong, done.untold) == (1, 0, "")


def test_a_correction_inside_is_read_back_where_it_lies(papers_shop: Shop) -> None:
    wanted = (Correction("people", "papers.list.name", "Ann", "Anna"),)
    asked = order(Operation.CORRECT, corrections=wanted, collections=("people",))
    undone = papers_shop.connector.read_back(asked, papers_map()).line("people")
    assert undone is not None
    assert (undone.wrong, undone.right) == (1, 0)
    papers_shop.change(asked, papers_map())
    done = papers_shop.connector.read_back(asked, papers_map()).line("people")
    assert done is not None
    assert (done.wrong, done.right) == (0, 1)


def test_words_inside_are_redacted_where_they_lie_and_nowhere_else(papers_shop: Shop) -> None:
    held = {"by": "Ann Berg", "mail": "Ann, ask Joe", "list": [{"name": "Ann and Joe"}, {"name": 3}]}
    papers_shop.execute(f"update people set papers = '{json.dumps(held)}' where id = 1")  # noqa: S608
    masks = {"mail": "redact", "list.name": "redact", "words": "redact", "by": "keep"}
    data_map = papers_map(fields={f"papers.{name}": {"erase": mask} for name, mask in masks.items()})
    asked = order(collections=("people",))
    assert papers_shop.connector.preflight(asked, data_map).problems == ()
    papers_shop.change(asked, data_map)
    assert papers(papers_shop) == {
        "by": "Ann Berg",
        "mail": "[removed], ask Joe",
        "list": [{"name": "[removed] and Joe"}, {"name": 3}],
    }
