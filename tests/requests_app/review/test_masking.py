"""Names and addresses, masked."""

import pytest

from requests_app.review.masking import masked_address, masked_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Marta Oliveira", "M•••• O•••••••"),
        ("Olivia Ashworth-Finch", "O••••• A•••••••-F••••"),
        ("李小龍", "李••"),
        ("  Ada  ", "A••"),
        ("X", "X"),
        ("", "–"),
    ],
)
def test_a_name_keeps_only_its_first_letters(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_a_long_name_does_not_tell_its_length() -> None:
    assert masked_name("W" * 40) == masked_name("W" * 60)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("ada@example.org", "a••••@e••••.org"),
        ("ann+x@mail.co.uk", "a••••@m••••.uk"),
        ("ada@localhost", "a••••@localhost"),
    ],
)
def test_an_address_keeps_its_ends(address: str, masked: str) -> None:
    assert masked_address(address) == masked
