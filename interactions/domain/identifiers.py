"""Version 7 UUIDs (RFC 9562) for a whole batch: ordered by time of receipt, then by place in the batch."""

import os

import numpy as np

_VERSION, _VARIANT = 0x7000, 0x80
# As many as the twelve bits after the version can tell apart.
MOST = 4096
# Where the 32 digits stand among 36 signs.
_DIGITS = [at for at in range(36) if at not in (8, 13, 18, 23)]


def identifiers(count: int, milliseconds: int) -> np.ndarray:
    """uint8 (count, 16): 48 bits of milliseconds since 1970, 12 of the place in the batch, 62 at random."""
    made = np.frombuffer(bytearray(os.urandom(16 * count)), dtype=np.uint8).reshape(count, 16)
    made[:, :6] = np.frombuffer(milliseconds.to_bytes(6, "big"), dtype=np.uint8)
    places = (np.arange(count) % MOST | _VERSION).astype(">u2")
    made[:, 6:8] = places.view(np.uint8).reshape(count, 2)
    made[:, 8] = made[:, 8] & 0x3F | _VARIANT
    return made


def as_text(ids: np.ndarray) -> list[str]:
    """The usual spelling with hyphens."""
    spelled = np.full((len(ids), 36), ord("-"), dtype=np.uint8)
    spelled[:, _DIGITS] = np.frombuffer(ids.tobytes().hex().encode(), dtype=np.uint8).reshape(-1, 32)
    text = spelled.tobytes().decode()
    return [text[at : at + 36] for at in range(0, len(text), 36)]
