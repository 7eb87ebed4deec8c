"""The key ring seals with its first key, opens with every key, and says which one is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.encryption.errors import KeyMissing, SealBroken
from requests_app.encryption.keys import current_keys, seal, sealing_key_id, secret_key, unseal

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def ring(settings):
    settings.FIELD_KEYS = {"old": OLD}


@given(plaintext=st.binary(max_size=300), context=st.text(max_size=40))
def test_what_is_sealed_opens_in_its_context(plaintext, context):
    assert unseal(seal(plaintext, context=context), context=context) == plaintext


@given(plaintext=st.binary(min_size=1, max_size=80), data=st.data())
def test_one_changed_byte_anywhere_is_noticed(plaintext, data):
    sealed = bytearray(seal(plaintext, context="here"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises((SealBroken, KeyMissing)):
        unseal(bytes(sealed), context="here")


@given(cut=st.integers(0, 40))
def test_a_cut_seal_is_broken_and_not_a_crash(cut):
    with pytest.raises((SealBroken, KeyMissing)):
        unseal(seal(b"", context="here")[: min(cut, 32)], context="here")


def test_another_context_does_not_open():
    with pytest.raises(SealBroken):
        unseal(seal(b"Ada", context="people.name:1"), context="people.name:2")


def test_the_same_text_is_sealed_differently_each_time():
    assert seal(b"Ada", context="x") != seal(b"Ada", context="x")


def test_after_rotation_the_new_key_seals_and_the_old_still_opens(settings):
    before = seal(b"Ada", context="x")
    settings.FIELD_KEYS = {"new": NEW, "old": OLD}
    assert sealing_key_id(seal(b"Ada", context="x")) == "new"
    assert sealing_key_id(before) == "old"
    assert unseal(before, context="x") == b"Ada"


def test_a_key_that_left_the_ring_is_named(settings):
    sealed = seal(b"Ada", context="x")
    settings.FIELD_KEYS = {"new": NEW}
    with pytest.raises(KeyMissing, match="“old”"):
        unseal(sealed, context="x")


@pytest.mark.parametrize("keys", [{}, {"a": b"short"}, {"a b": OLD}, {"é": OLD}])
def test_an_unusable_ring_is_refused_without_showing_a_key(settings, keys):
    settings.FIELD_KEYS = keys
    with pytest.raises(KeyMissing) as refusal:
        current_keys()
    assert "short" not in refusal.value.sentence


def test_a_key_setting_of_the_wrong_length_is_named(settings):
    settings.CODE_KEY = b"short"
    with pytest.raises(KeyMissing, match="CODE_KEY"):
        secret_key("CODE_KEY")


def test_the_ring_shows_ids_and_never_keys():
    assert repr(current_keys()) == "<KeyRing old; sealing with old>"
