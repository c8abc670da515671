"""Encryption at rest: AES-256-GCM under a ring of keys, bound to the place where the bytes stand.

What is sealed for one row cannot be opened in another, and what was changed cannot be opened at all.
"""

import secrets
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORMAT = b"\x01"
_KEY_ID_SIZE, _NONCE_SIZE = 8, 12
_HEAD_SIZE = len(_FORMAT) + _KEY_ID_SIZE


class Unavailable(Exception):
    """The bytes cannot be opened; its text is a sentence that says why."""


def seal(plain: bytes, place: bytes) -> bytes:
    """Format, key id, nonce and ciphertext with its tag. `place`: what `unseal` must be told again."""
    key = settings.DATA_KEYS[0]
    head = _FORMAT + _key_id(key)
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return head + nonce + AESGCM(key).encrypt(nonce, plain, head + place)


def unseal(sealed: bytes, place: bytes) -> bytes:
    """What was sealed at this place. Raises Unavailable."""
    head, nonce = sealed[:_HEAD_SIZE], sealed[_HEAD_SIZE : _HEAD_SIZE + _NONCE_SIZE]
    ring = {_FORMAT + _key_id(key): key for key in settings.DATA_KEYS}
    if head not in ring:
        raise Unavailable("Its key is not among the data keys.")
    try:
        return AESGCM(ring[head]).decrypt(nonce, sealed[_HEAD_SIZE + _NONCE_SIZE :], head + place)
    except (InvalidTag, ValueError):
        raise Unavailable("It was changed since it was written.") from None


def _key_id(key: bytes) -> bytes:
    return blake2b(key, digest_size=_KEY_ID_SIZE, person=b"data-key-id").digest()
