"""Whether what is told of retention is what was released, and whether all was released that may be."""

from collections.abc import Iterator
from datetime import date

from analytics.domain.release import LEAST
from analytics.domain.retention import figures_of, next_state, sizes_of
from analytics.models import CountedDay, RetentionCount, RetentionRelease
from analytics.rollups.basis import read_basis
from analytics.rollups.changes import LAG, days_stored_since, progress_row
from analytics.rollups.retention import releases_of, standing_in, store_figures
from analytics.rollups.spans import week_of

# (figure, expected, found)
Difference = tuple[str, object, object]


def retention_drifts(first: date | None, last: date | None) -> Iterator[tuple[date, tuple[Difference, ...]]]:
    """Each released week that differs, of those from `first` to `last` without news."""
    progress, basis = progress_row(), read_basis()
    news = {week_of(day) for day in CountedDay.objects.filter(due=True).values_list("day", flat=True)}
    news |= {week_of(day) for day in (days_stored_since(progress.settled + LAG) if progress.settled else ())}
    weeks = RetentionRelease.objects.filter(week__lt=progress.retention_from or date.min).order_by("week")
    for week in weeks.values_list("week", flat=True).distinct():
        is_asked = (week_of(first) if first else date.min) <= week <= (last or date.max)
        if is_asked and week not in news and (found := tuple(_differences(week, basis))):
            yield week, found


def _differences(week: date, basis) -> Iterator[Difference]:
    told = releases_of(week)
    expected = {(figure.cohort, figure.start): (figure.enrolled, figure.active) for figure in figures_of(told[-1])}
    rows = RetentionCount.objects.filter(week=week).values_list("cohort_id", "start", "enrolled", "active")
    found = {(cohort, start): (enrolled, active) for cohort, start, enrolled, active in rows}
    for key in sorted(expected.keys() | found.keys()):
        if expected.get(key) != found.get(key):
            yield f"cohort {key[0]} since {key[1]}", expected.get(key), found.get(key)
    if (small := min(sizes_of(told[-1]).values(), default=LEAST)) < LEAST:
        yield "learners of a part", f"{LEAST} or more", small
    if next_state(told, standing_in(week, basis)) != told[-1]:
        yield "release", "a newer one", len(told)


def repair_figures(week: date) -> None:
    """Tell what was released."""
    store_figures(week, releases_of(week)[-1])
