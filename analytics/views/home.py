"""The first page after signing in, by role."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import redirect

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.figures import StackChart, level_chart, trend
from analytics.selectors.cohorts import CohortOverview, LearnerRow, clearings_of_rows, cohort_overviews, together
from analytics.views.page import Page
from analytics.words import clearing_sentence, moves_sentence
from engagement.standing import BACK, RISEN

COHORTS_PER_PAGE = 20
MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class CohortCard:
    overview: CohortOverview
    levels: StackChart


class HomePage(Page):
    """Students: their own page. Service accounts: what they are for. Others: their cohorts."""

    access = Access.SIGNED_IN

    def get(self, request):
        if request.user.is_student:
            return redirect("me")
        if request.user.is_service:
            return self.page("pages/service.html")
        cohorts = Paginator(Cohort.objects.visible_to(request.user).order_by("name", "pk"), COHORTS_PER_PAGE)
        shown = cohorts.get_page(request.GET.get("page"))
        overviews = cohort_overviews(list(shown), now=self.now)
        everybody = together(overviews, now=self.now)
        moves = everybody.moves
        named = everybody.needing[:MOST_NAMED]
        names = {row.learner.pk: [other.cohort for other in overviews if row in other.rows] for row in named}
        return self.page(
            "pages/home.html",
            today=local_day(self.now),
            everybody=everybody,
            moves=moves_sentence(moves.up, moves.down, moves.compared),
            risen=everybody.of_kind(RISEN)[:MOST_NAMED],
            back=everybody.of_kind(BACK)[:MOST_NAMED],
            named=[
                (row, names[row.learner.pk], _told(clearings, row), *trend(row.standing.weeks.points))
                for row, clearings in zip(named, clearings_of_rows(named, now=self.now), strict=True)
            ],
            unnamed=[
                (overview.cohort, missing)
                for overview in overviews
                if (missing := sum(row.learner.pk not in names for row in overview.needing))
            ],
            cards=[
                CohortCard(overview, level_chart(overview, f"levels-{overview.cohort.slug}")) for overview in overviews
            ],
            cohorts=shown,
        )


def _told(clearings, row: LearnerRow) -> str:
    """What would clear each reason, told once where two say the same."""
    told = [clearing_sentence(clearing, row.standing.today) for _, clearing in clearings if clearing]
    return " ".join(dict.fromkeys(told))
