"""What is sealed opens in its place, under any key of the ring, and nowhere else."""

import secrets

import pytest

from interactions.sealing import Unavailable, seal, unseal

OLD, NEW = secrets.token_bytes(32), secrets.token_bytes(32)


def test_what_is_sealed_opens_in_its_place():
    assert unseal(seal(b"\0\xff plain", b"here"), b"here") == b"\0\xff plain"


def test_the_same_bytes_are_never_sealed_alike():
    assert seal(b"plain", b"here") != seal(b"plain", b"here")


def test_sealed_bytes_do_not_open_in_another_place():
    with pytest.raises(Unavailable, match="changed since"):
        unseal(seal(b"plain", b"here"), b"there")


def test_every_changed_byte_is_noticed():
    sealed = seal(b"plain", b"here")
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(Unavailable):
            unseal(bytes(changed), b"here")
    for length in range(len(sealed)):
        with pytest.raises(Unavailable):
            unseal(sealed[:length], b"here")


def test_after_a_rotation_the_new_key_encrypts_and_both_decrypt(settings):
    settings.DATA_KEYS = [OLD]
    before = seal(b"before", b"here")
    settings.DATA_KEYS = [NEW, OLD]
    after = seal(b"after", b"here")
    assert (unseal(before, b"here"), unseal(after, b"here")) == (b"before", b"after")
    settings.DATA_KEYS = [NEW]
    assert unseal(after, b"here") == b"after"
    with pytest.raises(Unavailable, match="not among the data keys"):
        unseal(before, b"here")
