"""Reads about crowds: window and filters in, counts out."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import Access
from accounts.models import Cohort, User
from analytics.api.answers import engagement_json, patterns_json
from analytics.api.schema import CROWD_ENGAGEMENT, GLOBAL_PATTERNS
from analytics.services import AnalyticsService
from interactions.api.problems import query_problem
from interactions.api.windows import asked_window
from interactions.domain.fields import TEXT_LENGTH, FieldError
from interactions.domain.parsing import string_flaw
from interactions.windows import Window

FILTERS = ("specialty", "difficulty")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query string asks for, clean."""

    window: Window
    specialty: str
    difficulty: str
    cohort: Cohort | None


def read_query(query, viewer: User, now) -> Asked:
    """Raises a Problem that names the parameter, or Http404 for a cohort that the viewer may not see."""
    window = asked_window(query, now, *FILTERS, "cohort")
    words = {name: _word(query.get(name, ""), name) for name in (*FILTERS, "cohort")}
    slug = words.pop("cohort")
    cohort = Cohort.objects.visible_to(viewer).filter(slug=slug).first() if slug else None
    if slug and cohort is None:
        raise Http404
    return Asked(window, **words, cohort=cohort)


def _word(text: str, name: str) -> str:
    if string_flaw(text) is not None:
        raise query_problem([FieldError(f"/{name}", "invalid", f"{name} holds a character that no name holds.")])
    if len(text) > TEXT_LENGTH:
        raise query_problem([FieldError(f"/{name}", "too_long", f"{name} has at most {TEXT_LENGTH} characters.")])
    return text


class GlobalPatternsView(APIView):
    """GET when learners work, at what, and how far they come."""

    access = Access.EDUCATOR

    @extend_schema(**GLOBAL_PATTERNS)
    def get(self, request):
        now = timezone.now()
        asked = read_query(request.query_params, request.user, now)
        patterns = AnalyticsService.global_patterns(
            request.user,
            window=asked.window,
            specialty=asked.specialty,
            difficulty=asked.difficulty,
            cohort=asked.cohort,
            now=now,
        )
        return Response(patterns_json(patterns))


class CrowdEngagementView(APIView):
    """GET how much learners do, how well, and how that moves."""

    access = Access.EDUCATOR

    @extend_schema(**CROWD_ENGAGEMENT)
    def get(self, request):
        now = timezone.now()
        asked = read_query(request.query_params, request.user, now)
        engagement = AnalyticsService.engagement_analytics(
            request.user,
            window=asked.window,
            specialty=asked.specialty,
            difficulty=asked.difficulty,
            cohort=asked.cohort,
            now=now,
        )
        return Response(engagement_json(engagement))
