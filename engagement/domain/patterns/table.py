"""All detectors, in the order in which they are told. A new one is a line here and a line of words."""

from collections.abc import Callable
from typing import NamedTuple

from engagement.domain.patterns.abandonment import abandonment_loop
from engagement.domain.patterns.anomalies import weekly_anomaly
from engagement.domain.patterns.archetype import archetype
from engagement.domain.patterns.bursts import binge_then_silence, burst
from engagement.domain.patterns.changes import change_point
from engagement.domain.patterns.cramming import cramming
from engagement.domain.patterns.finding import Outcome
from engagement.domain.patterns.help import help_abuse, help_avoidance
from engagement.domain.patterns.history import History
from engagement.domain.patterns.regularity import regularity
from engagement.domain.patterns.runs import streak
from engagement.domain.patterns.shallow import shallow_completion
from engagement.domain.patterns.timing import preferred_days, preferred_hours, sessions
from engagement.domain.patterns.trends import trend


class Detector(NamedTuple):
    """kind    the word by which its finding is known
    detect  (history, *outcomes of the kinds named in `after`) -> outcome
    """

    kind: str
    detect: Callable[..., Outcome]
    after: tuple[str, ...] = ()


DETECTORS = (
    Detector("sessions", sessions),
    Detector("preferred_hours", preferred_hours),
    Detector("preferred_days", preferred_days),
    Detector("regularity", regularity),
    Detector("streak", streak),
    Detector("burst", burst),
    Detector("cramming", cramming),
    Detector("binge_then_silence", binge_then_silence),
    Detector("trend", trend),
    Detector("change_point", change_point),
    Detector("weekly_anomaly", weekly_anomaly),
    Detector("shallow_completion", shallow_completion),
    Detector("help_abuse", help_abuse),
    Detector("help_avoidance", help_avoidance),
    Detector("abandonment_loop", abandonment_loop),
    Detector("archetype", archetype, after=("trend", "change_point", "cramming")),
)


def detect_all(history: History) -> dict[str, Outcome]:
    """The outcome of every detector, by kind."""
    outcomes: dict[str, Outcome] = {}
    for kind, detect, after in DETECTORS:
        outcomes[kind] = detect(history, *(outcomes[other] for other in after))
    return outcomes
