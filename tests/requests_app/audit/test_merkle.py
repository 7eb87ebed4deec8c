"""The tree over the chain is that of RFC 6962, and a path proves one entry and no other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.audit.merkle import Tree, Witness, root_by

HASHES = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40)


def _as_the_rfc_says(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + _as_the_rfc_says(leaves[:k]) + _as_the_rfc_says(leaves[k:])).digest()


@given(hashes=HASHES)
def test_the_root_is_that_of_the_rfc_at_every_size(hashes: list[str]) -> None:
    tree = Tree()
    for size, each in enumerate(hashes, start=1):
        tree.add(each)
        assert tree.root == _as_the_rfc_says([bytes.fromhex(one) for one in hashes[:size]]).hex()


@given(hashes=HASHES)
def test_a_path_leads_each_entry_to_the_root(hashes: list[str]) -> None:
    tree = Witness(range(1, len(hashes) + 1))
    for size, added in enumerate(hashes, start=1):
        tree.add(added)
        found = tree.paths()
        assert list(found) == list(range(1, size + 1))
        for position, each in enumerate(hashes[:size], start=1):
            assert root_by(found[position], entry_hash=each, position=position, size=size) == tree.root


@given(hashes=HASHES, data=st.data())
def test_a_path_leads_no_other_entry_there(hashes: list[str], data: st.DataObject) -> None:
    position = data.draw(st.integers(1, len(hashes)))
    tree = Witness([position])
    for each in hashes:
        tree.add(each)
    path = tree.paths()[position]
    other = data.draw(
        st.binary(min_size=32, max_size=32).map(bytes.hex).filter(lambda one: one not in hashes)
    )
    assert root_by(path, entry_hash=other, position=position, size=len(hashes)) != tree.root


@pytest.mark.parametrize(("position", "path"), [(0, []), (3, []), (1, []), (1, ["00" * 32, "00" * 32])])
def test_a_path_that_cannot_fit_is_refused(position: int, path: list[str]) -> None:
    with pytest.raises(ValueError, match=r"path|outside"):
        root_by(path, entry_hash="11" * 32, position=position, size=2)


def test_an_empty_tree_has_no_root() -> None:
    assert Tree().root == ""


def test_a_long_chain_costs_a_few_hashes_for_each_entry_that_is_wanted() -> None:
    tree = Witness([3, 777])
    for number in range(5000):
        tree.add(f"{number:064x}")
    held = [each for hashes in tree._beside.values() for each in hashes]
    assert len(held) + len(tree._peaks) < 2 * 13 + 13
    assert Witness([1]).paths() == {}
