"""One cohort: who is in it, how they stand, who may need somebody, and what they do together."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.cohort_figures import comparison_table, comparison_words, level_weeks, specialties_of
from analytics.crowd_figures import basis_of, curve_chart, hours_chart, level_columns, outcome_chart
from analytics.figures import active_chart
from analytics.jobs.catching_up import catch_up
from analytics.selectors.cohorts import CohortOverview, cohort_overviews
from analytics.selectors.crowds.cohort_work import CohortWork, cohort_work
from analytics.selectors.plans import PlanProgress, plan_progress
from analytics.views.cohort_table import (
    DEFAULT_SORT,
    entries_of,
    filtered,
    headings,
    in_order,
    learner_table,
    readable,
)
from analytics.views.learner_lines import line_of
from analytics.views.page import Page
from interactions.windows import read_window

# So that the page weighs less than 150 kB, with the longest sentences.
LEARNERS_PER_PAGE = 45


class CohortPage(Page):
    access = Access.COHORT_SUBJECT
    filters = ("timeRange", "q", "specialty", "level", "attention")
    exports = True

    def get(self, request, slug):
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
        self.tell_times_for(cohort)
        catch_up(now=self.now)
        specialty = self.form.value_of("specialty")
        [overview] = cohort_overviews([cohort], now=self.now)
        window = read_window({"timeRange": self.form.value_of("timeRange")}, self.now)
        work = cohort_work(request.user, cohort, window=window, specialty=specialty, now=self.now)
        plan = plan_progress(overview, specialty=specialty)
        sort = readable(request.GET.get("sort", ""))
        found = in_order(filtered(entries_of(overview.rows, plan, specialty), self.form.chosen, work.at_work), sort)
        shown = self._charts(overview, work, plan)
        if self.wants_csv:
            tables = {"learners": learner_table(found)} | {name: each.table for name, each in shown.items()}
            return self.csv(tables | {"comparison": comparison_table(work)}, subject=cohort.slug)
        listed = Paginator(found, LEARNERS_PER_PAGE).get_page(request.GET.get("page"))
        in_url = {"sort": sort} if sort != DEFAULT_SORT else {}
        return self.page(
            "pages/cohort.html",
            overview=overview,
            work=work,
            plan=plan,
            specialty=specialty,
            **shown,
            comparison=comparison_table(work),
            comparison_words=comparison_words(work, self._basis(work)),
            sort=sort,
            kept=in_url,
            headings=headings(sort, self.form),
            lines=[line_of(entry, self.now) for entry in listed],
            shown=listed,
            query=self.form.query(**in_url),
        )

    def _charts(self, overview: CohortOverview, work: CohortWork, plan: PlanProgress) -> dict[str, object]:
        """What the page shows beside its learners, each with its table, by the names of the exports."""
        if not overview.size:
            return {}
        basis = self._basis(work)
        return {
            "levels": level_columns(level_weeks(work, overview, self.now), "levels"),
            "active": active_chart(overview, "active"),
            "hours": hours_chart(work.heatmap, basis),
            "funnel": outcome_chart(work.totals.funnel, basis),
            "specialties": specialties_of(work, plan, overview.size, basis),
            "retention": curve_chart(work.retention, "retention", basis.through),
        }

    def _basis(self, work: CohortWork):
        return basis_of(work.window, work.n, work.complete_through, local_day(self.now))
