"""A manifest is written as RFC 8785 writes JSON, by the examples of the standard itself."""

import json
import struct

import pytest
import rfc8785

from requests_app.encryption.manifests import canonical, signature_text
from requests_app.encryption.signing import own_public_key, sign

# Appendix B: the bits of a number, and the one way to write it.
NUMBERS = {
    "0000000000000000": b"0",
    "8000000000000000": b"0",
    "0000000000000001": b"5e-324",
    "8000000000000001": b"-5e-324",
    "7fefffffffffffff": b"1.7976931348623157e+308",
    "ffefffffffffffff": b"-1.7976931348623157e+308",
    "4340000000000000": b"9007199254740992",
    "c340000000000000": b"-9007199254740992",
    "4430000000000000": b"295147905179352830000",
    "44b52d02c7e14af5": b"9.999999999999997e+22",
    "44b52d02c7e14af6": b"1e+23",
    "44b52d02c7e14af7": b"1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": b"999999999999999700000",
    "444b1ae4d6e2ef4f": b"999999999999999900000",
    "444b1ae4d6e2ef50": b"1e+21",
    "3eb0c6f7a0b5ed8c": b"9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": b"0.000001",
    "41b3de4355555553": b"333333333.3333332",
    "41b3de4355555554": b"333333333.33333325",
    "41b3de4355555555": b"333333333.3333333",
    "41b3de4355555556": b"333333333.3333334",
    "41b3de4355555557": b"333333333.33333343",
    "becbf647612f3696": b"-0.0000033333333333333333",
    "43143ff3c1cb0959": b"1424953923781206.2",
}
NO_NUMBERS = ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"]


def number(bits: str) -> float:
    return float(struct.unpack(">d", bytes.fromhex(bits))[0])


@pytest.mark.parametrize("bits", NUMBERS)
def test_numbers_are_written_as_the_appendix_writes_them(bits: str) -> None:
    assert canonical({"n": number(bits)}) == b'{"n":%s}' % NUMBERS[bits]


@pytest.mark.parametrize("bits", NO_NUMBERS)
def test_what_json_has_no_word_for_is_refused(bits: str) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical({"n": number(bits)})


@pytest.mark.parametrize("size", [2**53, -(2**53), 10**30])
def test_a_whole_number_that_others_would_round_is_refused(size: int) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical({"n": size})


def test_members_are_sorted_by_the_units_of_utf_16() -> None:
    """Section 3.2.3: the emoji, which is written by two units, stands before the Hebrew letter."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical({name: number for number, name in enumerate(names)})
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_texts_and_words_are_written_as_the_example_writes_them() -> None:
    """Section 3.2.2."""
    said = json.loads(
        r'{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],'
        r'"string":"\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}'
    )
    assert (
        canonical(said)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical({"a": "\ud800"})


def test_the_file_of_the_signature_is_canonical_too() -> None:
    written = signature_text(b"{}", sign(b"{}"), own_public_key())
    assert rfc8785.dumps(json.loads(written)) == written
