"""What stands out about one learner, as rows: patterns and strengths with what they rest on, offers, limits."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from analytics.charts import Cell, Table
from analytics.pattern_words import (
    GOING_WELL,
    ORDER,
    PATTERN_OF_STRENGTH,
    TO_TALK_ABOUT,
    WAYS,
    evidence_words,
    kind_words,
    looked_at,
    place_of,
)
from engagement.domain.insights import Insight
from engagement.insights import LearningInsights
from engagement.patterns import Pattern
from engagement.words.insights import clearing_words, limit_words, opportunity_words, strength_words
from engagement.words.patterns import pattern_words


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One finding: its sentence, then folded what it rests on and the interactions behind it.

    kind   of the pattern, by which its interactions are asked for; "" for a strength that no pattern tells
    """

    kind: str
    title: str
    sentence: str
    figures: list[tuple[str, Cell]]
    looked_at: Cell
    interactions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PatternRows:
    """to_talk_about, going_well, ways   what was found; not_found: what else was looked for"""

    to_talk_about: list[PatternRow]
    going_well: list[PatternRow]
    ways: list[PatternRow]
    not_found: list[str]

    @property
    def all(self) -> list[PatternRow]:
        return [*self.to_talk_about, *self.going_well, *self.ways]

    def of(self, kind: str) -> PatternRow | None:
        """The pattern of a kind, where it was found."""
        return next((row for row in self.all if kind and row.kind == kind), None)


def pattern_rows(found: LearningInsights, name: str | None) -> PatternRows:
    """Patterns and strengths, each once: a strength that a pattern tells too is told by the pattern."""
    patterns = {pattern.kind: pattern for pattern in found.patterns.patterns if pattern.finding}
    strengths = {PATTERN_OF_STRENGTH.get(each.kind, ""): each for each in found.strengths}
    places = {kind: place_of(kind, pattern.finding.evidence) for kind, pattern in patterns.items()}
    places |= {kind: GOING_WELL for kind in strengths if kind in patterns}
    plain = [
        _strength_row(each, found, name)
        for each in found.strengths
        if PATTERN_OF_STRENGTH.get(each.kind) not in patterns
    ]

    def placed(place: str) -> list[PatternRow]:
        return [_pattern_row(patterns[kind], name) for kind in ORDER if places.get(kind) == place]

    return PatternRows(
        to_talk_about=placed(TO_TALK_ABOUT),
        going_well=[*placed(GOING_WELL), *plain],
        ways=placed(WAYS),
        not_found=[kind_words(pattern.kind) for pattern in found.patterns.patterns if pattern.outcome is None],
    )


def _pattern_row(pattern: Pattern, name: str | None) -> PatternRow:
    finding = pattern.finding
    return PatternRow(
        kind=pattern.kind,
        title=kind_words(pattern.kind),
        sentence=pattern_words(pattern.kind, finding, name=name),
        figures=evidence_words(finding.evidence),
        looked_at=looked_at(finding.evidence),
        interactions=finding.interactions,
    )


def _strength_row(strength: Insight, found: LearningInsights, name: str | None) -> PatternRow:
    return PatternRow(
        kind="",
        title=kind_words(strength.kind),
        sentence=strength_words(strength, name=name),
        figures=evidence_words(strength.evidence),
        looked_at="",
        interactions=(),
    )


def patterns_table(rows: PatternRows) -> Table:
    """One row a figure, so that each can be sorted and summed."""
    told: list[list[Cell]] = []
    for row in rows.all:
        behind = [(gettext("Interactions behind it"), str(len(row.interactions)))] if row.interactions else []
        told += [[row.title, row.sentence, row.looked_at, *figure] for figure in (*row.figures, *behind)]
    columns = [gettext("Pattern"), gettext("In words"), gettext("Days looked at"), gettext("Figure"), gettext("Value")]
    return Table(columns, told, 0)


def offers_of(found: LearningInsights, name: str | None) -> list[str]:
    """What may be tried, but for the patterns, which stand by themselves."""
    kinds = {pattern.kind for pattern in found.patterns.patterns}
    return [opportunity_words(each, found, name=name) for each in found.opportunities if each.kind not in kinds]


def clearings_in_words(found: LearningInsights, name: str | None) -> str:
    """What would clear each reason for attention, told once where two say the same."""
    told = (clearing_words(factor, found, to_the_learner=name is None) for factor in found.risk_factors)
    return " ".join(dict.fromkeys(filter(None, told)))


def limits_in_words(found: LearningInsights, name: str | None) -> list[tuple[str, str]]:
    """(of what, the sentence) of all that the data cannot say."""
    return [
        (kind_words(limit.evidence["pattern"]) if limit.kind == "pattern" else "", limit_words(limit, name=name))
        for limit in found.limits
    ]
