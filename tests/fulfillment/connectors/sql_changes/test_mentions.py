"""Words about the person in rows of others are taken out of those that a person named, and nothing else there."""

import json
from typing import Any

from fulfillment.connectors.changing import Hold, How, Kept, Mention, Planned, ReceiptLine
from tests.fulfillment.connectors.sql_changes.shop import Shop, order, shop_map

BOARD = """
create table board (topic int, number int, words text, papers json, primary key (topic, number));
insert into board values
    (1, 1, 'Ann Berg wrote to me from ann@club.example, says Joe', '{"from": "ann@club.example", "n": 1}'),
    (1, 2, 'Ann Berg again', '{"from": "ann@club.example", "n": 2}'),
    (2, 1, 'Joann is well', '{}')
"""


def words(number: int = 1) -> Mention:
    return Mention("board", {"topic": "1", "number": str(number)}, ("words", "papers"))


def test_the_words_are_taken_out_and_everybody_else_s_stay(any_shop: Shop) -> None:
    any_shop.execute(BOARD)
    found = any_shop.connector.preflight(order(mentions=(words(),)), shop_map())
    assert found.problems == ()
    assert Planned("board", How.REDACT, 1, ("words", "papers")) in found.planned
    receipt = any_shop.change(order(mentions=(words(),)))
    (line,) = [each for each in receipt.lines if each.how is How.REDACT]
    assert (line.collection, line.rows, len(line.digest)) == ("board", 1, 64)
    ((first, papers), (second, _), (third, _)) = any_shop.rows(
        "select words, papers from board order by topic, number"
    )
    assert first == "[removed] wrote to me from [removed], says Joe"
    assert _read(papers) == {"from": "[removed]", "n": 1}
    # Nobody said so of these.
    assert (second, third) == ("Ann Berg again", "Joann is well")


def test_a_row_of_a_table_of_the_map_that_is_somebody_else_s(any_shop: Shop) -> None:
    any_shop.execute("update people set note = 'write to ann@club.example' where id = 2")
    any_shop.change(order(mentions=(Mention("people", {"id": "2"}, ("note",)),)))
    assert any_shop.rows("select note, email from people where id = 2") == [
        ("write to [removed]", "joann@club.example")
    ]


def test_a_row_that_must_stay_is_left_as_it_is(any_shop: Shop) -> None:
    """Who holds a record does not want its words changed either."""
    any_shop.execute("update people set note = 'write to ann@club.example' where id = 1")
    held = order(
        mentions=(Mention("people", {"id": "1"}, ("note",)),), holds=(Hold("people", "court", {"id": "1"}),)
    )
    receipt = any_shop.change(held)
    assert Kept("people", 1, "court") in receipt.kept
    assert ReceiptLine("people", How.REDACT, 0) in receipt.lines
    assert any_shop.rows("select note from people where id = 1") == [("write to ann@club.example",)]


def test_a_row_that_is_gone_is_no_obstacle(any_shop: Shop) -> None:
    any_shop.execute(BOARD)
    receipt = any_shop.change(order(mentions=(words(), words(number=99))))
    assert [each.rows for each in receipt.lines if each.how is How.REDACT] == [1]


def test_words_in_a_key_are_named_beforehand(any_shop: Shop) -> None:
    any_shop.execute(
        "create table nicks (nick varchar(40) primary key); insert into nicks values ('ann@club.example')"
    )
    named = order(mentions=(Mention("nicks", {"nick": "ann@club.example"}, ("nick",)),))
    (problem,) = any_shop.connector.preflight(named, shop_map()).problems
    assert problem == "nicks.nick is part of the key and cannot be changed."


def test_doing_it_again_changes_nothing_more(any_shop: Shop) -> None:
    any_shop.execute(BOARD)
    any_shop.change(order(mentions=(words(),)))
    before = any_shop.rows("select words from board order by topic, number")
    any_shop.change(order(mentions=(words(),)))
    assert any_shop.rows("select words from board order by topic, number") == before


def _read(papers: Any) -> Any:
    return json.loads(papers) if isinstance(papers, str | bytes) else papers


PAPERS = '{"n":  1.00000000000000000001, "by": "Ann Berg", "n": 123456789012345678901234567890, "z": 1.50}'


def test_numbers_order_and_spelling_of_the_rest_stay_in_json(any_shop: Shop) -> None:
    board = "create table board (id int primary key, papers json); insert into board values (1, '{}')"
    any_shop.execute(board.format(PAPERS))
    named = order(mentions=(Mention("board", {"id": "1"}, ("papers",)),))
    any_shop.change(named)
    cast = "papers::text" if any_shop.kind == "postgresql" else "papers"
    assert any_shop.rows(f"select {cast} from board") == [(PAPERS.replace("Ann Berg", "[removed]"),)]  # noqa: S608


def test_long_numbers_stay_in_a_field_that_the_map_wants_redacted(any_shop: Shop) -> None:
    long = "0.1234567890123456789012345678901234567890"
    any_shop.execute(
        f"""update people set papers = '{{"m": 1.50, "n": {long}, "w": "Ann Berg"}}' where id = 1"""  # noqa: S608
    )
    any_shop.change(order())
    as_text = "cast(papers as char(200))" if any_shop.kind == "mariadb" else "cast(papers as text)"
    ((papers,),) = any_shop.rows(f"select {as_text} from people where id = 1")  # noqa: S608
    assert papers.replace(" ", "") == f'{{"m":1.50,"n":{long},"w":"[removed]"}}'
