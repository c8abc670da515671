"""Out of the quarantine: the kept bytes of a row."""

from uuid import UUID

from interactions.models import RejectedInteraction
from interactions.sealing import unseal


def place_of(pk: UUID, sender_id: int) -> bytes:
    """What the encryption of a row is bound to."""
    return pk.bytes + sender_id.to_bytes(8, "big")


def body_of(row: RejectedInteraction) -> bytes:
    """The body as it was sent. Raises sealing.Unavailable."""
    return unseal(bytes(row.body), place_of(row.pk, row.sender_id))
