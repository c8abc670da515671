"""The first page after signing in, by role."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.access import Access
from accounts.calendar import local_day
from accounts.models import Cohort
from analytics.cells import moment_cell
from analytics.charts import Figure, Table
from analytics.figures import StackChart, level_chart, trend
from analytics.numbers import number, whole
from analytics.selectors.cohorts import CohortOverview, LearnerRow, clearings_of_rows
from analytics.selectors.tallies import Tally
from analytics.selectors.today import Today, today_of
from analytics.views.page import Page
from analytics.words import (
    clearing_sentence,
    complete_through,
    kept_order_sentence,
    moves_sentence,
    points_sentence,
    standing_sentence,
)
from engagement.standing import score_of

COHORTS_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class CohortCard:
    overview: CohortOverview | Tally
    levels: StackChart


class HomePage(Page):
    """Students: their own page. Service accounts: what they are for. Others: their cohorts."""

    access = Access.SIGNED_IN
    exports = True

    def get(self, request):
        if request.user.is_student:
            return redirect("me")
        if request.user.is_service:
            return self.page("pages/service.html")
        cohorts = list(Cohort.objects.visible_to(request.user).order_by("name", "pk"))
        shown = Paginator(cohorts, COHORTS_PER_PAGE).get_page(request.GET.get("page"))
        found = today_of(request.user, cohorts, list(shown), now=self.now)
        everybody, named = found.everybody, found.needing
        moves = everybody.moves
        clearings = clearings_of_rows(named, now=self.now)
        told = [_told(found, row) for row, found in zip(named, clearings, strict=True)]
        cards = [
            CohortCard(overview, level_chart(overview, f"levels-{overview.cohort.slug}")) for overview in found.cards
        ]
        if self.wants_csv:
            tables = {"named": named_table(named, found.cohorts, told)} if named else {}
            return self.csv(tables | {card.levels.key: card.levels.table for card in cards if card.overview.size})
        return self.page(
            "pages/home.html",
            today=local_day(self.now),
            everybody=everybody,
            complete_through=complete_through(found.judged_at, local_day(self.now)),
            kept_order=kept_order_sentence(found.judged_at, local_day(self.now)) if found.is_kept else "",
            moves=moves_sentence(moves.up, moves.down, moves.compared),
            risen=found.risen,
            back=found.back,
            named=[
                (row, found.cohorts[row.learner.pk], clearing, *trend(row.standing.weeks.points))
                for row, clearing in zip(named, told, strict=True)
            ],
            unnamed=_unnamed(found),
            # Who reads many cohorts gets one line for all of them: each card below links to its own list.
            further=max(0, everybody.needing_size - len(named)) if shown.has_other_pages() else 0,
            cards=cards,
            cohorts=shown,
        )


def _unnamed(found: Today) -> list[tuple[Cohort, int]]:
    """The cohorts of this page where more may need somebody than are named, and how many."""
    named = Counter(cohort.pk for row in found.needing for cohort in found.cohorts[row.learner.pk])
    missing = [(card.cohort, card.needing_size - named[card.cohort.pk]) for card in found.cards]
    return [(cohort, more) for cohort, more in missing if more > 0]


def _told(clearings, row: LearnerRow) -> str:
    """What would clear each reason, told once where two say the same."""
    told = [clearing_sentence(clearing, row.standing.today) for _, clearing in clearings if clearing]
    return " ".join(dict.fromkeys(told))


def named_table(rows: Sequence[LearnerRow], cohorts: Mapping[int, Sequence[Cohort]], told: Sequence[str]) -> Table:
    """Who may need somebody, as the list is exported. cohorts: by the learner's key; told: what would clear each."""
    columns = [gettext("Learner"), gettext("Id"), gettext("Cohort"), gettext("What stands out"), gettext("Points")]
    columns += [gettext("Reasons"), gettext("What would clear it"), gettext("Index")]
    columns += [gettext("Four weeks ago"), gettext("Last seen")]
    return Table(
        columns,
        [
            [
                row.learner.display_name,
                row.learner.public_id,
                ", ".join(cohort.name for cohort in cohorts[row.learner.pk]),
                standing_sentence(row.standing),
                Figure(row.standing.points, number(row.standing.points)),
                points_sentence(row.standing.reasons),
                clearing,
                _index(row.standing.score),
                _index(score_of(row.standing.before)),
                moment_cell(row.last_seen, without=gettext("never")),
            ]
            for row, clearing in zip(rows, told, strict=True)
        ],
        0,
    )


def _index(score: float | None) -> Figure:
    return Figure(None, "") if score is None else Figure(whole(score), number(whole(score)))
