"""All that one learner's page tells, read once: what is expensive is asked once and shared among its parts."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from analytics.selectors.index_line import IndexLine, index_line
from analytics.selectors.learners import LearnerOverview, learner_overview
from engagement.domain.elo import Mastery, Scale, mastery_of
from engagement.domain.forecast.performance import ExpectedScore
from engagement.domain.insufficient import Insufficient
from engagement.domain.progress import LearnerProgress, Practice
from engagement.forecasts import Forecast
from engagement.peers import PeerComparison
from engagement.services import EngagementPatternService
from interactions.policies import policy_book
from interactions.windows import Window

HORIZON_DAYS = 14


@dataclass(frozen=True, slots=True)
class SpecialtyStanding:
    """What a learner can do in one specialty, by scored attempts.

    expected   the score to expect on the usual case, with its interval
    """

    specialty: str
    mastery: Mastery | Insufficient
    expected: ExpectedScore | Insufficient | None
    attempts: int
    practice: Practice

    @property
    def is_measured(self) -> bool:
        return isinstance(self.mastery, Mastery)


@dataclass(frozen=True, slots=True)
class LearnerPageRead:
    """overview     insights, cases, what was done step by step (analytics.selectors.learners)
    line          the index over the window, with what may come
    forecast      of the next 14 days
    specialties   measured ones first, the highest mastery first
    peers         the comparison in bands
    """

    overview: LearnerOverview
    line: IndexLine
    forecast: Forecast
    specialties: list[SpecialtyStanding]
    peers: PeerComparison


def learner_page(learner: User, *, window: Window, now: datetime) -> LearnerPageRead:
    """Everything about one learner in a window that ends now (a constant number of queries)."""
    overview = learner_overview(learner, window=window, now=now)
    recommended = overview.insights.recommended
    progress, scale = recommended.progress, recommended.scale
    forecast = EngagementPatternService.predict_future_engagement(
        learner, horizon=HORIZON_DAYS, now=now, known_ability=(progress.ability, scale), index_by_day=True
    ).forecast
    return LearnerPageRead(
        overview=overview,
        line=index_line(
            overview.analytics.record,
            overview.steps,
            forecast=forecast,
            book=policy_book(),
            compares=overview.points_before is not None,
        ),
        forecast=forecast,
        specialties=specialties_of(progress, scale, forecast),
        peers=EngagementPatternService.compare_with_peers(learner, window=window, now=now),
    )


def specialties_of(progress: LearnerProgress, scale: Scale, forecast: Forecast) -> list[SpecialtyStanding]:
    """The specialties tried. No query."""
    expected = forecast.performance or {}
    found = [
        SpecialtyStanding(
            specialty=specialty,
            mastery=mastery_of(progress.ability, specialty, scale),
            expected=expected.get(specialty),
            attempts=local.attempts,
            practice=progress.practice.get(specialty, Practice()),
        )
        for specialty, local in progress.ability.specialties.items()
        if specialty
    ]
    return sorted(found, key=_place)


def _place(standing: SpecialtyStanding) -> tuple[bool, float, str]:
    mastery = standing.mastery
    return (
        not standing.is_measured,
        0.0 if isinstance(mastery, Insufficient) else -mastery.probability,
        standing.specialty,
    )
