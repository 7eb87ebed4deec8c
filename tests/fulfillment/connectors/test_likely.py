"""What is asked of every record first: quick, and never less than the expression behind it would let through."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from fulfillment.connectors.likely import Likely
from fulfillment.traces.needles import needles_of
from fulfillment.traces.person import KnownPerson

PERSON = KnownPerson.by(
    ("email", "jo_e.müller@shop.example"),
    ("phone_number", "+49 30 1234567"),
    ("name", "Joe Mueller"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
    ("address", "Lange Straße 12"),
    ("customer_number", "K%77"),
)
NEEDLES = needles_of(PERSON)
PIECES = st.sampled_from([
    "jo_e.", "müller", "mueller", "muller", "MÜLLER", "joe", "@", "%40", "\\u0040", "shop.example",
    "1", "2", "3", "4", "5", "6", "7", "1234567", "de89", "3704", "0044", "0532", "0130", "00",
    "lange", "strasse", "straße", "str", "12", "k%77", "K_77", "k", "77", "-", "\n",
    "Zz4YmFzZTY0", "content-transfer-encoding:",
])  # fmt: skip


@given(st.lists(PIECES, max_size=12), st.sampled_from(["", " ", ", ", "-"]))
@example(["jo_e.", "müller", "@", "shop.example"], "")
@example(["1", "2", "3", "4", "5", "6", "7"], " ")
@example(["joe", "mueller"], " ")
def test_the_quick_look_lets_through_whatever_the_expression_finds(words: list[str], between: str) -> None:
    text = between.join(words)
    is_plain = re.search(NEEDLES.plain, text.lower(), re.DOTALL) is not None
    assert Likely(NEEDLES).text(text) or not is_plain


def test_a_record_is_looked_at_down_to_its_innermost_value_and_in_its_order() -> None:
    likely = Likely(needles_of(KnownPerson.by(("name", "Joe Mueller"))))
    assert likely.record({"who": {"names": [{"given": "Joe"}, {"family": "Mueller"}]}})
    assert not likely.record({"who": {"names": [{"given": "Joe"}], "count": 3, "none": None}})


def test_the_name_of_a_field_may_be_the_person() -> None:
    likely = Likely(needles_of(KnownPerson.by(("email", "joe@shop.example"))))
    assert likely.record({"by": {"joe@shop.example": True}})
