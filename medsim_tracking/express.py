"""The express lane of the tracking endpoints: what is plainly in order is answered before the framework unfolds.

A simulator's interactions are nearly all in order, and most of what a view set does for a request (negotiation,
parsers, permissions, exceptions) would find nothing to do. Whatever is not plain is left to the views in
`interactions/api`, which say what is wrong with it; both read, charge, write and answer by the same functions.
Single interactions that arrive together are stored together (`gathering`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import msgspec
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.api.tokens import Claims, claims_of, holders_of
from accounts.limits import Verdict
from accounts.models import User
from interactions.api.answers import GOOD, bulk_answer, tracked
from interactions.api.limits import limit_headers, rate_of, spend, spend_together
from interactions.api.parsers import InteractionParser
from interactions.api.views import TrackBulkView, TrackView, read_one_quickly, read_quickly
from interactions.domain.bulk_reader import Bulk
from interactions.domain.telling import Telling
from interactions.models import RejectedInteraction
from interactions.policies import policy_book
from interactions.quarantine.keeping import Arrival
from interactions.services import CREATED, Outcome, track_bulk_interactions, track_together
from medsim_tracking.api import problem_handler
from medsim_tracking.gathering import Gathering

TRACK, TRACK_BULK = "/api/interaction-tracking/track", "/api/interaction-tracking/track-bulk"
PLAIN_TYPES = ("application/json", "application/json; charset=utf-8", "application/json;charset=utf-8")
_encode = msgspec.json.Encoder(enc_hook=str).encode


class ExpressLaneMiddleware:
    """Answers what is plain; passes on the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self._lanes = {path + slash: lane for path, lane in _LANES.items() for slash in ("", "/")}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        lane = self._lanes.get(request.path_info)
        return (lane and request.method == "POST" and _answer(request, lane)) or self.get_response(request)


def _answer(request: HttpRequest, lane: "_Lane") -> HttpResponse | None:
    told = request.META
    length = told.get("CONTENT_LENGTH") or ""
    if told.get("QUERY_STRING") or "HTTP_CONTENT_ENCODING" in told or told.get("CONTENT_TYPE") not in PLAIN_TYPES:
        return None
    if not (length.isascii() and length.isdecimal() and int(length) <= InteractionParser.max_bytes):
        return None
    claims = claims_of(told.get("HTTP_AUTHORIZATION", ""))
    if claims is None:
        return None
    request.get_host()  # refuses a host that is not ours, as for every other address
    body = request.body
    try:
        bulk = lane.read(body)
        return lane.answer(request, claims, bulk) if bulk else None
    except Exception as error:
        return _problem(request, error)


def _problem(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = problem_handler(error, {"request": SimpleNamespace(_request=request)})
    if answer is None:
        raise error
    paid = getattr(request, "paid", None)
    headers = {**(limit_headers(paid) if paid else {}), **answer.headers, "Content-Type": answer.content_type}
    return _written(answer.data, answer.status_code, headers)


def _json(status: int, body: dict[str, Any], verdict: Verdict) -> HttpResponse:
    return _written(body, status, {**limit_headers(verdict), "Content-Type": "application/json"})


def _written(body: Any, status: int, headers: dict[str, str]) -> HttpResponse:
    content = _encode(body)
    headers |= {
        # Without its length the server would send it in chunks.
        "Content-Length": str(len(content)),
        "Content-Security-Policy": _content_security_policy(),
    }
    return HttpResponse(content, status=status, headers=headers)


@lru_cache(maxsize=1)
def _content_security_policy() -> str:
    """The policy of every page. Its middleware makes it anew for each answer, a tenth of what one costs here."""
    return build_policy()


def _bulk(request: HttpRequest, claims: Claims, bulk: Bulk) -> HttpResponse | None:
    sender, now, cost = holders_of([claims]).get(claims), timezone.now(), len(bulk.telling)
    if not TrackBulkView.access.admits(sender) or cost > rate_of(sender).limit:
        return None
    request.paid = verdict = spend(sender, cost, now)
    if not verdict.allowed:
        return None
    arrival = Arrival(sender, RejectedInteraction.Door.TRACK_BULK, request.body, now, sent_at=bulk.sent_at)
    outcomes = track_bulk_interactions(
        sender=sender,
        interactions=bulk.telling,
        now=now,
        sent_at=bulk.sent_at,
        before_commit=arrival.keep_refused,
    )
    return _json(*bulk_answer(outcomes), verdict)


@dataclass(frozen=True, slots=True)
class _Single:
    """One interaction on its way into a gathering."""

    claims: Claims
    telling: Telling


def _single(request: HttpRequest, claims: Claims, bulk: Bulk) -> HttpResponse | None:
    answer = _together.ask(_Single(claims, bulk.telling))
    if answer is None:
        return None
    outcome, request.paid = answer
    if isinstance(outcome, Exception):
        raise outcome
    if outcome.status not in GOOD:
        return None
    return _json(201 if outcome.status == CREATED else 200, tracked(outcome, policy_book()), request.paid)


def _store(singles: list[_Single]) -> list[tuple[Outcome | Exception, Verdict] | None]:
    """What became of each, and what its sender has left; None: not plain after all, and nothing was charged.

    Where nothing could be stored, that is what became of each: it was charged, and is told what is left.
    """
    now, people = timezone.now(), holders_of([each.claims for each in singles])
    places: dict[User, list[int]] = {}
    for place, each in enumerate(singles):
        if (sender := people.get(each.claims)) and TrackView.access.admits(sender):
            places.setdefault(sender, []).append(place)
    answers: list[tuple[Outcome | Exception, Verdict] | None] = [None] * len(singles)
    allowed = spend_together({sender: len(theirs) for sender, theirs in places.items()}, now)
    told = [(sender, Telling.together([singles[at].telling for at in places[sender]])) for sender in allowed]
    try:
        stored = track_together(tellings=told, now=now)
    except Exception as error:
        stored = [[error] * len(telling) for _, telling in told]
    for (sender, verdict), outcomes in zip(allowed.items(), stored, strict=True):
        for later, (place, outcome) in enumerate(zip(places[sender], outcomes, strict=True), 1):
            # As if each had been charged by itself, in the order they are answered here.
            left = verdict.remaining + len(outcomes) - later
            answers[place] = outcome, verdict._replace(remaining=left)
    return answers


@dataclass(frozen=True, slots=True)
class _Lane:
    """read    the plain reader of a body; None: not plain
    answer  the answer to what it read; None: not plain after all
    """

    read: Callable[[bytes], Bulk | None]
    answer: Callable[[HttpRequest, Claims, Bulk], HttpResponse | None]


_together: Gathering[_Single, tuple[Outcome | Exception, Verdict] | None] = Gathering(_store)
_LANES = {TRACK: _Lane(read_one_quickly, _single), TRACK_BULK: _Lane(read_quickly, _bulk)}
