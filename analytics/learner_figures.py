"""One learner's page as charts, rows and tables: what is shown is what is exported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from analytics import words
from analytics.cells import day_cell, moment_cell
from analytics.charts import (
    Cell,
    Figure,
    ForecastPoint,
    LineChart,
    LinePoint,
    NoChart,
    Place,
    PlaceChart,
    Table,
    line_chart,
    place_chart,
)
from analytics.dates import exact, exact_second, full_day, short_day, span
from analytics.figures import STEPS, counted
from analytics.learner_words import ADVICE_PARTS, ALIKE, BAND_WORDS, BASES, MEASURE_WORDS, peers_sentence
from analytics.numbers import apportioned, count, fixed, number, whole
from analytics.selectors.index_line import IndexLine
from analytics.selectors.learner_page import SpecialtyStanding
from analytics.selectors.timeline import Timeline
from engagement.domain.elo import MASTERED, Mastery
from engagement.domain.forecast.performance import ExpectedScore
from engagement.domain.insufficient import Insufficient
from engagement.peers import PeerComparison
from engagement.ranking import Recommendation
from engagement.recommendations import Recommendations
from engagement.words.recommendations import reason_of

NO_VALUE = "–"


def line_of_index(line: IndexLine, key: str, fitted_on: str | None) -> LineChart:
    """The index over the window, the own past behind it, the next days in their band."""
    noun, heading, _, _ = STEPS[line.step_days]
    points, length = line.points, count(len(line.points), noun)
    label = full_day if (points[-1].day - points[0].day).days > 366 else short_day
    known = [point.score for point in points if point.score is not None]
    said = gettext("No index in this period.")
    if known:
        said = gettext("From %(first)s to %(last)s of 100.") % {"first": whole(known[0]), "last": whole(known[-1])}
    notes = [
        gettext("index of 100, over 28 days each"),
        span(points[0].day, points[-1].day)
        if line.step_days == 1
        else gettext("at the end of each of %(steps)s") % {"steps": length},
    ]
    if line.ahead and fitted_on:
        notes.append(
            gettext("forecast from the days of all learners through %(day)s")
            % {"day": full_day(date.fromisoformat(fitted_on))}
        )
    return line_chart(
        key=key,
        title=gettext("Index, day by day") if line.step_days == 1 else gettext("Index over time"),
        words=said,
        note=" · ".join(notes),
        heading=str(heading),
        unit=gettext("Index"),
        points=[LinePoint(day_cell(point.day, label), point.score, point.before, point.is_paused) for point in points],
        forecast=[
            ForecastPoint(day_cell(ahead.day, label), ahead.median, ahead.low, ahead.high) for ahead in line.ahead
        ],
        top=100,
        before_words=gettext("The %(steps)s before") % {"steps": length},
        band_words=gettext("8 of 10 such cases lie in the band"),
        value_words=lambda value: number(whole(value)),
    )


# --- What next --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One recommendation, and in points why it stands where it stands; the parts add up to `total`."""

    title: str
    about: str
    reason: str
    parts: list[tuple[str, str]]
    total: str
    facts: list[str]


def advice_rows(advice: Recommendations) -> list[AdviceRow]:
    return [_advice_row(item) for item in advice.items]


def _advice_row(item: Recommendation) -> AdviceRow:
    evidence = item.evidence
    points = {part.name: 100 * part.points for part in evidence.parts}
    shown = apportioned(100 * evidence.utility, points, 1)
    facts = [str(BASES[item.basis])] if item.basis in BASES else []
    if evidence.expected_score is not None:
        facts.append(gettext("%(score)s of 100 expected on it") % {"score": fixed(evidence.expected_score, 0)})
    if evidence.last_opened is not None:
        facts.append(gettext("last opened %(when)s") % {"when": exact(evidence.last_opened)})
    if evidence.openers is not None:
        facts.append(gettext("opened by %(learners)s") % {"learners": count(evidence.openers, "learner")})
    if evidence.completion_rate is not None:
        facts.append(gettext("completed in %(share)s of starts") % {"share": words.share(evidence.completion_rate, 1)})
    kind = gettext("case") if item.kind == "case" else words.resource_words(item.resource_type) or gettext("resource")
    return AdviceRow(
        title=item.title,
        about=", ".join(filter(None, [kind, item.specialty, words.difficulty_words(item.difficulty)])),
        reason=reason_of(item),
        parts=[(str(ADVICE_PARTS.get(name, name)), fixed(value, 1)) for name, value in shown.items() if value],
        total=fixed(sum(shown.values()), 1),
        facts=facts,
    )


def advice_table(rows: Sequence[AdviceRow]) -> Table:
    columns = [gettext("What"), gettext("About"), gettext("Why"), gettext("Points, of 100")]
    return Table(columns, [[row.title, row.about, row.reason, row.total] for row in rows], 0)


# --- By specialty -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpecialtyRow:
    """A bar of mastery with its band; widths and places in percent, empty where nothing is measured.

    says   the bar in words, for who cannot see it
    """

    specialty: str
    width: str
    low_x: str
    band_width: str
    figure: str
    says: str
    told: str
    missing: str
    attempts: int
    last_practised: datetime | None


# Where the aim begins, and how wide it is.
MASTERED_X, ZONE_WIDTH = f"{100 * MASTERED:.0f}%", f"{100 - 100 * MASTERED:.0f}%"


def specialty_rows(specialties: Sequence[SpecialtyStanding]) -> list[SpecialtyRow]:
    return [_specialty_row(each) for each in specialties]


def _specialty_row(each: SpecialtyStanding) -> SpecialtyRow:
    mastery, expected = each.mastery, each.expected
    plain = (each.specialty, each.attempts, each.practice.last_at)
    if isinstance(mastery, Insufficient):
        [need] = mastery.needs
        missing = gettext("%(have)s of %(need)s scored attempts") % {
            "have": number(need.have),
            "need": number(need.need),
        }
        return SpecialtyRow(plain[0], "", "", "", NO_VALUE, "", "", missing, *plain[1:])
    score = 100 * mastery.probability
    low, high = _interval(expected)
    return SpecialtyRow(
        specialty=each.specialty,
        width=f"{score:.2f}%",
        low_x="" if low is None else f"{low:.2f}%",
        band_width="" if low is None else f"{high - low:.2f}%",
        figure=fixed(score, 0),
        says=_bar_words(each.specialty, score, low, high),
        told="" if low is None else gettext("%(low)s to %(high)s") % {"low": fixed(low, 0), "high": fixed(high, 0)},
        missing="",
        attempts=each.attempts,
        last_practised=each.practice.last_at,
    )


def _bar_words(specialty: str, score: float, low: float | None, high: float | None) -> str:
    told = {"specialty": specialty, "score": fixed(score, 0), "aim": fixed(100 * MASTERED, 0)}
    if low is None:
        return gettext("%(specialty)s: %(score)s of 100 expected, the aim is %(aim)s.") % told
    told |= {"low": fixed(low, 0), "high": fixed(high, 0)}
    return (
        gettext("%(specialty)s: %(score)s of 100 expected, 8 of 10 times %(low)s to %(high)s, the aim is %(aim)s.")
        % told
    )


def specialties_note(rows: Sequence[SpecialtyRow]) -> str:
    """How many attempts it all rests on."""
    return gettext("%(attempts)s scored attempts in all") % {"attempts": number(sum(row.attempts for row in rows))}


def _interval(expected: ExpectedScore | Insufficient | None) -> tuple[float | None, float | None]:
    if not isinstance(expected, ExpectedScore) or expected.low is None:
        return None, None
    return expected.low, expected.high


def specialties_table(specialties: Sequence[SpecialtyStanding]) -> Table:
    rows: list[list[Cell]] = []
    for each in specialties:
        low, high = _interval(each.expected)
        score = 100 * each.mastery.probability if isinstance(each.mastery, Mastery) else None
        rows.append(
            [
                each.specialty,
                *(
                    Figure(value and round(value, 1), NO_VALUE if value is None else fixed(value, 1))
                    for value in (score, low, high)
                ),
                counted(each.attempts),
                moment_cell(each.practice.last_at),
            ]
        )
    columns = [
        gettext("Specialty"),
        gettext("Expected score, of 100"),
        gettext("From"),
        gettext("To"),
        gettext("Scored attempts"),
        gettext("Last practised"),
    ]
    return Table(columns, rows, 4)


# --- Beside others ----------------------------------------------------------------------------------------


def peers_chart(peers: PeerComparison, key: str, name: str | None) -> PlaceChart | NoChart | None:
    """None where nobody is compared; peers_sentence says why."""
    if not isinstance(peers.measures, list) or peers.others is None:
        return None
    places = []
    for measure in peers.measures:
        band, bands, said = BAND_WORDS.get(measure.band, (None, 1, ALIKE))
        before = measure.previous
        places.append(
            Place(
                label=str(MEASURE_WORDS[measure.name]),
                figures=[
                    Figure(round(measure.value, 2), number(measure.value)),
                    Figure(before and round(before, 2), NO_VALUE if before is None else number(before)),
                ],
                told=gettext("%(figure)s a week") % {"figure": number(measure.value)},
                band=band,
                bands=bands,
                band_words=str(said),
            )
        )
    return place_chart(
        key=key,
        title=gettext("Your pace beside others") if name is None else gettext("Pace beside others"),
        words=" ".join(f"{place.label}: {place.told}, {place.band_words}." for place in places),
        note=f"{span(peers.window.first_day, peers.window.last_day)} · {peers_sentence(peers, name)}",
        headings=[gettext("A week"), gettext("Now"), gettext("Before")],
        own_words=gettext("Where you stand") if name is None else gettext("Where %(name)s stands") % {"name": name},
        places=places,
        others=peers.others,
    )


# --- The timeline -----------------------------------------------------------------------------------------


def timeline_table(found: Timeline) -> Table:
    """The interactions of this page of the timeline, newest first."""
    columns = [gettext("Time"), gettext("Type"), gettext("Case"), gettext("Resource")]
    columns += [gettext("Score"), gettext("Level"), gettext("Active seconds"), gettext("Wall-clock seconds")]
    rows: list[list[Cell]] = [
        [
            moment_cell(row.occurred_at, exact_second),
            words.type_words(row.interaction_type),
            row.case_title or row.case_id,
            row.resource_name or row.resource_id,
            Figure(row.engagement_score, fixed(row.engagement_score, 2)),
            words.level_words(row.engagement_level),
            Figure(row.active_seconds, ""),
            Figure(row.time_spent_seconds, ""),
        ]
        for session in found.sessions
        for row in (entry.row for entry in session.entries)
    ]
    return Table(columns, rows, 7)
