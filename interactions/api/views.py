"""The tracking endpoints and the history. They declare and delegate; the writer decides."""

from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.selectors import visible_user
from interactions.api import schema
from interactions.api.answers import bulk_item, history_item, instant, tracked, window_json
from interactions.api.filters import HistoryFilter
from interactions.api.limits import MeteredView
from interactions.api.parsers import InteractionParser
from interactions.api.problems import Problem, as_json, query_problem, refuse_unknown
from interactions.domain.event import FieldError, read_time
from interactions.domain.parsing import Flaw, check_value
from interactions.models import UserInteractionTrackingModel
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
from interactions.services import (
    CONFLICT,
    CREATED,
    DUPLICATE,
    INVALID,
    REFUSED,
    track_bulk_interactions,
    track_interaction,
)
from interactions.windows import ALL, WINDOW_QUERY, WindowFault, read_window

MAX_ITEMS = 1000
FORBIDDEN = "not_your_user"


class TrackView(MeteredView):
    """POST one interaction."""

    access = Access.SENDER
    parser_classes = (InteractionParser,)

    @extend_schema(**schema.TRACK)
    def post(self, request):
        now = timezone.now()
        with self.reading_costs_one(now):
            interaction = request.data
        self.charge(1, now)
        outcome = track_interaction(sender=request.user, interaction=interaction, now=now)
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
        with self.reading_costs_one(now):
            interactions, sent_at = _envelope(request.data)
            atomic = _flag(request.query_params, "atomic")
        self.charge(max(1, len(interactions)), now)
        outcomes = track_bulk_interactions(
            sender=request.user, interactions=interactions, now=now, sent_at=sent_at, all_or_nothing=atomic
        )
        counts = dict.fromkeys((CREATED, DUPLICATE, CONFLICT, INVALID, REFUSED), 0)
        for outcome in outcomes:
            counts[outcome.status] += 1
        good = counts[CREATED] + counts[DUPLICATE]
        if atomic and good < len(outcomes):
            raise Problem(422, "nothing_stored", "Nothing was stored, because not all could be.", _faults(outcomes))
        all_created = 0 < counts[CREATED] == len(outcomes)
        status = 207 if good < len(outcomes) else 201 if all_created else 200
        return Response({**counts, "results": [bulk_item(outcome) for outcome in outcomes]}, status=status)


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


def _envelope(body):
    """Interactions and the batch's `sentAt`, from a plain array or an object. Raises Problem."""
    sent_at = None
    if type(body) is dict:
        faults = [
            FieldError(f"/{name}", "unknown_field", "Known are sentAt and interactions.")
            for name in body
            if name not in ("sentAt", "interactions") and name.isprintable()
        ]
        if len(body.keys() - {"sentAt", "interactions"}) != len(faults):
            raise Problem(400, "invalid", "A field's name holds characters that cannot be kept.")
        if body.get("sentAt") is not None:
            try:
                sent_at = read_time(body["sentAt"])
            except ValueError as error:
                faults.append(FieldError("/sentAt", "invalid_time", str(error)))
        if "interactions" not in body:
            faults.append(FieldError("/interactions", "required", "This field is required."))
        if faults:
            raise Problem(400, "invalid", "The envelope cannot be read: see errors.", as_json(faults))
        body = body["interactions"]
    if type(body) is not list:
        flaws: list[Flaw] = []
        check_value(body, flaws)
        if flaws:
            raise Problem(400, flaws[0].code, flaws[0].detail)
        raise Problem(400, "not_a_list", "Send an array of interactions, or an object with an array `interactions`.")
    if len(body) > MAX_ITEMS:
        raise Problem(413, "too_many_items", f"At most {MAX_ITEMS} interactions at once; these are {len(body)}.")
    return body, sent_at


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
    return request.build_absolute_uri(f"{request.path}?{urlencode(query | {'cursor': cursor})}")
