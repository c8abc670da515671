"""Cases: which of them lose learners, at which step, and whether they are worked or clicked through."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.case_figures import (
    case_list_table,
    line_table,
    score_chart,
    side_by_side,
    stage_bars,
    time_chart,
)
from analytics.case_words import beside_sentence, fast_words, overview_sentence, report_sentence, shallow_sentence
from analytics.crowd_figures import basis_of, outcome_chart
from analytics.numbers import count, duration
from analytics.selectors.case_pages import CaseReport, case_overview, case_report
from analytics.views.case_lines import line_of
from analytics.views.page import Page
from interactions.domain.parsing import string_flaw
from interactions.models import Case
from interactions.windows import Window, read_window


class _CasesOf(Page):
    """What both pages read from their address."""

    access = Access.EDUCATOR
    exports = True

    def window(self) -> Window:
        return read_window({"timeRange": self.form.value_of("timeRange")}, self.now)

    def cohort(self) -> Cohort | None:
        slug = self.form.value_of("cohort")
        return Cohort.objects.visible_to(self.request.user).filter(slug=slug).first() if slug else None


class CasesPage(_CasesOf):
    """Every case with its health, the worst first."""

    filters = ("timeRange", "cohort", "specialty", "difficulty")

    def get(self, request):
        cohort = self.cohort()
        found = case_overview(
            request.user,
            window=self.window(),
            cohort=cohort,
            specialty=self.form.value_of("specialty"),
            difficulty=self.form.value_of("difficulty"),
            now=self.now,
        )
        if self.wants_csv:
            return self.csv({"cases": case_list_table(found)}, subject=cohort.slug if cohort else "")
        basis = basis_of(found.window, None, found.through, local_day(self.now))
        return self.page(
            "pages/cases.html",
            found=found,
            cohort=cohort,
            basis=basis,
            sentence=overview_sentence(found),
            fast=fast_words(found.least),
            lines=[line_of(one, self.form.query()) for one in found.cases],
        )


class CasePage(_CasesOf):
    """One case."""

    filters = ("timeRange", "cohort")

    def get(self, request, case_id):
        if string_flaw(case_id) is not None:
            raise Http404  # no text that a database holds
        case = get_object_or_404(Case, case_id=case_id)
        cohort = self.cohort()
        report = case_report(request.user, case, window=self.window(), cohort=cohort, now=self.now)
        found = report.found
        basis = basis_of(report.window, found and found.health.learners, report.through, local_day(self.now))
        charts = _charts(report, basis) if found else {}
        around = report.around
        lines = side_by_side(around.before, around.after) if around and around.before and around.after else None
        if self.wants_csv:
            tables = {name: chart.table for name, chart in charts.items()}
            tables["change"] = lines and line_table(lines)
            return self.csv(tables, subject=case.case_id[:64])
        return self.page(
            "pages/case.html",
            case=case,
            cohort=cohort,
            report=report,
            basis=basis,
            health=found and found.health,
            sentence=report_sentence(report),
            reasons=[beside_sentence(each) for each in found.concerns if each.stands_out] if found else [],
            shallow=found and shallow_sentence(found.health, duration(report.least)),
            lines=lines,
            query=self.form.query(),
            **charts,
        )


def _charts(report: CaseReport, basis) -> dict:
    """The charts of one case by their keys, in the order of the page."""
    case = report.found.health
    left = {"left": case.funnel.abandoned + case.funnel.inferred, "starts": count(case.starts, "start")}
    calls = gettext("%(number)s calls for help") % {"number": case.help_requests}
    return {
        "funnel": outcome_chart(case.funnel, basis),
        "left": stage_bars(
            case.left_at,
            key="left",
            title=gettext("Where it was left"),
            heading=gettext("Stage"),
            unit=gettext("Left"),
            note=" · ".join([gettext("%(left)s left of %(starts)s") % left, basis.note]),
            through=basis.through,
        ),
        "help": stage_bars(
            case.help_by_stage,
            key="help",
            title=gettext("Where help was asked for"),
            heading=gettext("Stage"),
            unit=gettext("Calls for help"),
            note=f"{calls} · {basis.note}",
            through=basis.through,
        ),
        "time": time_chart(case, report.least, basis),
        "scores": score_chart(case, basis),
    }
