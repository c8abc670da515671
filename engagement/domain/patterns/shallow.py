"""Cases completed faster than anybody works through them."""

from engagement.domain.patterns.finding import Finding, Outcome, short_of
from engagement.domain.patterns.history import COMPLETE, History

LEAST_COMPLETIONS, LEAST_SHARE = 3, 0.50
FLOOR_SECONDS, SHARE_OF_MEDIAN = 60.0, 0.10
# With fewer completions by others a case's median is not known.
LEAST_BY_OTHERS = 20
# Time beyond an hour counts nowhere, so no case's threshold lies higher than this.
HIGHEST_SECONDS = 360.0


def threshold(median_seconds: float) -> float:
    """Below this a completion is rapid: a tenth of the case's median, 60 s at least, 360 s at most."""
    return min(HIGHEST_SECONDS, max(FLOOR_SECONDS, SHARE_OF_MEDIAN * median_seconds))


def shallow_completion(history: History) -> Outcome:
    """Half or more of the range's completed cases, and at least 3, were rapid by the case's own distribution.

    A case that others completed less than 20 times is judged by the policy's minimum time instead, and the
    evidence says for how many that was so. Strength: the share of rapid completions.
    """
    events = history.events
    done = [
        place
        for place, kind in enumerate(events.kinds)
        if kind == COMPLETE and events.seconds[place] == events.seconds[place]
    ]
    if missing := short_of(("completed cases with known time", len(done), LEAST_COMPLETIONS)):
        return missing
    rapid, by_default = [], 0
    for place in done:
        times = history.case_times.get(events.case_ids[place])
        is_known = times is not None and times.completions >= LEAST_BY_OTHERS
        limit = threshold(times.median_seconds) if is_known else history.minimum_seconds
        if events.seconds[place] < limit:
            rapid.append(place)
            by_default += not is_known
    if len(rapid) < LEAST_COMPLETIONS or len(rapid) < LEAST_SHARE * len(done):
        return None
    fast = sorted(float(events.seconds[place]) for place in rapid)
    return Finding(
        len(rapid) / len(done),
        history.looked_at(
            rapid=len(rapid),
            completed=len(done),
            median_rapid_seconds=fast[len(fast) // 2],
            judged_by_default=by_default,
            default_seconds=history.minimum_seconds,
        ),
        events.named(rapid),
    )
