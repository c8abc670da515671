"""One learner's page, and one's own: the same page in the second person."""

from contextlib import suppress
from urllib.parse import urlencode

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import User
from accounts.selectors import visible_user
from analytics.figures import case_table, comparison_words, index_chart, period_words, series_chart, type_bars
from analytics.forms.filters import RANGE_WORDS
from analytics.selectors.learners import cohorts_of, learner_overview
from analytics.selectors.timeline import Timeline, interactions_in, timeline
from analytics.views.page import Page
from engagement.domain.insufficient import Insufficient
from interactions.paging import PagingFault, after, cursor_behind
from interactions.policies import policy_book
from interactions.windows import ALL, Window, read_window


class LearnerPage(Page):
    access = Access.LEARNER_SUBJECT
    filters = ("timeRange",)
    exports = True

    def get(self, request, public_id):
        return self.show(visible_user(request.user, public_id))

    def show(self, learner: User):
        self.range_name = self.form.value_of("timeRange")
        window = read_window({"timeRange": self.range_name}, self.now)
        overview = learner_overview(learner, window=window, now=self.now)
        index = overview.standing.index
        parts = None if isinstance(index, Insufficient) else index_chart(index, "index")
        series = series_chart(overview, "series")
        if self.wants_csv:
            tables = {"series": series.table, "index": parts and parts.table, "cases": case_table(overview, self.now)}
            return self.csv(tables, subject=learner.public_id)
        found = self._timeline(learner, window)
        return self.page(
            "pages/learner.html",
            learner=learner,
            is_self=learner.pk == self.request.user.pk,
            overview=overview,
            standing=overview.standing,
            analytics=overview.analytics,
            missing=index if isinstance(index, Insufficient) else None,
            parts=parts,
            series=series,
            types=type_bars(overview.analytics.totals.by_type),
            previous=overview.analytics.previous if overview.before and overview.before.counts else None,
            comparison=comparison_words(overview),
            period=period_words(overview.analytics),
            range_words=RANGE_WORDS[self.range_name],
            is_all=self.range_name == ALL,
            timeline=found,
            older=self._older(found),
            is_first_page="before" not in self.request.GET,
            cohorts=cohorts_of(learner, viewer=self.request.user, today=local_day(self.now)),
        )

    def _timeline(self, learner: User, window: Window) -> Timeline:
        interactions = interactions_in(learner, window)
        if cursor := self.request.GET.get("before"):
            # A cursor that is old or not this learner's opens nothing: the timeline starts at its top.
            with suppress(PagingFault):
                interactions = after(interactions, cursor, learner.pk)
        return timeline(interactions, policy_book())

    def _older(self, found: Timeline) -> str | None:
        """The query string of the next page of the timeline."""
        if found.last is None:
            return None
        return urlencode({"timeRange": self.range_name, "before": cursor_behind(found.last)})


class OwnPage(LearnerPage):
    access = Access.SIGNED_IN

    def get(self, request):
        return self.show(request.user)
