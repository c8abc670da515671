"""How often pages are read, as a table."""

from django.utils.translation import gettext, gettext_lazy

from analytics.charts import Table
from analytics.figures import counted
from analytics.selectors.usage import Usage

PAGE_WORDS = {
    "home": gettext_lazy("Today"),
    "cohorts": gettext_lazy("Cohorts"),
    "cohort": gettext_lazy("A cohort"),
    "learner": gettext_lazy("A learner"),
    "cases": gettext_lazy("Cases"),
    "case": gettext_lazy("A case"),
    "patterns": gettext_lazy("Patterns"),
    "live": gettext_lazy("Live"),
    "debrief": gettext_lazy("Debrief"),
    "debrief-of": gettext_lazy("A debrief"),
    "search": gettext_lazy("Find a learner"),
    "data-quality": gettext_lazy("Data quality"),
    "me": gettext_lazy("My learning"),
}


def usage_table(usage: Usage) -> Table:
    columns = [gettext("Page"), gettext("Views this week"), gettext("Last week"), gettext("In the four weeks before")]
    columns.append(gettext("Exports in these two weeks"))
    return Table(
        columns,
        [
            [
                str(PAGE_WORDS[each.page]),
                *map(counted, (each.this_week, each.last_week, each.four_before, each.exports)),
            ]
            for each in usage.pages
        ],
        4,
    )
