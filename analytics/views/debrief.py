"""Debriefs: one sheet of paper for a group, with what it missed and what to talk about; nobody is named on it."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.case_words import fast_words, short, stage_words
from analytics.charts import SMALLEST_GROUP, Figure, Table
from analytics.crowd_figures import basis_of, weeks_words
from analytics.debrief_words import TalkingPoint, debrief_sentence, left_words, open_questions, talking_point
from analytics.figures import counted
from analytics.numbers import fixed
from analytics.selectors.case_pages import Judged
from analytics.selectors.crowds.cases import Stage
from analytics.selectors.crowds.reports import Part
from analytics.selectors.debrief import debrief_of, enrolled_today
from analytics.views.page import Page
from interactions.windows import read_window

# As many as one sheet has room for.
MOST_CASES, MOST_SPECIALTIES = 6, 6


class DebriefsPage(Page):
    """Which groups there are."""

    access = Access.EDUCATOR

    def get(self, request):
        cohorts = list(Cohort.objects.visible_to(request.user).order_by("name", "pk"))
        enrolled = enrolled_today(cohorts, now=self.now)
        groups = [(cohort, enrolled.get(cohort.pk, 0)) for cohort in cohorts]
        return self.page("pages/debriefs.html", groups=groups, smallest=SMALLEST_GROUP)


class DebriefPage(Page):
    """The sheet of one group."""

    access = Access.COHORT_SUBJECT
    filters = ("timeRange",)
    exports = True

    def get(self, request, slug):
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user), slug=slug)
        self.tell_times_for(cohort)
        window = read_window({"timeRange": self.form.value_of("timeRange")}, self.now)
        found = debrief_of(request.user, cohort, window=window, now=self.now)
        points = [talking_point(point) for point in found.points]
        left = [one for one in found.cases if one.health.left]
        left.sort(key=lambda one: -one.health.left / max(1, one.health.starts))
        cases = case_table(left[:MOST_CASES]) if left else None
        specialties = specialty_table(found.specialties[:MOST_SPECIALTIES]) if found.specialties else None
        if self.wants_csv:
            tables = {"points": point_table(points) if points else None, "cases": cases, "specialties": specialties}
            return self.csv(tables, subject=cohort.slug)
        return self.page(
            "pages/debrief.html",
            found=found,
            through=basis_of(found.window, found.n, found.through, local_day(self.now)).through,
            weeks=weeks_words(found.window),
            case_weeks=weeks_words(found.case_window),
            sentence=debrief_sentence(found),
            points=points,
            questions=open_questions()[: 3 - len(points)],
            fast=fast_words(found.least),
            cases=cases,
            specialties=specialties,
        )


def point_table(points: Sequence[TalkingPoint]) -> Table:
    return Table(
        [gettext("Talking point"), gettext("Figures"), gettext("Question")],
        [[point.title, point.figures, point.question] for point in points],
        0,
    )


def case_table(cases: Sequence[Judged]) -> Table:
    """What was left most."""
    columns = [gettext("Case"), gettext("Learners"), gettext("Starts"), gettext("Left"), gettext("Mostly at")]
    return Table(
        columns,
        [
            [
                Figure(one.health.title, short(one.health.title)),
                counted(one.health.learners),
                counted(one.health.starts),
                Figure(one.health.left, left_words(one.health.left, one.health.starts)),
                _stage(one.health.drop),
            ]
            for one in cases
        ],
        3,
    )


def _stage(drop: Stage | None) -> Figure:
    name = stage_words(drop.name) if drop else "–"
    return Figure(name, short(name))


def specialty_table(specialties: Sequence[Part]) -> Table:
    columns = [gettext("Specialty"), gettext("Learners"), gettext("Starts"), gettext("Completed"), gettext("Left")]
    columns += [gettext("Mean score")]
    rows = []
    for part in specialties:
        funnel, scores = part.totals.funnel, part.totals.scores
        left = min(funnel.started, funnel.abandoned + funnel.inferred)
        numbers = [counted(each) for each in (part.n, funnel.started, funnel.completed)]
        mean = Figure(round(scores.mean, 2), fixed(scores.mean, 0)) if scores else Figure(None, "–")
        rows.append(
            [Figure(part.name, short(part.name)), *numbers, Figure(left, left_words(left, funnel.started)), mean]
        )
    return Table(columns, rows, 5)
