"""All cohorts that somebody may see, side by side."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.charts import Figure, Table
from analytics.figures import counted
from analytics.numbers import number, whole
from analytics.selectors.cohorts import CohortOverview
from analytics.selectors.tallies import Tally
from analytics.selectors.today import today_of
from analytics.views.page import Page
from analytics.words import complete_through

COHORTS_PER_PAGE = 20


class CohortsPage(Page):
    access = Access.EDUCATOR
    exports = True

    def get(self, request):
        cohorts = list(Cohort.objects.visible_to(request.user).order_by("name", "pk"))
        shown = Paginator(cohorts, COHORTS_PER_PAGE).get_page(request.GET.get("page"))
        found = today_of(request.user, cohorts, list(shown), now=self.now)
        if self.wants_csv:
            return self.csv({"cohorts": cohorts_table(found.cards)})
        return self.page(
            "pages/cohorts.html",
            overviews=found.cards,
            everybody=found.everybody,
            complete_through=complete_through(found.judged_at, local_day(self.now)),
            shown=shown,
        )


def cohorts_table(overviews: Sequence[CohortOverview | Tally]) -> Table:
    """The cohorts of one page, as they are exported."""
    columns = [gettext("Cohort"), gettext("Learners"), gettext("May need you"), gettext("Active in the last 7 days")]
    columns += [gettext("Four weeks ago"), gettext("Median index"), gettext("Median index four weeks ago")]
    return Table(
        columns,
        [
            [
                overview.cohort.name,
                counted(overview.size),
                counted(overview.needing_size),
                counted(overview.active if overview.size else 0),
                counted(overview.active_before if overview.size else 0),
                _score(overview.median_index),
                _score(overview.median_index_before),
            ]
            for overview in overviews
        ],
        6,
    )


def _score(value: float | None) -> Figure:
    return Figure(None, "") if value is None else Figure(whole(value), number(whole(value)))
