"""What everybody together does: when, at what, how far they come, how they stand, who stays."""

from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.charts import weekday_names
from analytics.crowd_figures import (
    MARKED_WEEKS,
    basis_of,
    busiest,
    curve_chart,
    hour_words,
    hours_chart,
    level_bar,
    nothing_released,
    outcome_chart,
    retention_rows,
    retention_table,
    type_table,
)
from analytics.figures import type_bars
from analytics.numbers import count, number
from analytics.selectors.crowds.reports import GlobalPatterns
from analytics.selectors.crowds.scope import Withheld
from analytics.services import AnalyticsService
from analytics.views.page import Page
from interactions.windows import read_window


class PatternsPage(Page):
    """The same answer as `GET global-patterns`, with the same filters."""

    access = Access.EDUCATOR
    filters = ("timeRange", "cohort", "specialty", "difficulty")
    exports = True

    def get(self, request):
        found = AnalyticsService.global_patterns(
            request.user,
            window=read_window({"timeRange": self.form.value_of("timeRange")}, self.now),
            specialty=self.form.value_of("specialty"),
            difficulty=self.form.value_of("difficulty"),
            cohort=self._cohort(),
            now=self.now,
        )
        head = found.head
        basis = basis_of(head.window, head.n, head.complete_through, local_day(self.now))
        hours, funnel = hours_chart(found.heatmap, basis), outcome_chart(found.funnel, basis)
        levels = level_bar(found.levels, basis)
        types = None if isinstance(found.types, Withheld) else found.types
        if self.wants_csv:
            tables = {"hours": hours.table, "types": types and type_table(types), "funnel": funnel.table}
            tables |= {"levels": levels.table, "retention": retention_table(found.retention)}
            return self.csv(tables, subject=head.scope.cohorts[0].slug if head.scope.is_part else "")
        return self.page(
            "pages/patterns.html",
            found=found,
            basis=basis,
            sentence=patterns_sentence(found),
            hours=hours,
            funnel=funnel,
            levels=levels,
            types=None if types is None else type_bars(types),
            curve=curve_chart(found.retention[0], "retention", basis.through) if len(found.retention) == 1 else None,
            curves=retention_rows(found.retention),
            marked_weeks=MARKED_WEEKS,
            nothing_released=nothing_released(),
        )

    def _cohort(self) -> Cohort | None:
        slug = self.form.value_of("cohort")
        return Cohort.objects.visible_to(self.request.user).filter(slug=slug).first() if slug else None


def patterns_sentence(found: GlobalPatterns) -> str:
    """The finding: how many, when mostly, how far they came."""
    if found.head.n is None:
        return gettext("Fewer than 10 learners worked in these weeks, and so few are not shown.")
    day, hour = busiest(found.heatmap)
    said = gettext("%(learners)s worked, most of all on %(day)s from %(hours)s.") % {
        "learners": count(found.head.n, "learner"),
        "day": weekday_names()[day],
        "hours": hour_words(hour),
    }
    if not found.funnel.started:
        return f"{said} " + gettext("No case was started.")
    return f"{said} " + gettext("Of %(started)s started cases, %(completed)s were completed.") % {
        "started": number(found.funnel.started),
        "completed": number(found.funnel.completed),
    }
