"""Whether the counts are what a recount gives: every stored span, figure by figure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from accounts.calendar import local_day
from analytics.domain.counting import Cell, Key
from analytics.domain.learner_sets import members, size
from analytics.domain.release import shown_keys
from analytics.domain.stats import ALL
from analytics.models import Count, CountedDay, LevelCount
from analytics.rollups.basis import Crowds, read_basis
from analytics.rollups.blocks import pooled_crowds, shown_in_block
from analytics.rollups.changes import LAG, days_judged_since, days_stored_since, progress_row
from analytics.rollups.counting import count_week
from analytics.rollups.facts import count_day
from analytics.rollups.levels import count_levels, last_day, levels_of
from analytics.rollups.retention import release_week
from analytics.rollups.spans import (
    BLOCK_DAYS,
    Span,
    block_from_weeks,
    block_of,
    packed_of,
    shown_weeks,
    stored,
    week_from_days,
    week_of,
)
from analytics.rollups.verify_retention import repair_figures, retention_drifts
from interactions.policies import policy_book
from interactions.recount import stable_snapshot


@dataclass(frozen=True, slots=True)
class Drift:
    """One stored row that differs from the recount, and in what: `(figure, expected, found)`."""

    span: str
    start: date
    crowd: str
    what: str
    differences: tuple[tuple[str, object, object], ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """passed_over: days with news that the next run will count, and so are not compared."""

    days: int
    passed_over: int
    drifts: list[Drift]


def verify(
    *,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    repair: bool = False,
    heard: Callable[[int], None] = lambda days: None,
) -> Verified:
    """Compare the days from `first` to `last` and the weeks and blocks they lie in with a recount.

    repair   count anew what differs
    """
    drifts, days, passed_over = [], 0, 0
    for monday, chosen in _weeks(first, last):
        with stable_snapshot():
            found, fresh = _verify_week(monday, chosen)
        drifts += found
        days += len(fresh)
        passed_over += len(chosen) - len(fresh)
        if found and repair:
            count_week(monday, fresh, now)
        heard(len(chosen))
    found = _verify_levels(first, last, local_day(now))
    if found and repair:
        _repair_levels(min(drift.start for drift in found), now)
    drifts += found
    with stable_snapshot():
        found = [Drift("retention", week, "", "released", told) for week, told in retention_drifts(first, last)]
    if repair:
        for drift in found:
            repair_figures(drift.start)
            release_week(drift.start, read_basis(), now)
    return Verified(days, passed_over, drifts + found)


def _weeks(first: date | None, last: date | None) -> Iterator[tuple[date, list[date]]]:
    weeks: dict[date, list[date]] = {}
    # A row of a day that never was is found, too.
    days = set(CountedDay.objects.filter(sealed=False).values_list("day", flat=True))
    days |= set(Count.objects.filter(span=Span.DAY).values_list("start", flat=True).distinct())
    days -= set(CountedDay.objects.filter(sealed=True).values_list("day", flat=True))
    for day in sorted(days):
        if (first or date.min) <= day <= (last or date.max):
            weeks.setdefault(week_of(day), []).append(day)
    yield from weeks.items()


def _verify_week(monday: date, days: list[date]) -> tuple[list[Drift], list[date]]:
    progress, basis, book = progress_row(), read_basis(), policy_book()
    crowds = Crowds.read(basis)
    names = {number: key or "no cohort" for key, number in crowds.keys.items()}
    due = set(CountedDay.objects.filter(day__in=days, due=True).values_list("day", flat=True))
    news = due | (days_stored_since(progress.settled + LAG) if progress.settled else set(days))
    if progress.judged:
        news |= days_judged_since(progress)
    fresh = [day for day in days if day not in news]
    found = []
    by_day = stored(Span.DAY, monday, 7)
    for day in fresh:
        expected, _ = count_day(day, basis=basis, crowds=crowds, book=book, zone_changed=progress.zone_changed)
        found += _compare(Span.DAY, day, expected, by_day.get(day, {}), names)
    # From what is stored below, so that one fault is not told three times over.
    week = stored(Span.WEEK, monday).get(monday, {})
    found += _compare(Span.WEEK, monday, expected := week_from_days(monday), week, names)
    found += _compare_shown(Span.WEEK, monday, shown_keys(expected), names)
    block = block_of(monday)
    weeks, shown = stored(Span.WEEK, block, BLOCK_DAYS), shown_weeks(block)
    cells = block_from_weeks(weeks, shown)
    found += _compare(Span.BLOCK, block, cells, stored(Span.BLOCK, block).get(block, {}), names)
    found += _compare_shown(Span.BLOCK, block, shown_in_block(weeks, shown), names)
    found += _compare_pooled(
        monday, pooled_crowds(weeks, basis.enrolments, {pk: key for key, pk in crowds.keys.items()}), names
    )
    return found, fresh


def _compare(span: str, start: date, expected: dict[Key, Cell], found: dict[Key, Cell], names) -> list[Drift]:
    drifts = []
    for key in sorted(expected.keys() | found.keys()):
        if (one := expected.get(key)) != (other := found.get(key)):
            drifts.append(Drift(span, start, names.get(key.crowd, "?"), _what(key), tuple(_differences(one, other))))
    for row in Count.objects.filter(span=span, start=start):
        key, cell = Key(row.crowd_id, row.by, row.name, row.second_name), Cell(row.values, bytes(row.learners))
        if differs := tuple(_differences_within(row, packed_of(span, key, cell), size(cell.learners))):
            drifts.append(Drift(span, start, names.get(key.crowd, "?"), _what(key), differs))
    return drifts


def _differences_within(row: Count, totals: bytes, learners: int) -> Iterator[tuple[str, object, object]]:
    """What a row says twice, and not alike."""
    if row.size != learners:
        yield "size", learners, row.size
    if (found := bytes(row.totals)) != totals:
        yield "totals", totals.hex(), found.hex()


def _compare_shown(span: str, start: date, expected: frozenset[Key], names) -> list[Drift]:
    drifts = []
    for row in Count.objects.filter(span=span, start=start):
        key = Key(row.crowd_id, row.by, row.name, row.second_name)
        if row.shown != (key in expected):
            differs = (("shown", key in expected, row.shown),)
            drifts.append(Drift(span, start, names.get(key.crowd, "?"), _what(key), differs))
    return drifts


def _compare_pooled(monday: date, expected: frozenset[int], names) -> list[Drift]:
    rows = Count.objects.filter(span=Span.WEEK, start=monday).values_list("crowd_id", "by", "pooled")
    return [
        Drift(Span.WEEK, monday, names.get(crowd, "?"), by, (("pooled", not pooled, pooled),))
        for crowd, by, pooled in rows
        if pooled != (by == ALL and crowd in expected)
    ]


def _what(key: Key) -> str:
    return " ".join(filter(None, (key.by, key.name, key.second_name)))


def _differences(expected: Cell | None, found: Cell | None) -> Iterator[tuple[str, object, object]]:
    if expected is None or found is None:
        yield "row", "there" if expected else "none", "there" if found else "none"
        return
    for name in sorted(expected.values.keys() | found.values.keys()):
        ours, theirs = expected.values.get(name, {}), found.values.get(name, {})
        for word in sorted(ours.keys() | theirs.keys()):
            if ours.get(word) != theirs.get(word):
                yield f"{name} {word}".strip(), ours.get(word, 0), theirs.get(word, 0)
    if expected.learners != found.learners:
        yield "learners", members(expected.learners).tolist(), members(found.learners).tolist()


def _verify_levels(first: date | None, last: date | None, today: date) -> list[Drift]:
    progress = progress_row()
    with stable_snapshot():
        rows = list(LevelCount.objects.select_related("crowd"))
        # The running week moves with every day; weeks that are due will be counted anew.
        due = week_of(min(progress.levels_from or today, today))
        rows = [row for row in rows if row.week < due]
        weeks = sorted({row.week for row in rows if (first or date.min) <= row.week <= (last or date.max)})
        expected = levels_of(weeks, today=today) if weeks else {}
        news = days_stored_since(progress.settled + LAG) if progress.settled else set()
    drifts = []
    for week in weeks:
        if any(day <= last_day(week, today) for day in news):
            continue
        ours = {crowd: dict(counted) for crowd, counted in expected[week].items()}
        theirs = {row.crowd_id: row.levels for row in rows if row.week == week}
        for crowd in sorted(ours.keys() | theirs.keys()):
            if ours.get(crowd) != theirs.get(crowd):
                told = (("levels", ours.get(crowd), theirs.get(crowd)),)
                drifts.append(Drift("levels", week, str(crowd), "levels", told))
    return drifts


def _repair_levels(week: date, now: datetime) -> None:
    progress = progress_row()
    progress.levels_from = min(week, progress.levels_from or week)
    progress.save(update_fields=["levels_from"])
    count_levels(now=now)
