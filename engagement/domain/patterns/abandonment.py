"""Cases begun again and again, or given up more often than not."""

import numpy as np

from engagement.domain.patterns.attempts import Attempt, attempts_of
from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import ABANDON, COMPLETE, History

LEAST_STARTS = 5
LOOP_STARTS, LOOP_SECONDS = 3, 14 * 86_400
# The normal quantile of a two-sided interval of 90 %.
Z_90 = 1.6448536269514722
MOST_RATE = 0.50


def wilson_lower(hits: int, n: int, z: float = Z_90) -> float:
    """The lower end of Wilson's interval of a share (Wilson 1927), 0-1; 0 where n is 0."""
    if not n:
        return 0.0
    share = hits / n
    middle = share + z * z / (2 * n)
    reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float((middle - reach) / (1 + z * z / n))


def abandonment_loop(history: History) -> Outcome:
    """One case begun 3 times or more within 14 days and never completed in the range, or most attempts given up.

    Most: the lower end of the share's 90 % interval lies above one half. Strength: the larger of that share and,
    where a case goes round, 1 - 1 / its attempts.
    """
    events = history.events
    attempts = [attempt for attempt in attempts_of(events) if attempt.started]
    if missing := short_of(("cases started", len(attempts), LEAST_STARTS)):
        return missing
    by_case: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        by_case.setdefault(attempt.case_id, []).append(attempt)
    loops = {case: tries for case, tries in by_case.items() if _goes_round(tries, events.times)}
    ended = [attempt for attempt in attempts if attempt.end]
    given_up = [attempt for attempt in ended if attempt.end == ABANDON]
    lower = wilson_lower(len(given_up), len(ended))
    mostly = lower > MOST_RATE
    if not loops and not mostly:
        return None
    behind = {attempt.places[-1] for tries in loops.values() for attempt in tries}
    if mostly:
        behind |= {attempt.places[-1] for attempt in given_up}
    longest = max((len(tries) for tries in loops.values()), default=0)
    return Finding(
        max(len(given_up) / len(ended) if mostly else 0.0, 1 - 1 / longest if longest else 0.0),
        history.looked_at(
            cases_begun_again=sorted(loops),
            most_attempts_at_one=longest,
            given_up=len(given_up),
            ended=len(ended),
            share_lower=lower,
            mostly_given_up=mostly,
        ),
        events.named(behind),
    )


def _goes_round(tries: list[Attempt], times: np.ndarray) -> bool:
    begun = sorted(times[attempt.places[0]] for attempt in tries)
    return all(attempt.end != COMPLETE for attempt in tries) and any(
        later - earlier <= LOOP_SECONDS for earlier, later in zip(begun, begun[LOOP_STARTS - 1 :], strict=False)
    )
