"""Which of six ways of working describes the last four weeks best: rules, in an order; a word to begin with."""

from math import comb

import numpy as np

from engagement.domain.index import WINDOW_DAYS
from engagement.domain.patterns.attempts import HALF_RIGHT
from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import COMPLETE, History, day_of

FADING, CRAMMER, STRUGGLING, PASSIVE, STEADY, SPORADIC = (
    "fading",
    "crammer",
    "struggling_persistent",
    "passive_viewer",
    "steady",
    "sporadic",
)
LOOKING = {"case_view", "resource_access", "navigation", "search", "time_spent"}
LEAST_RESULTS = 5
PERSISTENT_WEEKS = 3
LEAST_LOOKING_SHARE, LEAST_INTERACTIONS = 0.80, 20
STEADY_REGULARITY = 0.70
# A change of level before this is the new usual, not a fading.
LATELY_WEEKS = 6
FORTNIGHT, DAYS_BEFORE, MOST_P = 14, 42, 0.05


def fallen_lately(active: np.ndarray) -> float:
    """The p of so few active days in the last 14, given the 42 before (Fisher's exact test, one side).

    active   bool (d,), the newest last; 1 with fewer than 56 days
    """
    if len(active) < FORTNIGHT + DAYS_BEFORE:
        return 1.0
    newest, before = active[-FORTNIGHT:].sum(), active[-FORTNIGHT - DAYS_BEFORE : -FORTNIGHT].sum()
    drawn = int(newest + before)
    ways = sum(comb(FORTNIGHT, recent) * comb(DAYS_BEFORE, drawn - recent) for recent in range(int(newest) + 1))
    return ways / comb(FORTNIGHT + DAYS_BEFORE, drawn)


def archetype(history: History, trend: Outcome, change: Outcome, crammed: Outcome) -> Outcome:
    """The first rule that applies, given what the detectors of trend, change and cramming found.

    fading     weekly active days fall, by trend or by a change within the last 6 weeks, or the last fortnight had
               fewer active days than the six weeks before let expect (p < .05)
    crammer    the last fortnight was crammed
    struggling_persistent   active in 3 of 4 weeks and a mean result below 50 over 5 results or more
    passive_viewer          80 % and more of the interactions are looking, and less than one case a week completed
    steady     the index's regularity is .70 or more
    sporadic   else, where there was any active day

    Strength: of the rule: the other finding's, 1 - p, 1 - mean / 100, the share, the regularity, 1 - regularity.
    """
    if missing := short_of(("counting days", len(history.days), WINDOW_DAYS)):
        return missing
    active = history.active[-WINDOW_DAYS:]
    if not active.any():
        return None
    weeks = active.reshape(-1, 7).any(axis=1)
    figures = {
        "first_day": day_of(history.days[-WINDOW_DAYS]),
        "last_day": history.last,
        "active_days": int(active.sum()),
        "active_weeks": int(weeks.sum()),
    }

    events = history.events
    recent = np.flatnonzero(events.days >= history.days[-WINDOW_DAYS])

    def found(name: str, strength: float, behind=None, **more) -> Finding:
        behind = recent.tolist() if behind is None else behind
        return Finding(float(strength), {**figures, "archetype": name, **more}, events.named(behind))

    for way, other in (("trend", trend), ("change_point", change)):
        is_down = isinstance(other, Finding) and other.evidence["direction"] == "down"
        if is_down and other.evidence.get("weeks_after", 0) <= LATELY_WEEKS:
            return found(FADING, other.strength, because=way)
    if (p := fallen_lately(history.active)) < MOST_P:
        return found(FADING, 1 - p, because="last_fortnight", p=p)
    if isinstance(crammed, Finding):
        return found(CRAMMER, crammed.strength, share=crammed.evidence["share"])

    completed = [place for place in recent.tolist() if events.kinds[place] == COMPLETE]
    scored = [place for place in completed if events.performance[place] == events.performance[place]]
    if len(scored) >= LEAST_RESULTS and weeks.sum() >= PERSISTENT_WEEKS:
        mean = float(np.mean(events.performance[scored]))
        if mean < HALF_RIGHT:
            return found(STRUGGLING, 1 - mean / 100, scored, results=len(scored), mean_result=mean)
    looking = sum(events.kinds[place] in LOOKING for place in recent.tolist())
    if len(recent) >= LEAST_INTERACTIONS and len(completed) < WINDOW_DAYS // 7:
        share = looking / len(recent)
        if share >= LEAST_LOOKING_SHARE:
            return found(PASSIVE, share, looking_share=share, interactions=len(recent), completed=len(completed))
    regularity = history.regularity or 0.0
    if regularity >= STEADY_REGULARITY:
        return found(STEADY, regularity, regularity_part=regularity)
    return found(SPORADIC, 1 - regularity, regularity_part=regularity)
