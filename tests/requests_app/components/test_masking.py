"""Addresses shown in part."""

import pytest

from requests_app.components.masking import masked_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("marta.duarte@example.org", "ma••••••@example.org"),
        ("ab@example.org", "a••••••@example.org"),
        ("a@example.org", "a••••••@example.org"),
        ('"odd@name"@example.org', '"o••••••@example.org'),
    ],
)
def test_only_the_beginning_and_the_host_are_shown(address: str, shown: str) -> None:
    assert masked_address(address) == shown
