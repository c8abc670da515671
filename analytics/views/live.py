"""Who is at work right now. The page asks for its changing part again every few seconds (static/js/live.js)."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext

from accounts.access import Access
from accounts.models import Cohort
from analytics.cells import moment_cell
from analytics.charts import BarChart, Figure, Table, bar_plot
from analytics.dates import clock, exact_second
from analytics.figures import counted
from analytics.numbers import count, number
from analytics.selectors.live import LiveView, live_view
from analytics.views.page import Page
from analytics.words import type_words

MOST_NAMED = 50


class LivePage(Page):
    access = Access.EDUCATOR
    filters = ("cohort",)
    exports = True

    def get(self, request):
        cohort = None
        if slug := self.form.value_of("cohort"):
            cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
            self.tell_times_for(cohort)
        live = live_view(request.user, cohort=cohort, now=self.now)
        minutes = minutes_chart(live, "minutes")
        if self.wants_csv:
            tables = {"working": working_table(live), "last": last_table(live), "minutes": minutes.table}
            return self.csv(tables, subject=slug)
        return self.page(
            "pages/_live.html" if request.htmx else "pages/live.html",
            live=live,
            sentences=live_sentences(live),
            cohort=cohort,
            minutes=minutes,
            named=live.at_work[:MOST_NAMED],
            unnamed=max(0, len(live.at_work) - MOST_NAMED),
            query=self.form.query(),
        )


def live_sentences(live: LiveView) -> list[str]:
    """`3 learners are in a case now.` and how much there was of late."""
    if not live.learners:
        return [gettext("Nobody is at work right now.")]
    told = {
        "working": number(len(live.at_work)),
        "learners": count(live.learners, "learner"),
        "interactions": count(live.interactions, "interaction"),
        "minutes": count(len(live.minutes), "minute"),
    }
    lead = ngettext(
        "%(working)s learner is in a case now.", "%(working)s learners are in a case now.", len(live.at_work)
    )
    if not live.at_work:
        lead = gettext("Nobody is in a case right now.")
    rest = gettext("%(interactions)s of %(learners)s in the last %(minutes)s.")
    return [lead % told, rest % told]


def minutes_chart(live: LiveView, key: str) -> BarChart:
    names = [clock(minute.start) for minute in live.minutes]
    said = [
        f"{name}: {count(minute.interactions, 'interaction')}" for name, minute in zip(names, live.minutes, strict=True)
    ]
    length = count(len(live.minutes), "minute")
    return BarChart(
        key=key,
        title=gettext("Interactions per minute"),
        words=gettext("%(interactions)s in the last %(minutes)s.")
        % {"interactions": count(live.interactions, "interaction"), "minutes": length},
        plot=bar_plot([minute.interactions for minute in live.minutes], names, said),
        note=gettext("%(learners)s at work · by when it happened · %(minutes)s, the last one still running")
        % {"learners": count(live.learners, "learner"), "minutes": length},
        table=Table(
            [gettext("Minute"), gettext("Interactions")],
            [[moment_cell(minute.start, clock), counted(minute.interactions)] for minute in live.minutes],
            1,
        ),
    )


def working_table(live: LiveView) -> Table:
    return Table(
        [gettext("Learner"), gettext("Id"), gettext("Case"), gettext("Started"), gettext("Last seen in it")],
        [
            [
                one.learner.display_name,
                one.learner.public_id,
                one.case_title,
                moment_cell(one.since, exact_second),
                moment_cell(one.last_at, exact_second),
            ]
            for one in live.at_work
        ],
        0,
    )


def last_table(live: LiveView) -> Table:
    columns = [gettext("Learner"), gettext("Id"), gettext("What"), gettext("With"), gettext("Happened")]
    return Table(
        [*columns, gettext("Arrived"), gettext("Score")],
        [
            [
                row.user.display_name,
                row.user.public_id,
                type_words(row.interaction_type),
                row.case_title or row.case_id or row.resource_name or row.resource_id,
                moment_cell(row.occurred_at, exact_second),
                moment_cell(row.received_at, exact_second),
                Figure(row.engagement_score, number(row.engagement_score)),
            ]
            for row in (arrival.row for arrival in live.last)
        ],
        0,
    )
