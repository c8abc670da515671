"""All cohorts that somebody may see, side by side."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.utils.translation import gettext

from accounts.access import Access
from accounts.models import Cohort
from analytics.charts import Figure, Table
from analytics.figures import counted
from analytics.numbers import number, whole
from analytics.selectors.cohorts import CohortOverview, cohort_overviews, together
from analytics.views.page import Page

COHORTS_PER_PAGE = 20


class CohortsPage(Page):
    access = Access.EDUCATOR
    exports = True

    def get(self, request):
        cohorts = Paginator(Cohort.objects.visible_to(request.user).order_by("name", "pk"), COHORTS_PER_PAGE)
        shown = cohorts.get_page(request.GET.get("page"))
        overviews = cohort_overviews(list(shown), now=self.now)
        if self.wants_csv:
            return self.csv({"cohorts": cohorts_table(overviews)})
        return self.page(
            "pages/cohorts.html", overviews=overviews, everybody=together(overviews, now=self.now), shown=shown
        )


def cohorts_table(overviews: Sequence[CohortOverview]) -> Table:
    """The cohorts of one page, as they are exported."""
    columns = [gettext("Cohort"), gettext("Learners"), gettext("May need you"), gettext("Active in the last 7 days")]
    columns += [gettext("Four weeks ago"), gettext("Median index"), gettext("Median index four weeks ago")]
    return Table(
        columns,
        [
            [
                overview.cohort.name,
                counted(overview.size),
                counted(len(overview.needing)),
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
