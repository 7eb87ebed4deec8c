"""The identifying words are taken out, everybody else's stay, and what held them can be read as before."""

import base64
import json
from email import message_from_bytes, policy
from typing import Any

import pytest

from fulfillment.traces.limits import Limits
from fulfillment.traces.look import look
from fulfillment.traces.person import KnownPerson
from fulfillment.traces.redact import REMOVED, redact, redact_value
from tests.fulfillment.traces.ann import ANN
from tests.fulfillment.traces.packings import OPEN, SEALED, mail


@pytest.mark.parametrize(("name", "value", "decoders"), OPEN, ids=[each[0] for each in OPEN])
def test_nothing_is_left_in_a_packing_that_can_be_written(
    name: str, value: Any, decoders: tuple[str, ...]
) -> None:
    done = redact_value(value, ANN)
    assert type(done.value) is type(value)
    assert done.taken
    assert done.is_whole
    assert look(done.value, ANN).hits == ()
    bob = KnownPerson.by(("user_name", "answered"))
    assert look(done.value, bob).hits, "the words of others stay"


@pytest.mark.parametrize(("name", "value", "decoders"), SEALED, ids=[each[0] for each in SEALED])
def test_what_cannot_be_written_again_stays_and_is_told(
    name: str, value: Any, decoders: tuple[str, ...]
) -> None:
    done = redact_value(value, ANN)
    assert done.value == value
    assert done.taken == 0
    assert done.stuck
    assert not done.is_whole


@pytest.mark.parametrize(
    ("name", "value", "decoders"), OPEN + SEALED, ids=[each[0] for each in OPEN + SEALED]
)
def test_a_second_time_changes_nothing(name: str, value: Any, decoders: tuple[str, ...]) -> None:
    once = redact_value(value, ANN, is_proven=True)
    twice = redact_value(once.value, ANN, is_proven=True)
    assert (twice.value, twice.taken) == (once.value, 0)


@pytest.mark.parametrize(
    ("name", "value", "decoders"), OPEN + SEALED, ids=[each[0] for each in OPEN + SEALED]
)
def test_a_stranger_costs_nothing(name: str, value: Any, decoders: tuple[str, ...]) -> None:
    stranger = KnownPerson.by(("name", "Zoë Quist"), ("email", "zoe@example.net"))
    assert redact_value(value, stranger, is_proven=True).value == value


def test_a_note_keeps_the_words_of_its_author() -> None:
    note = "Dear Ann, Tom Lee says Ms Lee (ann@example.org, 030 901820) is Ann's own sister. Ann Smith agrees, Bob."
    assert redact(note, ANN) == (
        f"Dear {REMOVED}, Tom Lee says Ms {REMOVED} ({REMOVED}, {REMOVED}) is {REMOVED}'s own sister. "
        "Ann Smith agrees, Bob."
    )


def test_a_namesake_keeps_the_name() -> None:
    note = "Ann Lee came by, and Ann was pleased."
    assert redact(note, ANN) == note
    assert redact(note, ANN, is_proven=True) == f"{REMOVED} came by, and {REMOVED} was pleased."


def test_words_that_only_look_like_a_name_stay() -> None:
    mark = KnownPerson.by(("name", "Mark May"), ("email", "mark@example.org"))
    note = "mark@example.org may mark it. Mark said he may."
    assert redact(note, mark) == f"{REMOVED} may mark it. {REMOVED} said he may."


def test_json_keeps_everything_else_to_the_letter() -> None:
    text = (
        '{ "amount": 1.10,\n  "big": 12345678901234567890, "to": "ann@example.org", '
        '"phone": 4930901820,\n  "Ü": "\\u00fc" }'
    )
    done = redact(text, ANN)
    assert done == text.replace('"ann@example.org"', f'"{REMOVED}"').replace("4930901820", "null")
    assert json.loads(done)["phone"] is None


def test_json_with_a_quote_in_it_can_still_be_read() -> None:
    text = json.dumps({"note": 'he said "ann@example.org" \\ \n', "ann@example.org": 1})
    assert json.loads(redact(text, ANN)) == {"note": f'he said "{REMOVED}" \\ \n', REMOVED: 1}


def test_html_keeps_its_tags_and_entities() -> None:
    page = '<p class="a&amp;b">&lt;ann&#64;example.org&gt; <a href="mailto:ann@example.org">Ann&nbsp;Lee</a> &uuml;</p>'
    assert redact(page, ANN) == (
        f'<p class="a&amp;b">&lt;{REMOVED}&gt; <a href="mailto:{REMOVED}">{REMOVED}</a> &uuml;</p>'
    )


def test_an_address_of_the_web_stays_one() -> None:
    assert redact("/x?q=ann%40example.org&n=%C3%BC", ANN) == "/x?q=%5Bremoved%5D&n=%C3%BC"


def test_php_says_the_new_length() -> None:
    assert redact('a:2:{s:1:"n";s:2:"ü";s:1:"m";s:15:"ann@example.org";}', ANN) == (
        f'a:2:{{s:1:"n";s:2:"ü";s:1:"m";s:9:"{REMOVED}";}}'
    )


def test_a_mail_can_still_be_read() -> None:
    message = message_from_bytes(redact_value(mail(), ANN).value, policy=policy.default)
    assert message["To"] == "bob@example.com"
    assert message["Subject"] == "Übergabe"
    body = message.get_body()
    assert body is not None
    assert body.get_content() == f"{REMOVED} wrote from {REMOVED}; Bob answered – ja\n"
    assert body["Content-Transfer-Encoding"] == "base64"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "w.bin"
    assert attached.get_content() == f"{REMOVED} wrote from {REMOVED}; Bob answered".encode()


def test_a_signed_mail_stays_as_it_is() -> None:
    signed = mail().replace(b"multipart/mixed", b"multipart/signed")
    done = redact_value(signed, ANN)
    assert (done.value, done.stuck) == (signed, ("mime",))


def test_two_keys_that_become_the_same_are_both_kept() -> None:
    value = {"ann@example.org": 1, "ANN@example.org": 2}
    assert redact_value(value, ANN).value == {REMOVED: 1, f"{REMOVED}'": 2}


def test_what_was_cut_is_told() -> None:
    value = base64.b64encode(b"ann@example.org " * 1000)
    done = redact_value(value.decode(), ANN, is_proven=True, limits=Limits(unpacked_bytes=100))
    assert done.cut == ("base64",)
    assert not done.is_whole
