"""The search box of the header."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from analytics.charts import Table
from analytics.selectors.search import Found, learners_matching
from analytics.views.page import CSV, Page

LONGEST_SEARCH = 200


class SearchPage(Page):
    """Learners by name or id; one alone is opened at once."""

    access = Access.EDUCATOR
    exports = True

    def get(self, request):
        words = self.chosen["q"]
        result = learners_matching(words, viewer=request.user, today=local_day(self.now))
        if self.wants_csv:
            return self.csv({"found": found_table(result.found)} if result.found else {})
        if result.total == 1:
            return redirect("learner", result.found[0].learner.public_id)
        export = urlencode({"q": words, "format": CSV})
        return self.page("pages/search.html", words=words, result=result, exports=export)

    @property
    def chosen(self) -> dict[str, str]:
        return {"q": self.request.GET.get("q", "").strip()[:LONGEST_SEARCH]}


def found_table(found: Sequence[Found]) -> Table:
    """Who was found, as the list is exported."""
    return Table(
        [gettext("Learner"), gettext("Id"), gettext("Cohort")],
        [
            [each.learner.display_name, each.learner.public_id, ", ".join(cohort.name for cohort in each.cohorts)]
            for each in found
        ],
        0,
    )
