"""One learner's page, and one's own: the same page in the second person."""

from contextlib import suppress
from urllib.parse import urlencode

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import User
from accounts.selectors import visible_user
from analytics.figures import case_table, comparison_words, index_chart, period_words, series_chart, type_bars
from analytics.forms.filters import RANGE_WORDS
from analytics.learner_figures import (
    MASTERED_X,
    ZONE_WIDTH,
    advice_rows,
    advice_table,
    line_of_index,
    peers_chart,
    specialties_note,
    specialties_table,
    specialty_rows,
    timeline_table,
)
from analytics.learner_findings import (
    PatternRow,
    clearings_in_words,
    limits_in_words,
    offers_of,
    pattern_rows,
    patterns_table,
)
from analytics.learner_words import missing_sentence, outlook_sentences, peers_sentence, specialties_sentence
from analytics.selectors.learner_page import learner_page
from analytics.selectors.learners import cohorts_of, has_worked
from analytics.selectors.timeline import Timeline, interactions_behind, interactions_in, timeline
from analytics.views.page import Page
from analytics.views.timeline_lines import session_lines
from engagement.domain.insufficient import Insufficient
from interactions.paging import PagingFault, after, cursor_behind
from interactions.policies import policy_book
from interactions.windows import ALL, Window, read_window


class LearnerPage(Page):
    """`behind=` names a pattern: the timeline then shows the interactions that it rests on, and no others."""

    access = Access.LEARNER_SUBJECT
    filters = ("timeRange",)
    exports = True

    def get(self, request, public_id):
        return self.show(visible_user(request.user, public_id))

    def show(self, learner: User):
        self.range_name = self.form.value_of("timeRange")
        window = read_window({"timeRange": self.range_name}, self.now)
        is_self = learner.pk == self.request.user.pk
        name = None if is_self else learner.display_name
        read = learner_page(learner, window=window, now=self.now)
        overview = read.overview
        insights = overview.insights
        patterns, advice = pattern_rows(insights, name), advice_rows(insights.recommended)
        behind = patterns.of(self.request.GET.get("behind", ""))
        found = self._timeline(learner, window, behind)
        index = overview.standing.index
        parts = None if isinstance(index, Insufficient) else index_chart(index, "index")
        line = line_of_index(read.line, "line", read.forecast.fitted_on)
        specialties = specialty_rows(read.specialties)
        series, peers = series_chart(overview, "series"), peers_chart(read.peers, "peers", name)
        if self.wants_csv:
            tables = {
                "line": line.table,
                "index": parts and parts.table,
                "series": series.table,
                "patterns": patterns_table(patterns),
                "next": advice_table(advice),
                "specialties": specialties_table(read.specialties),
                "cases": case_table(overview, self.now),
                "peers": peers and peers.table,
                "timeline": timeline_table(found),
            }
            return self.csv(tables, subject=learner.public_id)
        analytics = overview.analytics
        return self.page(
            "pages/learner.html",
            learner=learner,
            is_self=is_self,
            overview=overview,
            standing=overview.standing,
            analytics=analytics,
            missing=index if isinstance(index, Insufficient) else None,
            parts=parts,
            line=line,
            has_line=any(point.score is not None for point in read.line.points),
            outlook=outlook_sentences(read.forecast, read.line, name),
            patterns=patterns,
            advice=advice,
            advice_missing=insights.recommended.missing and missing_sentence(insights.recommended.missing),
            offers=offers_of(insights, name),
            limits=limits_in_words(insights, name),
            clears=clearings_in_words(insights, name),
            specialties=specialties,
            specialties_note=specialties_note(specialties),
            has_bars=any(row.width for row in specialties),
            specialties_words=specialties_sentence(read.specialties),
            mastered_x=MASTERED_X,
            zone_width=ZONE_WIDTH,
            peers=peers,
            peers_words=peers_sentence(read.peers, name),
            series=series,
            types=type_bars(analytics.totals.by_type),
            previous=analytics.previous if overview.before and overview.before.counts else None,
            comparison=comparison_words(overview),
            period=period_words(analytics),
            range_words=RANGE_WORDS[self.range_name],
            is_all=self.range_name == ALL,
            timeline=found,
            sessions=session_lines(found.sessions),
            timeline_count=sum(len(session.entries) for session in found.sessions),
            behind=behind,
            older=None if behind else self._older(found),
            cursor=self.request.GET.get("before", ""),
            cohorts=cohorts_of(learner, viewer=self.request.user, today=local_day(self.now)),
        )

    def _timeline(self, learner: User, window: Window, behind: PatternRow | None) -> Timeline:
        if behind:
            return timeline(interactions_behind(learner, behind.interactions), policy_book())
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
    """One's own page. Who is no student and has done nothing is told what the page is for, not an empty learner."""

    access = Access.SIGNED_IN

    def get(self, request):
        if not request.user.is_student and not has_worked(request.user):
            return self.page("pages/no_learner.html")
        return self.show(request.user)
