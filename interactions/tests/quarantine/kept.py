"""What the tests of the quarantine send and find."""

from interactions.models import RejectedInteraction
from interactions.quarantine.opening import body_of

TRACK = "/api/interaction-tracking/track"
BULK = "/api/interaction-tracking/track-bulk"


def send(api, url, raw):
    return api.generic("POST", url, raw, content_type="application/json")


def send_bulk(api, *items):
    return send(api, BULK, b"[" + b",".join(items) + b"]")


def kept():
    """(code, body) of every row, in the order of its place."""
    rows = RejectedInteraction.objects.order_by("received_at", "place")
    return [(row.code, body_of(row)) for row in rows]
