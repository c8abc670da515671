"""Whether anybody uses these pages: views and exports by page, of nobody in particular."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min

from accounts.calendar import day_bounds, local_day
from analytics.models import ExportLog, PageViews
from analytics.rollups.spans import week_of

WEEK = timedelta(days=7)
# In the order of the header, each list before what it leads to.
PAGES = ("home", "cohorts", "cohort", "learner", "cases", "case", "patterns", "live", "debrief", "debrief-of")
PAGES += ("search", "data-quality", "me")


@dataclass(frozen=True, slots=True)
class PageUse:
    """Views of one page in this week so far, in the last, in the four before that; exports in this and the last."""

    page: str
    this_week: int
    last_week: int
    four_before: int
    exports: int


@dataclass(frozen=True, slots=True)
class Usage:
    """since   the Monday of the first week of which anything is counted; None: nothing is"""

    pages: tuple[PageUse, ...]
    since: date | None


def page_usage(*, now: datetime) -> Usage:
    """Every page, those that nobody read too (3 queries)."""
    this = week_of(local_day(now))
    last, before = this - WEEK, this - 5 * WEEK
    views: dict[str, Counter[str]] = {page: Counter() for page in PAGES}
    for week, page, seen in PageViews.objects.filter(week__gte=before).values_list("week", "page", "views"):
        when = "this" if week >= this else "last" if week == last else "before"
        views.setdefault(page, Counter())[when] += seen
    logged = ExportLog.objects.filter(at__gte=day_bounds(last)[0]).values("page").annotate(times=Count("pk"))
    exports = dict(logged.values_list("page", "times"))
    return Usage(
        tuple(
            PageUse(page, seen["this"], seen["last"], seen["before"], exports.get(page, 0))
            for page, seen in views.items()
            if page in PAGES
        ),
        PageViews.objects.aggregate(first=Min("week"))["first"],
    )
