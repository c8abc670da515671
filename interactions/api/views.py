"""The tracking endpoints and the history. They declare and delegate; the writer decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.models import User
from accounts.selectors import visible_user
from interactions.api import schema
from interactions.api.answers import GOOD, bulk_answer, history_item, instant, tracked, window_json
from interactions.api.filters import HistoryFilter
from interactions.api.limits import MeteredView
from interactions.api.parsers import Body, InteractionParser, RefusedBody
from interactions.api.problems import Problem, as_json, query_problem, refuse_unknown
from interactions.domain.bulk_reader import Bulk, read_bulk
from interactions.domain.fields import FieldError
from interactions.envelope import MAX_ITEMS, EnvelopeFault, read_envelope
from interactions.models import RejectedInteraction, UserInteractionTrackingModel
from interactions.paging import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MAX_OFFSET,
    PagingFault,
    after,
    cursor_behind,
    whole_number,
)
from interactions.policies import policy_book
from interactions.quarantine.keeping import Arrival
from interactions.services import (
    CONFLICT,
    CREATED,
    INVALID,
    REFUSED,
    track_bulk_interactions,
    track_interaction,
)
from interactions.turns import turn_to_read
from interactions.windows import ALL, WINDOW_QUERY, WindowFault, read_window

Door = RejectedInteraction.Door
FORBIDDEN = "not_your_user"


class TrackView(MeteredView):
    """POST one interaction."""

    access = Access.SENDER
    parser_classes = (InteractionParser,)

    @extend_schema(**schema.TRACK)
    def post(self, request):
        now = timezone.now()
        with _refused_bodies_kept(request.user, Door.TRACK, now), self.reading_costs_one(now):
            body = _body(request)
            bulk = read_one_quickly(body.raw)
            interaction = body.value if bulk is None else bulk.telling
        self.charge(1, now)
        arrival = Arrival(request.user, Door.TRACK, body.raw, now)
        outcome = track_interaction(
            sender=request.user, interaction=interaction, now=now, before_commit=arrival.keep_refused
        )
        if outcome.status == INVALID:
            raise Problem(400, outcome.code, outcome.detail, as_json(outcome.errors))
        if outcome.status == CONFLICT:
            raise Problem(409, outcome.code, outcome.detail)
        if outcome.status == REFUSED:
            raise Problem(403 if outcome.code == FORBIDDEN else 422, outcome.code, outcome.detail)
        return Response(tracked(outcome, policy_book()), status=201 if outcome.status == CREATED else 200)


class TrackBulkView(MeteredView):
    """POST many interactions; each is answered for itself, in the order sent."""

    access = Access.SENDER
    parser_classes = (InteractionParser,)

    @extend_schema(**schema.TRACK_BULK)
    def post(self, request):
        now = timezone.now()
        with _refused_bodies_kept(request.user, Door.TRACK_BULK, now), self.reading_costs_one(now):
            refuse_unknown(request.query_params, ["atomic"])
            atomic = _flag(request.query_params, "atomic")
            body = _body(request)
            interactions, sent_at = read_quickly(body.raw) or _envelope(body)
        self.charge(max(1, len(interactions)), now)
        arrival = Arrival(request.user, Door.TRACK_BULK, body.raw, now, sent_at=sent_at)
        outcomes = track_bulk_interactions(
            sender=request.user,
            interactions=interactions,
            now=now,
            sent_at=sent_at,
            all_or_nothing=atomic,
            before_commit=arrival.keep_refused,
        )
        if atomic and any(outcome.status not in GOOD for outcome in outcomes):
            raise Problem(422, "nothing_stored", "Nothing was stored, because not all could be.", _faults(outcomes))
        status, answer = bulk_answer(outcomes)
        return Response(answer, status=status)


class HistoryView(APIView):
    """GET a learner's interactions, newest first."""

    access = Access.LEARNER_SUBJECT

    @extend_schema(**schema.HISTORY)
    def get(self, request, user_id):
        learner = visible_user(request.user, user_id)
        now, query = timezone.now(), request.query_params
        refuse_unknown(query, {*HistoryFilter.base_filters, "limit", "page", "cursor", *WINDOW_QUERY})
        try:
            window = read_window(query, now, default=ALL)
            limit = whole_number(query.get("limit"), "limit", DEFAULT_LIMIT, MAX_LIMIT)
            page = whole_number(query.get("page"), "page", 1, MAX_OFFSET // limit + 1)
            rows = UserInteractionTrackingModel.objects.filter(user=learner).within(window.start, window.until)
            rows = _filtered(query, rows)
            if cursor := query.get("cursor"):
                rows, offset = after(rows, cursor, learner.pk), 0
            else:
                offset = (page - 1) * limit
        except WindowFault as fault:
            raise query_problem(fault.errors) from None
        except PagingFault as fault:
            raise query_problem([fault.error]) from None
        # One more than asked tells whether there is a next page, without counting all.
        found = list(rows.select_related("user").newest_first()[offset : offset + limit + 1])
        shown, book = found[:limit], policy_book()
        following = cursor_behind(shown[-1]) if len(found) > limit else None
        return Response(
            {
                "userId": learner.public_id,
                "timeRange": window_json(window, settings.MEDSIM_TIME_ZONE),
                "completeThrough": instant(now),
                "policy": book.on(window.last_day).version,
                "results": [history_item(row, book) for row in shown],
                "limit": limit,
                "page": None if query.get("cursor") else page,
                "next": following and _next_url(request, following),
                "nextCursor": following,
            }
        )


@contextmanager
def _refused_bodies_kept(sender: User, door: str, now: datetime) -> Iterator[None]:
    """Keep the body of a request that is refused as a whole for what it holds; not one over the limit."""
    try:
        yield
    except RefusedBody as refusal:
        Arrival(sender, door, refusal.raw, now).keep_whole(refusal.code, refusal.faults)
        raise


def _body(request) -> Body:
    body = request.data
    # The framework asks no parser about a body of no bytes.
    return body if type(body) is Body else Body(b"")


def read_quickly(raw: bytes) -> Bulk | None:
    """What a bulk's bytes tell where all is plainly in order; None: look closer."""
    types = policy_book().interaction_types
    with turn_to_read(raw):
        return read_bulk(raw, types, MAX_ITEMS)


def read_one_quickly(raw: bytes) -> Bulk | None:
    """The same of a single interaction."""
    return read_bulk(b"[" + raw + b"]", policy_book().interaction_types, 1)


def _envelope(body: Body) -> tuple[list, datetime | None]:
    try:
        return read_envelope(body.value)
    except EnvelopeFault as fault:
        if fault.is_about_content:
            raise RefusedBody(body.raw, fault.code, fault.detail, fault.errors) from None
        raise Problem(413, fault.code, fault.detail) from None


def _faults(outcomes) -> list[dict]:
    return [
        error
        for outcome in outcomes
        if outcome.code
        for error in as_json(outcome.errors or [FieldError("", outcome.code, outcome.detail)], outcome.index)
    ]


def _filtered(query, rows):
    filters = HistoryFilter(query, queryset=rows)
    if not filters.is_valid():
        raise query_problem(
            FieldError(f"/{name}", "invalid", str(words[0])) for name, words in filters.form.errors.items()
        )
    return filters.qs


def _flag(query, name: str) -> bool:
    value = query.get(name, "false").lower()
    if value not in ("true", "1", "false", "0"):
        raise query_problem([FieldError(f"/{name}", "invalid", f"{name} is true or false.")])
    return value in ("true", "1")


def _next_url(request, cursor: str) -> str:
    query = {name: value for name, value in request.query_params.items() if name != "page"}
    return request.build_absolute_uri(f"{escape_uri_path(request.path)}?{urlencode(query | {'cursor': cursor})}")
